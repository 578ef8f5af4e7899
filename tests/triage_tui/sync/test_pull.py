"""Pulling from a real server into a real cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from fhir_r4.raw import Raw
from fhir_r4.task_change import TaskChange, apply
from local_store.transaction import Transaction
from triage_tui.sync.fetched import Fetched
from triage_tui.sync.keeping import Keeper
from triage_tui.sync.state import Stage
from work_items import Band, Centre, ItemState

Make = Callable[..., Any]
NOW = 1_772_526_660_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def spo2(number: int, value: int, at: int, patient: str = "p1") -> Raw:
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": _text(at),
        "issued": _text(at),
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "%"},
    }


def _text(at: int) -> str:
    from threshold_engine import format_instant  # noqa: PLC0415 - beside its only use

    return format_instant(at)


def test_first_sync_fills_the_queue(console: Make, centre: Any) -> None:
    kari = console("kari")

    report = kari.sync()

    assert report.complete and report.exit_code == 0
    assert report.pulled["Observation"] == 3 and report.pulled["Patient"] == 2
    view = kari.store.queue(NOW, Centre())
    assert [entry.person.name for entry in view.entries] == ["Hansen, Nils", "Eira, Máret"]
    assert view.entries[0].row.band is Band.RED
    first = view.entries[0].row.items[0]
    assert view.entries[0].because[first.task].measured == 86_000_000
    assert view.status.loaded and view.status.last_sync == NOW


def test_names_are_known_although_people_come_after_patients_and_plans(console: Make) -> None:
    kari = console()
    kari.sync()

    view = kari.store.patient("p1", NOW)

    assert view.person.gp == "Aud Berg"
    assert view.plan.author == "Aud Berg"
    assert view.person.programme == "kols"


def test_nothing_new_writes_nothing_and_keeps_everything(console: Make) -> None:
    kari = console()
    kari.sync()

    again = kari.sync()

    assert again.complete and not again.pulled


def test_open_tasks_come_first_and_readings_last(elsewhere: Make) -> None:
    asked: list[str] = []

    class Listens(httpx.BaseTransport):
        real = httpx.HTTPTransport()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(str(request.url).partition("/fhir/")[2])
            assert request.headers["cache-control"] == "no-cache"
            assert "gzip" in request.headers["accept-encoding"]
            return self.real.handle_request(request)

        def close(self) -> None:
            return None

    elsewhere(transport=Listens()).sync()

    assert any(one.startswith("Task?status=draft") for one in asked[:2])  # the people are asked for beside
    kinds = [one.partition("?")[0] for one in asked]
    walked = list(dict.fromkeys(one.partition("?")[0] for one in asked if "_sort" in one))
    assert max(map(walked.index, ("DetectedIssue", "Patient", "CarePlan"))) < walked.index("Observation")
    alerts = asked[
        kinds.index("Task") : walked and asked.index(next(one for one in asked if "completed" in one))
    ]
    assert {"DetectedIssue", "Patient", "CarePlan", "Observation"} <= {
        one.partition("?")[0] for one in alerts
    }
    recent = next(one for one in alerts if one.startswith("Observation"))
    assert "patient=p1%2Cp2" in recent and "date=ge2026-02-28" in recent
    readings = next(one for one in asked if one.startswith("Observation") and "_sort" in one)
    assert "date=ge2025-12-03" in readings and "_count=200" in readings
    assert all(one.count("_lastUpdated=") <= 1 for one in asked)
    whole = next(one for one in asked if one.startswith("Task?") and "status=" not in one)
    assert "_lastUpdated=ge" in whole  # from the newest open one on: those before it have come


def test_later_rounds_overlap_by_a_minute(elsewhere: Make, clock: Any) -> None:
    kari = elsewhere()
    kari.sync()
    with kari.store.read() as snapshot:
        newest = snapshot.cursor("Observation").value
    urls: list[str] = []

    class Listens(httpx.BaseTransport):
        real = httpx.HTTPTransport()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            urls.append(str(request.url))
            return self.real.handle_request(request)

        def close(self) -> None:
            return None

    kari.transport = Listens()
    kari.sync()

    asked = next(url for url in urls if "/Observation?" in url)
    assert newest.startswith("2026-03-03T08:31:00")
    assert "_lastUpdated=ge2026-03-03T08%3A30%3A00.000Z" in asked or (
        "_lastUpdated=ge2026-03-03T08:30:00.000Z" in asked
    )
    assert "date=" not in asked


def test_row_committed_late_with_an_earlier_stamp_is_not_lost(
    elsewhere: Make, centre: Any, clock: Any
) -> None:
    kari = elsewhere()
    clock.now = NOW + 30_000
    centre.put(spo2(50, 97, NOW))
    kari.sync()
    with centre.resources.write() as session:
        session._stamp = (
            NOW + 1_000
        ) * 1000  # another server's transaction, begun before, committed only now
        session.update("late", {**spo2(51, 96, NOW), "id": "late"})
        session._stamp = (NOW + 60_000) * 1000

    report = kari.sync()

    assert report.pulled == {"Observation": 1}


def test_changed_resource_replaces_its_earlier_version(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    clock.now += MINUTE
    corrected = {**spo2(3, 97, NOW - HOUR, "p2"), "status": "corrected"}
    centre.put(corrected)
    centre.judge()

    kari.sync()

    values = [one.value for one in kari.store.patient("p2", NOW).readings]
    assert values == [97_000_000]


def test_killed_between_page_and_cursor_goes_on_without_loss(
    elsewhere: Make, centre: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.put(*(spo2(number, 95, NOW - 4 * DAY - number * MINUTE) for number in range(100, 600)))
    kari = elsewhere()
    real, dying = Transaction.set_cursor, [True]

    def dies(tx: Transaction, kind: str, *rest: Any, **more: Any) -> None:
        if kind == "Observation" and dying[0] and kari.store.status().readings > 3:
            raise KeyboardInterrupt
        real(tx, kind, *rest, **more)

    monkeypatch.setattr(Transaction, "set_cursor", dies)
    with pytest.raises(KeyboardInterrupt):
        kari.sync()
    dying[0] = False
    half = kari.store.status().readings

    report = kari.sync()

    assert half == 200
    assert report.complete
    assert kari.store.status().readings == 503
    assert len(kari.store.patient("p1", NOW).readings) == 502


def test_expired_page_link_is_walked_again_from_the_cursor(elsewhere: Make, centre: Any) -> None:
    centre.put(*(spo2(number, 95, NOW - 4 * DAY - number * MINUTE) for number in range(100, 600)))
    gone: list[str] = []

    class Expires(httpx.BaseTransport):
        real = httpx.HTTPTransport()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if "_page=" in str(request.url) and "/Observation?" in str(request.url) and len(gone) < 2:
                gone.append(str(request.url))
                return httpx.Response(410, json={"resourceType": "OperationOutcome", "issue": []})
            return self.real.handle_request(request)

        def close(self) -> None:
            return None

    kari = elsewhere(transport=Expires())

    report = kari.sync()

    assert len(gone) == 2
    assert report.complete
    assert kari.store.status().readings == 503


def test_malformed_resource_stops_nothing(
    console: Make, centre: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {**spo2(70, 95, NOW), "valueQuantity": "ninety-five-secret"}
    centre.put(broken, spo2(71, 95, NOW))
    kari = console()

    report = kari.sync()

    assert report.complete and report.malformed == 1
    assert report.pulled["Observation"] == 5
    with kari.store.read() as snapshot:
        assert snapshot.resource("Observation", "o70") is not None
    assert "Observation/o70" in caplog.text and "secret" not in caplog.text
    assert not kari.sync().pulled


def test_emptied_server_empties_no_cache(console: Make, centre: Any) -> None:
    kari = console()
    kari.sync()
    for kind in ("Task", "Observation", "Patient", "CarePlan", "DetectedIssue"):
        for raw in centre.all(kind):
            centre.resources.delete(kind, raw["id"])

    report = kari.sync()

    assert report.complete
    assert len(kari.store.queue(NOW, Centre()).entries) == 2


def test_refused_login_pauses_and_removes_nothing(console: Make) -> None:
    kari = console()
    kari.sync()
    with kari.client("nobody") as client:
        from triage_tui.sync.round import sync_once  # noqa: PLC0415 - beside its only use

        report = sync_once(kari.store, client, kari.clock)

    assert report.reached == "login-refused" and report.exit_code == 4
    assert "triage login" in report.problem
    assert len(kari.store.queue(NOW, Centre()).entries) == 2


def test_unreachable_server_is_said_with_the_time_since(console: Make, clock: Any) -> None:
    kari = console()
    kari.sync()
    kari.url = "http://127.0.0.1:1/fhir"
    clock.now += HOUR

    report = kari.sync()

    assert report.reached == "unreachable" and report.exit_code == 3
    assert kari.store.status().offline_since == NOW + HOUR
    assert kari.store.status().last_sync == NOW


def test_pending_change_is_laid_over_what_is_pulled(console: Make, centre: Any, clock: Any) -> None:
    from triage_tui import acts  # noqa: PLC0415 - beside its only use

    kari = console()
    kari.sync()
    task = kari.task()
    acts.take(kari.store, kari.nurse, task, NOW)
    with kari.store.read() as snapshot:
        logical_id = snapshot.item(task).reference.removeprefix("Task/")
    raw = next(one for one in centre.all("Task") if one["id"] == logical_id)
    clock.now += MINUTE
    centre.put({**raw, "description": "changed elsewhere"})

    with kari.client() as client:
        from triage_tui.sync.pull import pull  # noqa: PLC0415 - beside its only use

        pull(kari.store, client, clock, lambda _stage: None)

    item = kari.items()["spo2-low"].item
    assert item.owner == "Practitioner/demo-kari" and item.state is ItemState.IN_PROGRESS


def test_what_a_colleague_took_is_shown_as_hers_although_my_take_waits(
    console: Make, centre: Any, clock: Any
) -> None:
    from triage_tui import acts  # noqa: PLC0415 - beside its only use

    kari = console()
    kari.sync()
    task = kari.task()
    acts.take(kari.store, kari.nurse, task, NOW)
    raw = next(one for one in centre.all("Task") if task in str(one["identifier"]))
    hers = TaskChange(act="take", task=task, owner="Practitioner/demo-ola", at=NOW, saw_band=Band.RED)
    clock.now += MINUTE
    centre.put(apply(raw, hers))

    with kari.client() as client:
        from triage_tui.sync.pull import pull  # noqa: PLC0415 - beside its only use

        pull(kari.store, client, clock, lambda _stage: None)

    assert kari.items()["spo2-low"].item.owner == "Practitioner/demo-ola"


def test_what_comes_side_by_side_does_not_make_the_bar_jump(console: Make) -> None:
    kari = console()
    stages: list[Stage] = []
    keeper = Keeper(kari.store, lambda: NOW, stages.append)

    keeper.begin()
    for kind in ("Patient", "Task", "Observation", "Patient", "CarePlan", "Observation", "Task"):
        keeper.keep(Fetched(kind, ()))
    keeper.begin()
    keeper.keep(Fetched("Task", ()))

    assert [stage.kind for stage in stages] == ["Patient"] * 2 + ["Observation"] * 5 + ["Task"]
