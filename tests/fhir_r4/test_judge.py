"""The judge over one patient's resources: what it writes, and that it writes it once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from fhir_r4 import systems
from fhir_r4.care_plans import care_plan, with_form_mapping
from fhir_r4.communications import About, contact, message, note
from fhir_r4.compartment import Compartment
from fhir_r4.issues import episode_of
from fhir_r4.judge import Create, Update, judge, judge_compartment, next_due, with_literal
from fhir_r4.raw import Raw, text_at, uuid_of, with_extension
from fhir_r4.service_requests import NewEscalation, escalation
from fhir_r4.task_change import TaskChange, apply
from fhir_r4.tasks import item_of
from threshold_engine import Level, format_instant, parse_instant
from work_items import Band, Centre, Item, ItemCode, ItemState, Mark, other_task_uuid, task_uuid

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
KARI = "Practitioner/kari"
CENTRE = Centre()
RULES: list[object] = [
    {"id": "spo2", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88},
    {"id": "weight", "kind": "missing", "codes": ["weight"], "every": "P1D", "grace": "PT6H"},
    {"id": "form", "kind": "answer", "code": "copd/q1", "yellow": ["worse"]},
]


class Ward:
    """One patient's resources in memory, judged again and again."""

    def __init__(self, validated: Callable[[Raw], Raw]) -> None:
        self.resources: dict[str, Raw] = {}
        self.history: list[Raw] = []
        self._validated = validated
        self._stamp = 0

    def put(self, raw: Raw, logical: str | None = None) -> str:
        """Store a resource as a server would; gives `<type>/<id>`."""
        name = logical or text_at(raw, "id") or uuid_of(raw) or f"{raw['resourceType']}-{len(self.resources)}"
        reference = f"{raw['resourceType']}/{name}"
        if reference in self.resources:
            self.history.append(self.resources[reference])
        self._stamp += 1
        updated = format_instant(parse_instant("2026-03-01T00:00:00Z") + self._stamp)
        meta: Raw = {"versionId": str(self._stamp), "lastUpdated": updated}
        self.resources[reference] = {**raw, "id": name, "meta": meta}
        return reference

    def compartment(self) -> Compartment:
        plans = [raw for raw in self.history if raw["resourceType"] == "CarePlan"]
        return Compartment.of("p1", self.resources.values(), earlier_plans=plans)

    def judge(self, now: int) -> int:
        """Judge and carry out the writes; gives how many there were. Judging once more must give none."""
        writes = judge_compartment(self.compartment(), now, CENTRE)
        made: dict[str, str] = {}
        for write in writes:
            written = with_literal(write, made)
            self._validated(written.raw)
            if isinstance(written, Create):
                assert uuid_of(written.raw) == written.preferred_id
                made[written.preferred_id] = self.put(written.raw, written.preferred_id)
            else:
                reference = f"{written.raw['resourceType']}/{written.raw['id']}"
                assert text_at(self.resources[reference], "meta", "versionId") == written.if_match
                self.put(written.raw)
        assert judge_compartment(self.compartment(), now, CENTRE) == []
        return len(writes)

    def of(self, kind: str) -> list[Raw]:
        return [raw for raw in self.resources.values() if raw["resourceType"] == kind]

    def items(self) -> list[Item]:
        return [item_of(raw, None) for raw in self.of("Task")]

    def only_task(self) -> Raw:
        (task,) = self.of("Task")
        return task

    def only(self) -> Item:
        return item_of(self.only_task())


@pytest.fixture
def ward(validated: Callable[[Raw], Raw]) -> Ward:
    """A patient with a plan, weighed lately."""
    made = Ward(validated)
    made.put({"resourceType": "Patient"}, "p1")
    made.put(plan(), "plan")
    made.put(observation("29463-7", 80, "kg", "2026-03-03T06:00:00Z"), "w1")
    return made


def plan(*rules: object) -> Raw:
    version = {"version": 1, "valid_from": "2026-03-03T05:00:00Z", "rules": list(rules) or RULES}
    return care_plan("p1", {"versions": [version]}, title="Kols")


def observation(code: str, value: object, unit: str, at: str, **members: object) -> Raw:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": systems.LOINC, "code": code}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": at,
        "issued": at,
        "valueQuantity": {"value": value, "system": systems.UCUM, "code": unit},
        **members,
    }


def spo2(value: int, at: str = "2026-03-03T09:00:00Z", **members: object) -> Raw:
    return observation("59408-5", value, "%", at, **members)


def without(raw: Raw, *names: str) -> Raw:
    return {name: value for name, value in raw.items() if name not in names}


def act(ward: Ward, now: int, **members: object) -> None:
    (raw,) = (task for task in ward.of("Task") if item_of(task).state.is_open)
    made = TaskChange(
        act=members.pop("act", "take"),  # type: ignore[arg-type]
        task=item_of(raw).task,
        owner=KARI,
        at=now,
        saw_band=item_of(raw).band,
        **members,  # type: ignore[arg-type]
    )
    ward.put(apply(raw, made))


def test_nothing_beyond_writes_nothing(ward: Ward, now: int) -> None:
    ward.put(spo2(97))
    assert ward.judge(now) == 0


def test_red_reading_gives_evidence_and_work(ward: Ward, now: int) -> None:
    ward.put(spo2(86), "o1")
    assert ward.judge(now) == 2
    (issue,), task = ward.of("DetectedIssue"), ward.only_task()
    episode = episode_of(issue)
    assert episode is not None
    assert (episode.peak, episode.cleared, issue["severity"]) == (Level.RED, None, "high")
    assert issue["implicated"] == [{"reference": "Observation/o1"}]
    assert issue["id"] == episode.id == uuid_of(issue)
    item = item_of(task, episode)
    assert (item.task, item.code, item.kind) == (task_uuid(episode.id, 1), ItemCode.ALERT, "limit")
    assert (item.band, item.state, item.raised) == (
        Band.RED,
        ItemState.REQUESTED,
        parse_instant("2026-03-03T09:00:00Z"),
    )
    assert item.respond_by == item.raised + 30 * MINUTE
    assert task["focus"] == {
        "reference": f"DetectedIssue/{episode.id}",
        "type": "DetectedIssue",
        "identifier": {"system": systems.URI, "value": f"urn:uuid:{episode.id}"},
    }


def test_creates_are_ordered_and_named_by_their_identifier(ward: Ward, now: int) -> None:
    ward.put(spo2(86))
    writes = judge_compartment(ward.compartment(), now, CENTRE)
    assert [write.raw["resourceType"] for write in writes] == ["DetectedIssue", "Task"]
    for write in writes:
        assert isinstance(write, Create)
        assert write.identifier == f"urn:ietf:rfc:3986|urn:uuid:{write.preferred_id}"


def test_worse_raises_priority_and_keeps_what_others_wrote(ward: Ward, now: int) -> None:
    ward.put(spo2(90))
    ward.judge(now)
    assert ward.only().band is Band.YELLOW
    ward.put({**ward.only_task(), "note": [{"text": "kept"}]})
    act(ward, now)
    ward.put(spo2(85, "2026-03-03T09:20:00Z"))
    ward.judge(now)
    item = ward.only()
    assert (item.band, item.owner, item.state) == (Band.RED, KARI, ItemState.IN_PROGRESS)
    assert item.respond_by == parse_instant("2026-03-03T09:50:00Z")
    assert ward.only_task()["note"] == [{"text": "kept"}]


def test_untouched_yellow_that_clears_resolves_itself(ward: Ward, now: int) -> None:
    ward.put(spo2(90))
    ward.judge(now)
    ward.put(spo2(96, "2026-03-03T09:20:00Z"))
    ward.judge(now)
    item = ward.only()
    assert (item.state, item.outcome) == (ItemState.COMPLETED, "self-resolved")
    assert ward.of("DetectedIssue")[0]["status"] == "final"


def test_touched_by_a_note_it_stays_for_the_nurse(ward: Ward, now: int) -> None:
    ward.put(spo2(90))
    ward.judge(now)
    task = About(ward.only().task, f"Task/{ward.only_task()['id']}")
    ward.put(note("op1", patient="p1", author=KARI, at=now, text="Ringer.", about=[task]))
    ward.put(spo2(96, "2026-03-03T09:20:00Z"))
    ward.judge(now)
    assert ward.only().state is ItemState.REQUESTED


def test_reading_entered_in_error_withdraws_alert_and_work(ward: Ward, now: int) -> None:
    reference = ward.put(spo2(86), "o1")
    ward.judge(now)
    ward.put({**ward.resources[reference], "status": "entered-in-error"})
    ward.judge(now)
    assert ward.only().state is ItemState.CANCELLED
    assert ward.of("DetectedIssue")[0]["status"] == "entered-in-error"


def test_touched_work_of_an_undone_alert_is_marked_withdrawn(ward: Ward, now: int) -> None:
    reference = ward.put(spo2(86), "o1")
    ward.judge(now)
    act(ward, now)
    ward.put({**ward.resources[reference], "status": "entered-in-error"})
    ward.judge(now)
    assert (ward.only().state, ward.only().withdrawn) == (ItemState.IN_PROGRESS, True)
    ward.put({**ward.resources[reference], "status": "final"})
    ward.judge(now)
    assert not ward.only().withdrawn
    assert ward.of("DetectedIssue")[0]["status"] == "preliminary"


def test_alert_of_a_console_that_lacked_a_reading_is_adopted(ward: Ward, now: int) -> None:
    ward.put(spo2(86, "2026-03-03T09:00:00Z"))
    ward.judge(now)
    (published,) = ward.of("DetectedIssue")
    ward.put(spo2(87, "2026-03-03T08:00:00Z"))
    ward.judge(now)
    (issue,) = ward.of("DetectedIssue")
    episode = episode_of(issue)
    assert episode is not None
    assert uuid_of(issue) == uuid_of(published) == episode.id
    assert episode.onset == parse_instant("2026-03-03T08:00:00Z")
    assert issue["identifiedDateTime"] == "2026-03-03T08:00:00.000Z"
    assert len(ward.of("Task")) == 1


def test_two_published_that_are_one_are_joined(ward: Ward, now: int) -> None:
    ward.put(spo2(86, "2026-03-03T07:00:00Z"))
    gap = ward.put(spo2(97, "2026-03-03T08:00:00Z"))
    ward.put(spo2(86, "2026-03-03T09:00:00Z"))
    ward.judge(now)
    assert len(ward.of("Task")) == 2
    for task in ward.of("Task"):
        change = TaskChange(act="take", task=item_of(task).task, owner=KARI, at=now, saw_band=Band.RED)
        ward.put(apply(task, change))
    ward.put({**ward.resources[gap], "status": "entered-in-error"})
    ward.judge(now)
    assert sorted(str(issue["status"]) for issue in ward.of("DetectedIssue")) == [
        "entered-in-error",
        "preliminary",
    ]
    states = {item.state: item for item in ward.items()}
    assert set(states) == {ItemState.CANCELLED, ItemState.IN_PROGRESS}
    assert states[ItemState.IN_PROGRESS].absorbed == {states[ItemState.CANCELLED].task}


def test_completed_while_it_stands_comes_back_with_the_earlier_outcome(ward: Ward, now: int) -> None:
    ward.put(spo2(90))
    ward.judge(now)
    act(ward, now, act="complete", outcome="advice-given")
    ward.put(spo2(85, "2026-03-03T09:40:00Z"))
    ward.judge(now + 10 * MINUTE)
    (again,) = (item for item in ward.items() if item.state.is_open)
    assert (again.n, again.band, again.earlier_outcome) == (2, Band.RED, "advice-given")
    assert Mark.RAISED_AGAIN in again.marks


def test_missing_is_blue_and_names_the_measure(ward: Ward, now: int) -> None:
    late = now + 2 * DAY
    ward.judge(late)
    item = ward.only()
    assert (item.code, item.band, item.kind) == (ItemCode.MISSING, Band.BLUE, "missing")
    assert ward.of("DetectedIssue")[0]["implicated"] == [
        {"identifier": {"system": systems.LOINC, "value": "29463-7"}}
    ]


def test_implausible_value_that_may_be_true_is_yellow(ward: Ward, now: int) -> None:
    ward.put(spo2(45))
    ward.judge(now)
    item = ward.only()
    assert (item.code, item.band, item.kind) == (ItemCode.TECHNICAL, Band.YELLOW, "implausible")
    assert Mark.IMPOSSIBLE_VALUE in item.marks
    assert ward.of("DetectedIssue")[0]["severity"] == "low"


def test_unknown_unit_is_technical_blue_never_a_guess(ward: Ward, now: int) -> None:
    ward.put(observation("29463-7", 180, "[stone_av]", "2026-03-03T09:00:00Z"))
    ward.judge(now)
    assert (ward.only().code, ward.only().band) == (ItemCode.TECHNICAL, Band.BLUE)


@pytest.mark.parametrize(
    "raw",
    [
        spo2(86, "2026-03-03"),
        without(spo2(86, "2099-01-01T00:00:00Z"), "issued"),
        without(spo2(86), "effectiveDateTime"),
    ],
    ids=["date only", "dated 2099", "no time"],
)
def test_unusable_time_of_a_watched_measure_is_technical(raw: Raw, ward: Ward, now: int) -> None:
    ward.put(raw, "o1")
    assert ward.judge(now) == 1
    item = ward.only()
    assert (item.code, item.band, item.marks) == (
        ItemCode.TECHNICAL,
        Band.BLUE,
        frozenset({Mark.UNUSABLE_TIME}),
    )
    assert item.task == other_task_uuid(ItemCode.TECHNICAL, "Observation/o1", 1)
    assert ward.only_task()["focus"] == {"reference": "Observation/o1"}


def test_unusable_time_of_a_measure_nobody_watches_raises_nothing(ward: Ward, now: int) -> None:
    ward.put(observation("8867-4", 70, "/min", "2026-03-03"))
    assert ward.judge(now) == 0


def test_observation_without_value_raises_nothing(ward: Ward, now: int) -> None:
    ward.put({**without(spo2(86), "valueQuantity"), "dataAbsentReason": {"text": "x"}})
    assert ward.judge(now) == 0


def test_laboratory_values_raise_nothing(ward: Ward, now: int) -> None:
    ward.put(observation("2160-0", 999999, "umol/L", "2026-03-03"))
    assert ward.judge(now) == 0


def test_observation_that_is_no_fhir_is_told_and_harms_nothing(ward: Ward, now: int) -> None:
    ward.put(spo2(86))
    ward.put({**spo2(85), "valueQuantity": {"value": "85"}}, "bad")
    judged = judge(ward.compartment(), now, CENTRE)
    assert [error.reference for error in judged.evidence.unreadable] == ["Observation/bad"]
    assert len(judged.writes) == 2


@pytest.mark.parametrize("readings", [True, False])
def test_no_plan_is_yellow_where_readings_arrive(*, readings: bool, ward: Ward, now: int) -> None:
    ward.put({**ward.resources["CarePlan/plan"], "status": "revoked"})
    if not readings:
        del ward.resources["Observation/w1"]
    ward.judge(now)
    item = ward.only()
    assert (item.code, item.band) == (ItemCode.TECHNICAL, Band.YELLOW if readings else Band.BLUE)
    assert item.task == other_task_uuid(ItemCode.TECHNICAL, "no-plan/p1", 1)
    assert item.marks == {Mark.NO_VALID_PLAN}
    ward.put({**ward.resources["CarePlan/plan"], "status": "active"})
    ward.judge(now + HOUR)
    assert ward.only().outcome == "self-resolved"


def test_of_two_plans_the_one_changed_last_judges(ward: Ward, now: int) -> None:
    ward.put(plan({"id": "spo2", "kind": "limit", "code": "spo2", "red_below": 80}), "newer")
    ward.put(spo2(86))
    ward.judge(now)
    assert ward.only().marks == {Mark.NO_VALID_PLAN}
    assert ward.of("DetectedIssue") == []
    ward.put(ward.resources["CarePlan/plan"])
    ward.judge(now)
    assert len(ward.of("DetectedIssue")) == 1


@pytest.mark.parametrize("text", ["{", '{"versions": [{"version": 1}]}', None])
def test_last_readable_version_stays_in_force(text: str | None, ward: Ward, now: int) -> None:
    value: Raw | None = {"valueString": text} if text else None
    ward.put(with_extension(ward.resources["CarePlan/plan"], systems.ENGINE_PLAN, value))
    ward.put(spo2(86))
    ward.judge(now)
    assert {item.code for item in ward.items()} == {ItemCode.ALERT, ItemCode.TECHNICAL}


def test_without_any_readable_plan_published_alerts_stay(ward: Ward, now: int) -> None:
    ward.put(spo2(86))
    ward.judge(now)
    ward.put({**ward.resources["CarePlan/plan"], "status": "revoked"})
    ward.judge(now)
    (alert,) = (item for item in ward.items() if item.code is ItemCode.ALERT)
    assert alert.state is ItemState.REQUESTED
    assert ward.of("DetectedIssue")[0]["status"] == "preliminary"


def test_answer_of_a_form_raises_and_waits_for_a_nurse(ward: Ward, now: int) -> None:
    response: Raw = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": "http://example.org/Questionnaire/copd|1",
        "subject": {"reference": "Patient/p1"},
        "authored": "2026-03-03T09:00:00Z",
        "item": [{"linkId": "q1", "answer": [{"valueCoding": {"code": "worse"}}]}],
    }
    ward.put(response, "r1")
    ward.judge(now)
    better = {"linkId": "q1", "answer": [{"valueCoding": {"code": "better"}}]}
    ward.put({**response, "authored": "2026-03-03T09:10:00Z", "item": [better]}, "r2")
    ward.judge(now)
    assert (ward.only().band, ward.only().state) == (Band.YELLOW, ItemState.REQUESTED)
    assert ward.of("DetectedIssue")[0]["implicated"] == [
        {"reference": "QuestionnaireResponse/r1"},
        {"reference": "QuestionnaireResponse/r2"},
    ]


def test_form_mapped_to_a_measure_is_judged_as_it(ward: Ward, now: int) -> None:
    ward.put(with_form_mapping(ward.resources["CarePlan/plan"], {"copd/o2": "spo2"}))
    ward.put(
        {
            "resourceType": "QuestionnaireResponse",
            "status": "completed",
            "questionnaire": "Questionnaire/copd",
            "subject": {"reference": "Patient/p1"},
            "authored": "2026-03-03T09:00:00Z",
            "item": [{"linkId": "o2", "answer": [{"valueInteger": 86}]}],
        }
    )
    ward.judge(now)
    assert ward.only().band is Band.RED


def test_message_is_yellow_then_blue_then_answered(ward: Ward, now: int) -> None:
    op = "7d8a5f0e-5c0e-4d0b-8a1f-6c6b7e110009"
    ward.put(message(op, patient="p1", author="Patient/p1", at=now - HOUR, text="Hei"))
    ward.judge(now)
    assert (ward.only().code, ward.only().band) == (ItemCode.MESSAGE, Band.YELLOW)
    assert ward.only_task()["focus"]["reference"] == f"Communication/{op}"  # type: ignore[index]
    act(ward, now)
    ward.judge(now)
    assert ward.only().band is Band.BLUE
    ward.put(message("op2", patient="p1", author=KARI, at=now, text="Hei!", in_response_to=op))
    ward.judge(now)
    assert ward.only().state is ItemState.COMPLETED


def test_escalation_answered_or_overdue(ward: Ward, now: int) -> None:
    op = "7d8a5f0e-5c0e-4d0b-8a1f-6c6b7e110008"
    new = NewEscalation(
        patient="p1", requester=KARI, at=now - 3 * HOUR + 90 * MINUTE, helper="gp", band=Band.RED, text="I:"
    )
    ward.put(escalation(op, new))
    ward.judge(now)
    assert ward.of("Task") == []
    assert next_due(ward.compartment(), now, CENTRE) == now + 30 * MINUTE
    ward.judge(now + 30 * MINUTE)
    assert (ward.only().code, ward.only().band) == (ItemCode.GP_OVERDUE, Band.YELLOW)
    answer = message("op3", patient="p1", author="Practitioner/berg", at=now + HOUR, text="Innlegg.")
    ward.put(
        {
            **answer,
            "basedOn": [
                {"type": "ServiceRequest", "identifier": ward.of("ServiceRequest")[0]["identifier"][0]}
            ],
        }
    )  # type: ignore[index]
    ward.judge(now + HOUR)
    open_codes = {item.code: item for item in ward.items() if item.state.is_open}
    assert set(open_codes) == {ItemCode.GP_ANSWER}
    assert open_codes[ItemCode.GP_ANSWER].band is Band.RED


def test_contact_is_no_message(ward: Ward, now: int) -> None:
    ward.put(contact("op4", patient="p1", author=KARI, at=now, by="phone", reached=True))
    assert ward.judge(now) == 0


def test_next_due_is_the_engines_timer(ward: Ward, now: int) -> None:
    assert next_due(ward.compartment(), now) == parse_instant("2026-03-04T12:00:00Z")


def test_next_due_sees_a_reading_dated_ahead(ward: Ward, now: int) -> None:
    ward.put(without(spo2(86, "2026-03-03T10:00:00Z"), "issued"))
    assert next_due(ward.compartment(), now) == parse_instant("2026-03-03T09:50:00Z")


def test_order_of_resources_makes_no_difference(ward: Ward, now: int) -> None:
    for minute in range(0, 50, 10):
        ward.put(spo2(84 + minute // 10 * 3, f"2026-03-03T08:{minute:02d}:00Z"))

    def judged(resources: Iterable[Raw]) -> list[Raw]:
        return [write.raw for write in judge_compartment(Compartment.of("p1", resources), now, CENTRE)]

    forward = list(ward.resources.values())
    assert judged(forward) == judged(reversed(forward))


def test_tasks_and_issues_of_others_are_left_alone(ward: Ward, now: int) -> None:
    ward.put({"resourceType": "Task", "status": "requested", "intent": "order"}, "theirs")
    ward.put(
        {"resourceType": "DetectedIssue", "status": "final", "patient": {"reference": "Patient/p1"}}, "x"
    )
    ward.put({"resourceType": "ServiceRequest", "status": "active", "intent": "order"}, "y")
    ward.put({"resourceType": "Communication", "status": "completed"}, "z")
    ward.put(spo2(86))
    ward.judge(now)
    assert all(isinstance(raw, dict) for raw in ward.of("Task"))
    assert ward.resources["Task/theirs"]["status"] == "requested"


def test_update_without_version_is_unconditional(ward: Ward, now: int) -> None:
    ward.put(spo2(90))
    ward.judge(now)
    ward.put(spo2(85, "2026-03-03T09:20:00Z"))
    resources = [without(raw, "meta") for raw in ward.resources.values()]
    writes = judge_compartment(Compartment.of("p1", resources), now, CENTRE)
    assert {write.if_match for write in writes if isinstance(write, Update)} == {None}
