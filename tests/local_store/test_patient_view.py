"""The patient's screen: everything about her, marked where it is doubtful, hidden nowhere."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

from local_store import Approval, StoredReading
from local_store.store import Store
from local_store.views import LimitSpan, Zone
from threshold_engine import Level, parse_instant
from work_items import Band, ItemState

HOUR, DAY = 3_600_000, 86_400_000


def view(store: Store, make: SimpleNamespace, days: int = 30, patient: str = "p1") -> object:
    found = store.patient(patient, make.now, days)
    assert found is not None
    return found


def test_nobody_is_none(store: Store, make: SimpleNamespace) -> None:
    assert store.patient("nobody", make.now) is None


def test_readings_of_the_days_and_the_newest_of_each_code(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_readings(
            [
                make.reading(1, "spo2", at=make.now - DAY),
                make.reading(2, "spo2", at=make.now - 40 * DAY),
                make.reading(3, "weight", at=make.now - 50 * DAY),
                make.reading(4, "weight", at=make.now - 60 * DAY),
                make.reading(5, "pulse", at=make.now - HOUR),
            ]
        )
    assert [one.id for one in view(store, make).readings] == [
        "urn:device|m5",
        "urn:device|m1",
        "urn:device|m3",
    ]
    assert len(view(store, make, days=45).readings) == 4


def test_wrong_and_implausible_readings_are_marked_not_hidden(store: Store, make: SimpleNamespace) -> None:
    wrong = make.reading(2, "spo2", at=make.now - 2)
    wrong = replace(wrong, reading=replace(wrong.reading, status="entered-in-error"))
    ahead = make.reading(3, "spo2", at=make.now - 3)
    ahead = replace(ahead, reading=replace(ahead.reading, received=make.now - DAY))
    with store.write() as tx:
        tx.put_readings([make.reading(1, "spo2", 45_000_000, make.now - 1), wrong, ahead])
    found = [(one.status, one.plausible, one.unit) for one in view(store, make).readings]
    assert found == [("final", False, "%"), ("entered-in-error", True, "%"), ("final", False, "%")]


def test_an_old_newest_reading_that_was_wrong_gives_way_to_the_one_before(
    store: Store, make: SimpleNamespace
) -> None:
    wrong = make.reading(2, "weight", at=make.now - 40 * DAY)
    wrong = replace(wrong, reading=replace(wrong.reading, status="entered-in-error"))
    with store.write() as tx:
        tx.put_readings([make.reading(1, "weight", at=make.now - 50 * DAY), wrong])
    assert [one.id for one in view(store, make).readings] == ["urn:device|m1"]


def test_what_a_server_has_twice_is_shown_once(store: Store, make: SimpleNamespace) -> None:
    one = make.reading(1)
    with store.write() as tx:
        tx.put_readings([one, StoredReading(one.reading, "Observation/twin", "1", comparator=">")])
    assert len(view(store, make).readings) == 1


def test_open_items_come_first_then_those_closed_lately(store: Store, make: SimpleNamespace) -> None:
    episode = make.episode()
    yellow = make.item(episode, Band.YELLOW, 2)
    red = make.item(episode, Band.RED, 3)
    closed = [
        make.item(
            episode, n=n, state=ItemState.COMPLETED, closed_at=make.now - days * DAY, outcome="contacted"
        )
        for n, days in ((4, 5), (5, 1), (6, 31))
    ]
    with store.write() as tx:
        for item in (*closed, yellow, red):
            tx.put_item(item)
    found = view(store, make)
    assert [item.task for item in found.items] == [red.task, yellow.task, closed[1].task, closed[0].task]
    assert found.level is Level.RED


def test_reasons_owners_and_news2(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_person(make.person())
        tx.put_practitioner("Practitioner/k", "kari", "Kari Nordmann")
        tx.put_plan(make.plan())
        tx.put_readings([make.reading(1, "spo2", 87_000_000, make.now - HOUR)])
        item = make.item(make.episode(), owner="Practitioner/k")
        tx.put_item(item)
        tx.refresh(["p1"], make.now)
    found = view(store, make)
    assert found.owners == {"Practitioner/k": "Kari Nordmann"}
    assert [one.measured for one in found.because[item.task]] == [87_000_000]
    assert found.news2 is not None
    assert (found.news2.total, found.news2.known) == (3, 1)
    assert found.person == make.person()


def test_limits_are_those_in_force_at_each_time(store: Store, make: SimpleNamespace) -> None:
    def version(number: int, start: str, *rules: dict[str, object]) -> dict[str, object]:
        return {"version": number, "valid_from": start, "rules": list(rules)}

    low = {"id": "a", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88}
    tighter = {"id": "b", "kind": "limit", "code": "spo2", "yellow_below": 93}
    pulse = {"id": "c", "kind": "limit", "code": "pulse", "yellow_above": 110}
    starts = ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-15T00:00:00Z"]
    first, second, third = map(parse_instant, starts)
    versions = [
        version(1, starts[0], low, pulse),
        version(2, starts[1], low),
        version(3, starts[2], low, tighter, pulse),
    ]
    record = make.plan()
    engine = json.dumps({"patient": "x", "versions": versions}).encode()
    with store.write() as tx:
        tx.put_plan(replace(record, engine_plan=engine))
    limits = view(store, make).limits
    assert limits["spo2"] == (
        LimitSpan(first, third, red_below=88_000_000, yellow_below=92_000_000),
        LimitSpan(third, None, red_below=88_000_000, yellow_below=93_000_000),
    )
    assert limits["pulse"] == (
        LimitSpan(first, second, yellow_above=110_000_000),
        LimitSpan(third, None, yellow_above=110_000_000),
    )


def test_the_timeline_has_notes_alerts_outcomes_and_approvals(store: Store, make: SimpleNamespace) -> None:
    item = make.item(
        make.episode(),
        state=ItemState.COMPLETED,
        closed_at=make.now - 5,
        outcome="contacted",
        owner="Practitioner/k",
    )
    plan = replace(make.plan(), approvals=(Approval(4, "Berg", make.now - DAY),))
    with store.write() as tx:
        tx.put_practitioner("Practitioner/k", "kari", "Kari")
        tx.put_item(item)
        tx.put_plan(plan)
        tx.put_entry("p1", make.note(1, at=make.now - 10))
    found = [(line.kind, line.at, line.author, line.text) for line in view(store, make).timeline]
    assert found == [
        ("outcome", make.now - 5, "Kari", "contacted"),
        ("note", make.now - 10, "Kari", "tungpust"),
        ("alert", make.now - HOUR, None, "spo2-low"),
        ("plan", make.now - DAY, "Berg", "4"),
    ]


def test_the_plan_in_force_and_what_is_wrong_with_it(store: Store, make: SimpleNamespace) -> None:
    zones = (Zone("red", "Ring senteret straks.", "Ring pasienten."),)
    approved = (Approval(4, "Berg", 5),)
    with store.write() as tx:
        tx.put_person(make.person())
    assert view(store, make).plan.problem == "No active plan"
    plan = replace(make.plan(), zones=zones, approvals=approved, author="Kari")
    with store.write() as tx:
        tx.put_plan(plan)
    found = view(store, make).plan
    assert (found.title, found.version, found.approved_by, found.approved_at) == ("kols", 4, "Berg", 5)
    assert (found.zones, found.author, found.problem) == (zones, "Kari", None)


def test_a_plan_that_can_no_longer_be_read_stays_in_force_and_says_so(
    store: Store, make: SimpleNamespace
) -> None:
    with store.write() as tx:
        tx.put_plan(make.plan())
        tx.put_plan(replace(make.plan(), engine_plan=b'{"versions": [{"version": 1}]}', changed=2))
        assert tx.plan("p1") is not None
        tx.put_plan(replace(make.plan(), engine_plan=b"{not json", changed=3))
        assert tx.plan("p1") is not None
        tx.put_plan(replace(make.plan(), engine_plan=None, problem="there is none", changed=4))
        assert tx.plan("p1") is not None
    assert view(store, make).plan.problem == "The plan can't be read: there is none"


def test_of_several_active_plans_the_one_changed_last_judges(store: Store, make: SimpleNamespace) -> None:
    other = [{"id": "pulse", "kind": "limit", "code": "pulse", "red_above": 120}]
    second = replace(make.plan(rules=other), reference="CarePlan/other", changed=9, title="hjertesvikt")
    with store.write() as tx:
        tx.put_plan(make.plan())
        tx.put_plan(second)
        plan = tx.plan("p1")
    assert plan is not None
    assert plan.codes_watched(make.now) == {"pulse"}
    found = view(store, make).plan
    assert found.title == "hjertesvikt"
    assert found.problem.startswith("More than one active plan")
    with store.write() as tx:
        tx.put_plan(replace(second, active=False))
    assert (view(store, make).plan.title, view(store, make).plan.problem) == ("kols", None)
