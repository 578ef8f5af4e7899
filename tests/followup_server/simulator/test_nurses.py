"""What the simulated nurses do with older alerts."""

from __future__ import annotations

from dataclasses import replace

from fhir_r4.communications import entry_of
from fhir_r4.raw import Raw
from fhir_r4.service_requests import escalation_of
from fhir_r4.tasks import item_of, task_of
from followup_server.simulator.identity import logical_id
from followup_server.simulator.nurses import OpenItem, Shift, closed
from threshold_engine.instants import parse_instant
from threshold_engine.model import Change, Episode, Instant, Level
from work_items.centre import Centre
from work_items.closing import may_complete
from work_items.model import Band, Item, ItemCode, ItemState, Outcome
from work_items.patient_work import Touch

OPENING = parse_instant("2026-03-02T07:00:00Z")  # Monday 08:00
UNTIL = parse_instant("2026-03-03T08:31:00Z")
SHIFT = Shift(
    seed=1,
    opening=OPENING,
    ends=UNTIL - 60_000,
    nurses=("Practitioner/demo-kari", "Practitioner/demo-ola"),
    centre=Centre(),
    gps={f"p{n}": f"Practitioner/gp-{n}" for n in range(7)},
    messages=10,
)
HOUR = 3_600_000


def waiting(n: int, raised: Instant, band: Band, *, cleared: Instant | None = None) -> OpenItem:
    level = Level.RED if band is Band.RED else Level.YELLOW
    changes = [Change(raised, level, f"r{n}")] + ([Change(cleared, Level.GREEN, "g")] if cleared else [])
    episode = Episode(
        id=f"00000000-0000-5000-8000-{n:012d}",
        patient=f"p{n % 7}",
        rule="spo2-low",
        onset=raised,
        level=level,
        peak=level,
        cleared=cleared,
        reason="reading" if cleared else None,
        changes=tuple(changes),
    )
    item = Item(
        task=f"00000000-0000-5000-8000-{n:012d}",
        patient=episode.patient,
        code=ItemCode.ALERT if band is not Band.BLUE else ItemCode.MISSING,
        what=episode.id,
        band=band,
        raised=raised,
        respond_by=raised + HOUR,
        episode=episode,
        kind="limit",
    )
    return OpenItem({**task_of(item), "id": f"t{n}"}, item)


ITEMS = [
    waiting(
        n,
        OPENING - (n * 7 % 40 + 1) * HOUR,
        Band(n % 3),
        cleared=OPENING - HOUR // 2 if n % 4 == 0 else None,
    )
    for n in range(40)
]


def tasks_and_contacts(raws: list[Raw]) -> tuple[dict[str, Item], list[Raw]]:
    episodes = {found.item.task: found.item.episode for found in ITEMS}
    raws = [raw for raw in raws if raw["resourceType"] != "Task" or not is_tracking(raw)]
    left = [item_of(raw) for raw in raws if raw["resourceType"] == "Task"]
    items = {item.task: item_of(raw, episodes[item.task]) for raw, item in _pairs(raws, left)}
    return items, [raw for raw in raws if raw["resourceType"] == "Communication"]


def is_tracking(raw: Raw) -> bool:
    return item_of(raw).code is ItemCode.ESCALATION


def _pairs(raws: list[Raw], items: list[Item]) -> list[tuple[Raw, Item]]:
    return list(zip([raw for raw in raws if raw["resourceType"] == "Task"], items, strict=True))


def test_everything_is_closed_by_a_nurse_of_the_centre_before_the_end() -> None:
    items, _ = tasks_and_contacts(list(closed(ITEMS, SHIFT)))
    assert len(items) == len(ITEMS)
    for item in items.values():
        assert item.state is ItemState.COMPLETED
        assert item.owner in SHIFT.nurses
        assert item.outcome is not None
        assert item.owned_since is not None and item.closed_at is not None
        assert item.raised <= item.owned_since <= item.closed_at < UNTIL


def test_contacts_and_closings_keep_the_rules_for_red() -> None:
    raws = list(closed(ITEMS, SHIFT))
    items, contacts = tasks_and_contacts(raws)
    entries = [entry_of(raw) for raw in contacts]
    touches = [
        Touch(at=entry.at, kind="contact", reached=bool(entry.reached), about=frozenset(entry.about))
        for entry in entries
        if entry.category == "contact"
    ]
    reds = [item for item in items.values() if item.band is Band.RED]
    assert reds
    for item in reds:
        assert item.closed_at is not None and item.outcome is not None
        before = [touch for touch in touches if touch.at <= item.closed_at]
        held = replace(item, state=ItemState.IN_PROGRESS, closed_at=None)
        assert may_complete(held, Outcome(item.outcome), before, item.closed_at) is None


def test_some_calls_are_not_answered_at_first() -> None:
    _, contacts = tasks_and_contacts(list(closed(ITEMS, SHIFT)))
    assert {entry_of(raw).reached for raw in contacts} >= {True, False}


def test_what_still_stood_is_closed_on_the_day_of_opening() -> None:
    items, _ = tasks_and_contacts(list(closed(ITEMS, SHIFT)))
    for item in items.values():
        if item.stands:
            assert item.closed_at is not None and item.closed_at >= OPENING


def test_nurses_do_the_same_whatever_the_order_of_the_work() -> None:
    assert list(closed(ITEMS, SHIFT)) == list(closed(reversed(ITEMS), SHIFT))


def test_some_alerts_are_lifted_to_the_gp_who_answers_some() -> None:
    raws = list(closed(ITEMS, SHIFT))
    items, spoken = tasks_and_contacts(raws)
    requests = [escalation_of(raw) for raw in raws if raw["resourceType"] == "ServiceRequest"]
    answers = [entry for entry in map(entry_of, spoken) if entry.category == "message"]
    tracking = [item_of(raw) for raw in raws if raw["resourceType"] == "Task" and is_tracking(raw)]

    assert 1 <= len(requests) < len(ITEMS) / 2
    assert len(tracking) == len(requests)
    assert {item.what for item in tracking} == {f"urn:uuid:{request.id}" for request in requests}
    about = {task for request in requests for task in request.tasks}
    lifted = {item.task for item in items.values() if item.outcome == Outcome.ESCALATED_GP}
    assert lifted == about
    for answer in answers:
        request = next(one for one in requests if one.id in answer.based_on)
        assert answer.sender == request.performer == SHIFT.gps[request.patient]
        assert request.at < answer.at < UNTIL


def test_what_they_write_is_numbered_after_the_patients_messages() -> None:
    _, spoken = tasks_and_contacts(list(closed(ITEMS, SHIFT)))
    wanted = [logical_id(1, "Communication", 11 + n) for n in range(len(spoken))]

    assert [raw["id"] for raw in spoken] == wanted
