"""Laws that hold for whatever readings come and whatever nurses do, in any order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from threshold_engine import Instant, Level, Reading, judge_patient, read_plan, scaled
from work_items import (
    HOUR,
    Band,
    Centre,
    Fault,
    InboundMessage,
    Item,
    ItemState,
    Outcome,
    PatientWork,
    Touch,
    apply_decisions,
    decide,
    impossible_readings,
    next_due,
)

START = 1_795_392_000_000  # Monday 2026-11-23T01:00 in Oslo
CENTRE = Centre()
PLAN = read_plan(
    {
        "patient": "p1",
        "versions": [
            {
                "version": 1,
                "valid_from": "2026-11-22T00:00:00Z",
                "rules": [
                    {"id": "spo2", "kind": "limit", "code": "spo2", "yellow_below": 90, "red_below": 86},
                    {
                        "id": "gone",
                        "kind": "missing",
                        "codes": ["spo2"],
                        "every": "PT6H",
                        "red_after": "PT18H",
                    },
                    {"id": "form", "kind": "answer", "code": "form/1", "yellow": [1], "red": [2]},
                ],
            }
        ],
    }
)
KINDS = {"spo2": "limit", "gone": "missing", "form": "answer"}
ACTS = ("take", "complete", "release", "shelve", "note", "answered", "fault", "plan gone", "plan back")


@dataclass(frozen=True)
class Happening:
    """A reading that comes, is corrected or retracted, or an act of a nurse, some hours after the last."""

    after: int
    what: str
    number: int
    value: int
    late: int


happenings = st.lists(
    st.builds(
        Happening,
        after=st.sampled_from([0, HOUR // 4, HOUR, 5 * HOUR, 26 * HOUR]),
        what=st.sampled_from(("read", "read", "read", "correct", "retract", "answer", *ACTS)),
        number=st.integers(0, 3),
        value=st.sampled_from([45, 83, 84, 88, 89, 95]),
        late=st.sampled_from([0, 0, 0, HOUR, 12 * HOUR]),
    ),
    max_size=14,
)


class World:
    def __init__(self) -> None:
        self.now: Instant = START
        self.readings: dict[str, Reading] = {}
        self.work = PatientWork(patient="p1")

    def happen(self, one: Happening) -> None:
        self.now += one.after
        if one.what in ("read", "answer"):
            self._arrive(f"o{len(self.readings)}", one)
        elif self.readings and one.what in ("correct", "retract"):
            name = sorted(self.readings)[one.number % len(self.readings)]
            old = self.readings[name]
            status = "entered-in-error" if one.what == "retract" else "corrected"
            self.readings[name] = replace(old, value=scaled(one.value), status=status)
        elif one.what in ("fault", "plan gone", "plan back"):
            self._fault(one)
        else:
            self._act(one)

    def _arrive(self, name: str, one: Happening) -> None:
        form = one.what == "answer"
        self.readings[name] = Reading(
            id=name,
            patient="p1",
            code="form/1" if form else "spo2",
            value=scaled(one.number if form else one.value),
            effective=self.now - one.late,
            received=self.now,
        )

    def _fault(self, one: Happening) -> None:
        faults = {
            "fault": (Fault("time", f"o{one.number}"),),
            "plan gone": (Fault("no-plan", readings_arrive=one.value > 86),),
        }.get(one.what, ())
        self.work = replace(self.work, faults=faults)
        if one.what == "fault":
            message = InboundMessage(f"urn:uuid:{one.number}", self.now)
            self.work = replace(self.work, messages=(message,))

    def _act(self, one: Happening) -> None:
        open_items = [item for item in self.work.items if item.state.is_open]
        if not open_items:
            return
        item = open_items[one.number % len(open_items)]
        done: dict[str, Item] = {
            "take": replace(item, owner="n", owned_since=self.now, touched=True, state=ItemState.IN_PROGRESS),
            "release": replace(item, owner=None, state=ItemState.REQUESTED),
            "complete": replace(
                item,
                state=ItemState.COMPLETED,
                outcome=Outcome.CONTACTED.value,
                closed_at=self.now,
                touched=True,
            ),
            "shelve": replace(
                item,
                state=ItemState.ON_HOLD,
                touched=True,
                shelved_at=self.now,
                shelved_until=self.now + HOUR,
            ),
        }
        rest = tuple(other for other in self.work.items if other.task != item.task)
        if one.what == "note":
            note = Touch(self.now, "note", frozenset({item.task}), "n")
            self.work = replace(self.work, touches=(*self.work.touches, note))
        elif one.what in done:
            self.work = replace(self.work, items=(*rest, done[one.what]))

    def facts(self) -> PatientWork:
        judgement = judge_patient(PLAN, self.readings.values(), self.now)
        rules = {*KINDS, *(episode.rule for episode in judgement.episodes)}
        return replace(
            self.work,
            episodes=judgement.episodes,
            steps={rule: judgement.steps(rule) for rule in rules},
            received={r.id: r.received for r in self.readings.values() if r.received is not None},
            kinds=KINDS,
            impossible=impossible_readings(self.readings.values()),
        )

    def judge(self) -> None:
        facts = self.facts()
        self.work = apply_decisions(facts, decide(facts, self.now, CENTRE))


@settings(max_examples=150, derandomize=True, deadline=None)
@given(story=happenings)
def test_once_decided_there_is_nothing_more_to_decide(story: list[Happening]) -> None:
    world = World()
    for one in story:
        world.happen(one)
        world.judge()

        assert decide(world.work, world.now, CENTRE) == []


@settings(max_examples=100, derandomize=True, deadline=None)
@given(story=happenings)
def test_what_is_published_binds(story: list[Happening]) -> None:
    world = World()
    for one in story:
        world.happen(one)
        before = {item.task: item for item in world.work.items}
        world.judge()
        after = {item.task: item for item in world.work.items}

        assert before.keys() <= after.keys()
        for task, was in before.items():
            now = after[task]
            assert (now.raised, now.n, now.what) == (was.raised, was.n, was.what)
            assert now.respond_by <= was.respond_by
            assert now.band >= was.band or was.code == "message"
            assert now.state == was.state or was.state.is_open


@settings(max_examples=100, derandomize=True, deadline=None)
@given(story=happenings)
def test_a_standing_red_alert_is_open_or_was_closed_by_a_nurse(story: list[Happening]) -> None:
    world = World()
    for one in story:
        world.happen(one)
        world.judge()
        by_episode: dict[str, list[Item]] = {}
        for item in world.work.items:
            by_episode.setdefault(item.what, []).append(item)

        for one_published in world.work.published:
            episode = one_published.episode
            if one_published.undone or episode.level is not Level.RED or episode.cleared is not None:
                continue
            same = [p.episode.id for p in world.work.published if p.same_as == episode.id]
            items = [item for name in (episode.id, *same) for item in by_episode.get(name, ())]
            open_items = [item for item in items if item.state.is_open]
            if open_items:
                assert max(item.band for item in open_items) is Band.RED
            else:
                assert any(item.outcome == Outcome.CONTACTED for item in items)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(story=happenings)
def test_nothing_is_raised_before_it_is_due(story: list[Happening]) -> None:
    world = World()
    for one in story:
        world.happen(one)
        world.judge()
    facts = world.facts()
    due = next_due(facts, world.now, CENTRE)
    if due is None:
        return

    assert decide(facts, due - 1, CENTRE) == []
