"""The chart from a real cache: messages, escalations, pictures, plans; and what reading it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chart_resources import DAY, HOUR, NOW, patient, response
from sqlalchemy import event

from fhir_r4 import communications, service_requests
from fhir_r4.care_plans import care_plan
from fhir_r4.references import to_uuid
from fhir_r4.tasks import task_of
from local_store.store import Store
from threshold_engine import format_instant
from triage_tui.chart.plan_words import pause_lines, plan_story, version_lines
from triage_tui.chart.read import read_chart
from triage_tui.chart.timeline_words import timeline_lines
from work_items import Band, Item, ItemCode
from work_items.identity import other_task_uuid

Take = Callable[..., None]
UUID = "00000000-0000-4000-8000-00000000000{}"
HERS, OLA = "Patient/p1", "Practitioner/ola"


def message(n: int, at: int, author: str = HERS, text: str = "hei", **more: object) -> dict[str, object]:
    raw = communications.message(UUID.format(n), patient="p1", author=author, at=at, text=text)
    return {**raw, "id": f"m{n}", **more}


def work_about(n: int, at: int, **more: object) -> dict[str, object]:
    what = f"urn:uuid:{UUID.format(n)}"
    item = Item(
        task=other_task_uuid(ItemCode.MESSAGE, what, 1),
        patient="p1",
        code=ItemCode.MESSAGE,
        what=what,
        band=Band.YELLOW,
        raised=at,
        respond_by=at + HOUR,
        **more,
    )
    return {**task_of(item, focus=to_uuid("Communication", UUID.format(n))), "id": f"t{n}"}


def test_a_message_is_unread_until_somebody_has_touched_the_work_about_it(store: Store, take: Take) -> None:
    take(message(1, NOW - HOUR), work_about(1, NOW - HOUR))
    unread = read_chart(store, "p1", NOW).thread[0]
    assert (unread.inbound, unread.unread, unread.opened_at) == (True, True, None)
    take(work_about(1, NOW - HOUR, owner=OLA, owned_since=NOW - 60_000))
    opened = read_chart(store, "p1", NOW).thread[0]
    assert (opened.unread, opened.opened_at) == (False, NOW - 60_000)


def test_ours_are_never_unread_and_what_hangs_on_a_message_is_named(store: Store, take: Take) -> None:
    payload = [{"contentString": "se her"}, {"contentAttachment": {"title": "sår.jpg", "contentType": "x"}}]
    take(message(1, NOW - HOUR, OLA), message(2, NOW - 2 * HOUR, payload=payload))
    ours, hers = read_chart(store, "p1", NOW).thread
    assert (ours.inbound, ours.unread) == (False, False)
    assert (hers.text, hers.attachments) == ("se her", ("sår.jpg",))


def test_an_escalation_says_to_whom_and_what_became_of_it_and_its_answer_is_no_message_of_hers(
    store: Store, take: Take
) -> None:
    new = service_requests.NewEscalation(
        patient="p1",
        requester=OLA,
        at=NOW - 5 * HOUR,
        helper="gp",
        band=Band.RED,
        text="S: tungpust",
        performer="Practitioner/gp",
    )
    take(
        {"resourceType": "Practitioner", "id": "gp", "name": [{"family": "Berg", "given": ["Aud"]}]},
        {**service_requests.escalation(UUID.format(1), new), "id": "s1"},
    )
    sent = read_chart(store, "p1", NOW)
    assert sent.escalations[UUID.format(1)].state == "sent"
    answer = {"basedOn": [{"reference": "ServiceRequest/s1"}]}
    take(message(2, NOW - HOUR, "Practitioner/gp", "Øk dosen", **answer))
    chart = read_chart(store, "p1", NOW)
    assert chart.escalations[UUID.format(1)].state == "answered"
    assert chart.thread == ()
    view = store.patient("p1", NOW)
    assert view is not None
    told = [line.text for line in timeline_lines(view, chart, NOW)]
    assert told[0] == "08:31 svar fra Aud Berg: «Øk dosen»"
    assert told[1] == "04:31 noen løftet til fastlege: «S: tungpust» → Aud Berg: besvart"


def test_a_corrected_note_stands_beside_its_correction(store: Store, take: Take) -> None:
    first = communications.note(UUID.format(1), patient="p1", author=OLA, at=NOW - 2 * HOUR, text="vekt 80")
    second = communications.note(
        UUID.format(2), patient="p1", author=OLA, at=NOW - HOUR, text="vekt 90", corrects=UUID.format(1)
    )
    take({**first, "id": "n1"}, {**second, "id": "n2"})
    view, chart = store.patient("p1", NOW), read_chart(store, "p1", NOW)
    assert view is not None
    assert [line.text for line in timeline_lines(view, chart, NOW)] == [
        "08:31 noen noterte: «vekt 90» (rettelse)",
        "07:31 noen noterte: «vekt 80» (rettet senere)",
    ]


def test_a_reading_marked_as_wrong_is_told_with_its_value(store: Store, take: Take) -> None:
    take(
        {
            "resourceType": "Observation",
            "id": "o1",
            "status": "entered-in-error",
            "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
            "subject": {"reference": "Patient/p1"},
            "effectiveDateTime": format_instant(NOW - HOUR),
            "valueQuantity": {"value": 45, "system": "http://unitsofmeasure.org", "code": "%"},
        }
    )
    view, chart = store.patient("p1", NOW), read_chart(store, "p1", NOW)
    assert view is not None
    lines = [line.text for line in timeline_lines(view, chart, NOW)]
    assert lines == ["08:31 måling merket som feil: SpO₂ 45 % (08:31)"]


def test_versions_pauses_and_proposals_of_the_plan_are_told(store: Store, take: Take) -> None:
    rule = {"id": "w", "kind": "change", "code": "weight", "window": "P3D", "rise_red": 2.1}
    plan = {
        "patient": "?",
        "versions": [
            {"version": 1, "valid_from": "2026-01-01T00:00:00Z", "rules": [rule]},
            {"version": 2, "valid_from": "2026-02-01T00:00:00Z", "rules": [{**rule, "rise_red": 1.6}]},
        ],
        "pauses": [{"from": "2026-03-01T00:00:00Z"}],
    }
    take(
        {**care_plan("p1", plan, title="hjertesvikt"), "id": "c1"},
        {**care_plan("p1", plan, title="Strammere", proposal=True), "id": "c2"},
    )
    view, history = store.patient("p1", NOW), read_chart(store, "p1", NOW).plans
    assert view is not None
    assert version_lines(history, NOW)[0] == "versjon 2: fra 01.02.2026, ikke godkjent av fastlegen"
    assert pause_lines(history, NOW) == ["på pause fra søndag 01:00, uten slutt"]
    story = list(plan_story(view, history, NOW))
    assert "endret: vekt: opp 2,1 kg på 3 d: rød → vekt: opp 1,6 kg på 3 d: rød" in story
    assert "Et forslag venter på fastlegens godkjenning: Strammere" in story


def test_pictures_come_newest_first_and_films_are_left_out(store: Store, take: Take) -> None:
    def media(n: int, kind: str, at: int) -> dict[str, object]:
        return {
            "resourceType": "Media",
            "id": f"b{n}",
            "status": "completed",
            "subject": {"reference": "Patient/p1"},
            "createdDateTime": format_instant(at),
            "content": {"contentType": kind, "url": f"Binary/{n}", "size": 2048, "title": "Såret"},
        }

    take(media(1, "image/png", NOW - DAY), media(2, "video/mp4", NOW), media(3, "image/jpeg", NOW))
    found = read_chart(store, "p1", NOW).pictures
    assert [(one.url, one.size) for one in found] == [("Binary/3", 2048), ("Binary/1", 2048)]


def test_somebody_with_a_name_like_hers_is_told(store: Store, take: Take) -> None:
    take(patient("p2", "Hansen", "Nils"), patient("p3", "Hanssen", "Nils"), patient("p4", "Berg", "Aud"))
    assert read_chart(store, "p1", NOW).namesakes == ("Hansen, Nils", "Hanssen, Nils")


def test_a_patient_of_whom_nothing_is_known_has_an_empty_chart(store: Store, take: Take) -> None:
    chart = read_chart(store, "nobody", NOW)
    assert (chart.forms, chart.thread, chart.pictures, chart.plans.plan) == ((), (), (), None)


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield statements
    event.remove(store.engine, "before_cursor_execute", note)


def test_opening_a_patient_costs_as_many_queries_however_much_there_is(store: Store, take: Take) -> None:
    def opening() -> int:
        with counted(store) as statements:
            store.patient("p1", NOW, 90)
            read_chart(store, "p1", NOW)
        return len(statements)

    take(response(0, NOW, wants=True, pain=1), message(0, NOW), work_about(0, NOW))
    few = opening()
    take(*(response(n, NOW - n * HOUR, wants=True, pain=n % 9) for n in range(1, 60)))
    take(*(message(n, NOW - n * HOUR) for n in range(1, 9)))
    take(*(work_about(n, NOW - n * HOUR) for n in range(1, 9)))
    assert opening() == few
    assert few <= 40
