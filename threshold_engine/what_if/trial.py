"""One trial: a patient's rules as they are and as they might be, each as if in force for a whole span."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from threshold_engine.errors import PlanError
from threshold_engine.instants import DAY, parse_instant
from threshold_engine.judge import evaluate
from threshold_engine.model import Instant
from threshold_engine.numbers import as_integer
from threshold_engine.plans import Plan, Version, read_plan
from threshold_engine.readings import Reading
from threshold_engine.rules import AverageRule, ChangeRule, MissingRule, PointsRule, Rule, SumRule
from threshold_engine.what_if.answer import Deterioration, Sides, WhatIf, compared
from threshold_engine.what_if.errors import NothingInForce, TriedPlanError
from threshold_engine.what_if.rule_changes import RuleChanges, changed_rules

_LAST_OF: Final = 90 * DAY


@dataclass(frozen=True, slots=True)
class Trial:
    """Two plans of one patient that are alike but for the changed rules."""

    patient: str
    begin: Instant
    """The beginning of her span, and of every rule's life in both plans."""
    present: Plan
    """All rules of the version in force."""
    tried: Plan
    """Only the rules that were changed or added: the others give what they gave before."""
    changed: frozenset[str]
    """Ids of the rules that were changed, added or taken away."""

    @property
    def looks_back_to(self) -> Instant:
        """From when on readings are needed: what windows reach, and 90 days for the last `of` readings."""
        rules = (*self.present.versions[0].rules, *self.tried.versions[0].rules)
        return self.begin - _LAST_OF - max(map(_reach, rules), default=0)

    @property
    def sides(self) -> Sides:
        """What the comparison needs to know of the rules."""
        return Sides(self.begin, self.changed, _waiting(self.present), _waiting(self.tried))


def trial_of(
    raw: Mapping[str, object], patient: str, changes: RuleChanges, begin: Instant, now: Instant
) -> Trial:
    """Make a trial of a plan and changes to its rules in force at `now`; numbers in JSON are int or Decimal.

    Both plans have that one version, from `begin` on, and the plan's own pauses. Raises PlanError where the
    plan itself is invalid, NothingInForce, ChangeError for a rule that isn't there, and TriedPlanError where
    the changed plan would be invalid, with the path in the plan as it stands.
    """
    plan = read_plan(raw, patient)
    in_force = plan.in_force(now)
    if in_force is None:
        raise NothingInForce(f"{patient}: no version of the plan is in force")
    tried = _tried(raw, patient, in_force, changes)
    changed = frozenset(changes)
    return Trial(
        patient,
        begin,
        _from(plan, begin, in_force),
        _from(tried, begin, _only(_version_like(tried, in_force), changed)),
        changed,
    )


def what_if(
    trials: Sequence[Trial],
    readings: Iterable[Reading],
    now: Instant,
    deteriorations: Iterable[Deterioration] = (),
) -> WhatIf:
    """Which alarms the trials' plans would have given from their `begin` up to `now`, before and after.

    Readings from before `begin` stand in the rules' windows, but are not judged. Raises PlanError where two
    trials are of one patient.
    """
    delivered = list(readings)
    before = evaluate([trial.present for trial in trials], delivered, now)
    after = evaluate([trial.tried for trial in trials], delivered, now)
    return compared({trial.patient: trial.sides for trial in trials}, before, after, now, deteriorations)


def _tried(raw: Mapping[str, object], patient: str, in_force: Version, changes: RuleChanges) -> Plan:
    """The whole plan, changed in its version in force, so that a path in it can be found again."""
    versions = [dict(version) for version in _objects(raw["versions"])]
    for version in versions:
        if _is(version, in_force):
            version["rules"] = changed_rules(_objects(version["rules"]), changes)
    try:
        return read_plan({**raw, "versions": versions}, patient)
    except PlanError as error:
        raise TriedPlanError(error.patient, error.path, error.why) from error


def _objects(raw: object) -> list[Mapping[str, object]]:
    """A list of a plan that has been found valid."""
    return list(raw) if isinstance(raw, list | tuple) else []


def _is(raw: Mapping[str, object], version: Version) -> bool:
    """Whether a version as JSON, found valid, is that one: number and beginning name it."""
    begins = parse_instant(str(raw["valid_from"]))
    return begins == version.valid_from and as_integer(raw["version"]) == version.version


def _version_like(plan: Plan, version: Version) -> Version:
    return next(one for one in plan.versions if one.valid_from == version.valid_from)


def _only(version: Version, rules: frozenset[str]) -> Version:
    kept = tuple(rule for rule in version.rules if rule.id in rules)
    return Version(version.version, version.valid_from, kept)


def _reach(rule: Rule) -> int:
    """How far back a step of a rule looks by its windows, in milliseconds."""
    window = rule.window if isinstance(rule, AverageRule | ChangeRule | SumRule) else 0
    baselines = (term.baseline for term in rule.terms) if isinstance(rule, PointsRule) else ()
    return window + max(baselines, default=0)


def _waiting(plan: Plan) -> frozenset[str]:
    return frozenset(rule.id for rule in plan.versions[0].rules if isinstance(rule, MissingRule))


def _from(plan: Plan, begin: Instant, version: Version) -> Plan:
    return Plan(plan.patient, (Version(version.version, begin, version.rules),), plan.pauses)
