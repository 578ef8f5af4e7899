"""Judging: a plan and its patient's readings become episodes, with what each step was and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from threshold_engine.episodes import episodes_of
from threshold_engine.implausible import ImplausibleTrack
from threshold_engine.kinds import track_of
from threshold_engine.lives import lives_of
from threshold_engine.model import Because, Episode, Instant, Level, Step
from threshold_engine.plans import Plan, one_plan_each
from threshold_engine.readings import Reading
from threshold_engine.rule_reading import BUILT_IN
from threshold_engine.selection import Usable, usable
from threshold_engine.track import Life, Track


class _Lived(NamedTuple):
    """A rule's life with how it went."""

    rule: str
    life: Life
    track: Track


class Judgement:
    """What became of one patient's readings under her plan at an instant."""

    __slots__ = ("_lived", "episodes", "now", "patient")

    def __init__(self, patient: str, now: Instant, lived: Sequence[_Lived]) -> None:
        self.patient = patient
        self.now = now
        self._lived = lived
        episodes = [
            episode
            for rule, life, track in lived
            if track.changes
            for episode in episodes_of(patient, rule, track.changes, life.end)
        ]
        episodes.sort(key=lambda episode: (episode.onset, episode.rule))
        self.episodes: tuple[Episode, ...] = tuple(episodes)
        """In the order (onset, rule)."""

    def steps(self, rule_id: str) -> tuple[Step, ...]:
        """Each reading or instant that the rule judged, in all its lives, oldest first.

        Empty for `missing`, whose timers judge no reading, and for a rule that never stood.
        """
        found = [step for lived in self._lived if lived.rule == rule_id for step in lived.track.steps()]
        return tuple(sorted(found, key=lambda step: step.at))

    def explain(self, episode: Episode) -> tuple[Because, ...]:
        """Why each change of an episode that isn't green came about, oldest first.

        Of an episode that this judgement didn't find (the server's, say, of other readings) only the
        changes that it found too.
        """
        because: list[Because] = []
        for lived in self._lived:
            if lived.rule == episode.rule:
                found = set(lived.track.changes)
                wanted = [c for c in episode.changes if c in found and c.level is not Level.GREEN]
                because += map(lived.track.because, wanted)
        return tuple(sorted(because, key=lambda reason: reason.at))

    def due(self) -> Instant | None:
        """The first instant after now at which a timer fires, unless a reading comes before."""
        waiting = (lived.track.due(self.now) for lived in self._lived if lived.life.end is None)
        return min((at for at in waiting if at is not None), default=None)


def evaluate(plans: Sequence[Plan], readings: Iterable[Reading], now: Instant) -> list[Episode]:
    """The episodes of these plans after everything at instants up to `now`, timers included.

    Sorted by (patient, onset, rule). The answer depends on the set of readings only, never on their order.
    Raises PlanError where a patient has two plans.
    """
    one_plan_each(plans)
    mine = usable(readings, now, {plan.patient for plan in plans})
    return [
        episode
        for plan in sorted(plans, key=lambda plan: plan.patient)
        for episode in judge_usable(plan, mine.get(plan.patient, Usable()), now).episodes
    ]


def judge_patient(plan: Plan, readings: Iterable[Reading], now: Instant) -> Judgement:
    """What `evaluate` says of one plan, with the steps and the reasons. Other patients' readings are ignored,
    except that one with the same id and a greater version hides this patient's."""
    return judge_usable(plan, usable(readings, now, {plan.patient}).get(plan.patient, Usable()), now)


def judge_usable(plan: Plan, readings: Usable, now: Instant) -> Judgement:
    """Judge readings that have already been selected for this patient and instant."""
    lived = [
        _Lived(rule.id, life, track_of(rule, readings, life, plan.pauses, now))
        for rule, life in lives_of(plan, now)
    ]
    if plan.versions and plan.versions[0].valid_from <= now:
        life = Life(plan.versions[0].valid_from, None)
        lived += [
            _Lived(BUILT_IN + code, life, ImplausibleTrack(code, readings, life))
            for code in readings.implausible
        ]
    return Judgement(plan.patient, now, lived)
