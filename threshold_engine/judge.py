"""Judging whole centres: plans and readings become episodes, at once or one reading after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from threshold_engine.model import Episode, Instant
from threshold_engine.patient_judge import PatientJudge
from threshold_engine.plans import Plan, one_plan_each
from threshold_engine.readings import Reading
from threshold_engine.selection import is_newer, newest_versions


class Judge:
    """The judges of several patients, who share the ids of readings: an id is one reading in all of them."""

    __slots__ = ("_judges", "_known", "_now")

    def __init__(self, plans: Sequence[Plan], readings: Iterable[Reading] = (), now: Instant = 0) -> None:
        """Raises PlanError where a patient has two plans."""
        one_plan_each(plans)
        self._now = now
        self._known = newest_versions(readings)
        mine: dict[str, list[Reading]] = {plan.patient: [] for plan in plans}
        for reading in self._known.values():
            if reading.patient in mine:
                mine[reading.patient].append(reading)
        self._judges = {
            plan.patient: PatientJudge(plan, mine[plan.patient], now, known=self._known)
            for plan in sorted(plans, key=lambda plan: plan.patient)
        }
        for judge in self._judges.values():
            judge.peers = self._judges

    @property
    def now(self) -> Instant:
        """The latest instant up to which anybody has been judged."""
        return max((judge.now for judge in self._judges.values()), default=self._now)

    @property
    def episodes(self) -> list[Episode]:
        """Of everybody as of `now`, sorted by (patient, onset, rule)."""
        self.advance(self.now)
        return [episode for judge in self._judges.values() for episode in judge.episodes]

    def feed(self, reading: Reading, now: Instant) -> bool:
        """Take in a reading, late, doubled or corrected ones too; `now` never before the last one given.

        Gives whether the answer may be another than before. Raises ValueError if time goes back.
        """
        judge = self._judges.get(reading.patient)
        if judge is not None:
            return judge.feed(reading, now)
        changed = False
        old = self._known.get(reading.id)
        if old is None or is_newer(reading, old):
            self._known[reading.id] = reading
            owner = self._judges.get(old.patient) if old is not None else None
            if owner is not None:
                owner.advance(now)
                changed = owner.replace(old, reading)
        self._now = max(self._now, now)
        return changed

    def advance(self, now: Instant) -> bool:
        """Let time pass for everybody; gives whether the answer may be another than before."""
        changed = [judge.advance(now) for judge in self._judges.values()]
        return any(changed)

    def due(self) -> Instant | None:
        """The earliest instant after now at which the answer may change without new input; or none."""
        self.advance(self.now)
        dues = (judge.due() for judge in self._judges.values())
        return min((due for due in dues if due is not None), default=None)


def evaluate(plans: Sequence[Plan], readings: Iterable[Reading], now: Instant) -> list[Episode]:
    """The episodes of these plans after everything at instants up to `now`, timers included.

    Sorted by (patient, onset, rule). The answer depends on the set of readings only, never on their order.
    Raises PlanError where a patient has two plans.
    """
    return Judge(plans, readings, now).episodes


def judge_patient(plan: Plan, readings: Iterable[Reading], now: Instant) -> PatientJudge:
    """What `evaluate` says of one plan, with the steps and the reasons, to be carried on.

    Other patients' readings are ignored, except that one with the same id and a greater version hides this
    patient's.
    """
    return PatientJudge(plan, readings, now)


def next_due(plans: Sequence[Plan], readings: Iterable[Reading], now: Instant) -> Instant | None:
    """The earliest instant after `now` at which the answer may change without new input; none if it can't.

    That is a timer, a reading dated ahead, or the edge of a plan's version or of a pause. Up to that instant
    `evaluate` gives the same answer as now. Raises PlanError where a patient has two plans.
    """
    return Judge(plans, readings, now).due()
