"""Counting: which real deteriorations were found in time, and how often nobody was worse.

Every onset of a clinical episode is an alarm: `missing` and `implausible` are technical. It is true if a real
deterioration is under way, from its onset to its end; else it is false.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.alarm_quality.courses import DAY, Illness
from benchmarks.alarm_quality.patients import Patient, patient
from benchmarks.alarm_quality.planners import Planner
from benchmarks.alarm_quality.worlds import World
from threshold_engine import Episode, Level, Plan, judge_patient, read_plan

MONTH = 30 * DAY


@dataclass(slots=True)
class Score:
    """What a way of planning came to, over some patients."""

    real: int = 0
    found: int = 0
    false: int = 0
    false_red: int = 0
    true: int = 0
    months: float = 0.0
    alarm_days: float = 0.0
    """Days outside any deterioration with an open episode."""
    false_rules: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    @property
    def sensitivity(self) -> float:
        """Share of the deteriorations that were found in time."""
        return self.found / self.real if self.real else 1.0

    @property
    def false_per_month(self) -> float:
        """False alarms a patient and month."""
        return self.false / self.months

    def add(self, other: Score) -> None:
        """Count another's patients in."""
        for name in ("real", "found", "false", "false_red", "true", "months", "alarm_days"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for rule, n in other.false_rules.items():
            self.false_rules[rule] = self.false_rules.get(rule, 0) + n
        self.missed += other.missed


def score(programme: str, world: World, seeds: Iterable[int], patients: int, planner: Planner) -> Score:
    """The score of a planner over so many patients of each seed."""
    total = Score()
    for seed in seeds:
        for number in range(patients):
            total.add(score_one(patient(programme, world, seed, number), world, planner))
    return total


def score_one(one: Patient, world: World, planner: Planner) -> Score:
    """The score of one patient."""
    plan = read_plan(planner(one))
    readings = [*one.first, *one.after] if world.history else one.after
    clinical = _clinical(judge_patient(plan, readings, one.ends).episodes, plan)
    result = Score(months=(one.ends - one.begins) / MONTH)
    for illness in one.illnesses:
        result.real += 1
        if any(illness.onset <= episode.onset <= illness.find_by for episode in clinical):
            result.found += 1
        else:
            result.missed.append(illness.course.name)
    for episode in clinical:
        if any(illness.onset <= episode.onset <= illness.end for illness in one.illnesses):
            result.true += 1
            continue
        result.false += 1
        result.false_red += episode.peak is Level.RED
        result.false_rules[episode.rule] = result.false_rules.get(episode.rule, 0) + 1
    result.alarm_days = _alarm_days(clinical, one)
    return result


def _clinical(episodes: Iterable[Episode], plan: Plan) -> list[Episode]:
    technical = {rule.id for version in plan.versions for rule in version.rules if rule.kind == "missing"}
    return [e for e in episodes if e.rule not in technical and not e.rule.startswith("implausible:")]


def _alarm_days(clinical: list[Episode], one: Patient) -> float:
    """Days on which something stood open though nobody was worse."""
    days = 0
    for at in range(one.begins, one.ends, DAY):
        is_open = any(e.onset <= at < (e.cleared or one.ends) for e in clinical)
        days += is_open and not any(_is_under_way(illness, at) for illness in one.illnesses)
    return days


def _is_under_way(illness: Illness, at: int) -> bool:
    return illness.onset <= at <= illness.end
