"""A plan: one patient's rules in versions, and the pauses in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from threshold_engine.errors import MemberError, PlanError
from threshold_engine.members import Members
from threshold_engine.model import Instant
from threshold_engine.rule_reading import read_rule
from threshold_engine.rules import Rule


@dataclass(frozen=True, slots=True)
class Pause:
    """A time when nothing is missed, such as a stay in hospital: from `start` up to `end`, or still on."""

    start: Instant
    end: Instant | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a plan, in force from `valid_from` until the next one's."""

    version: int
    valid_from: Instant
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One patient's plan, found valid."""

    patient: str
    versions: tuple[Version, ...]
    """Oldest first; of two with one `valid_from` only the greater version."""
    pauses: tuple[Pause, ...] = ()
    """Oldest first; those that overlap or touch are one."""

    def in_force(self, at: Instant) -> Version | None:
        """The version in force at an instant; none before the first."""
        index = bisect_right(self.versions, at, key=lambda version: version.valid_from)
        return self.versions[index - 1] if index else None

    def codes_watched(self, at: Instant) -> frozenset[str]:
        """The codes that any rule in force at an instant looks at."""
        version = self.in_force(at)
        return frozenset(code for rule in version.rules for code in rule.codes) if version else frozenset()

    def rule(self, rule_id: str, at: Instant) -> Rule | None:
        """The rule with an id that is in force at an instant; none for built-in ones."""
        version = self.in_force(at)
        return next((rule for rule in version.rules if rule.id == rule_id), None) if version else None

    def with_patient(self, patient: str) -> Plan:
        """The same plan for whom it is really about."""
        return replace(self, patient=patient)


def read_plan(raw: object, patient: str | None = None) -> Plan:
    """A plan from JSON whose numbers are int or Decimal.

    With `patient` the plan is that patient's, whatever its own member says. Raises PlanError for the first
    thing that is wrong: a plan is used whole or not at all.
    """
    try:
        members = Members(raw, "")
        whose = members.text("patient") if patient is None else patient
        return _read(members, whose)
    except MemberError as error:
        raise PlanError(_whose(raw, patient), error.path, error.why) from error
    except RecursionError as error:
        raise PlanError(_whose(raw, patient), "versions", "is nested too deeply") from error


def one_plan_each(plans: Sequence[Plan]) -> None:
    """Refuse two plans of one patient: which of them counts would be a guess. Raises PlanError."""
    seen: set[str] = set()
    for plan in plans:
        if plan.patient in seen:
            raise PlanError(plan.patient, "patient", "has two plans")
        seen.add(plan.patient)


def _whose(raw: object, patient: str | None) -> str:
    own = raw.get("patient") if isinstance(raw, dict) else None
    return patient or (own if isinstance(own, str) and own else "?")


def _read(members: Members, patient: str) -> Plan:
    members.only(("patient", "versions", "pauses"))
    _unicode(patient, "patient")
    versions = [_version(version) for version in members.objects("versions", empty=True)]
    seen: set[tuple[Instant, int]] = set()
    for index, version in enumerate(versions):
        key = (version.valid_from, version.version)
        if key in seen:
            raise MemberError(f"versions[{index}].version", "is there twice with the same valid_from")
        seen.add(key)
    versions.sort(key=lambda version: (version.valid_from, version.version))
    latest = {version.valid_from: version for version in versions}
    pauses = members.objects("pauses", empty=True) if "pauses" in members else []
    return Plan(patient, tuple(latest.values()), _joined([_pause(pause) for pause in pauses]))


def _version(members: Members) -> Version:
    members.only(("version", "valid_from", "rules"))
    number, valid_from = members.integer("version"), members.instant("valid_from")
    rules: list[Rule] = []
    seen: set[str] = set()
    for index, raw in enumerate(members.items("rules", empty=True)):
        path = f"{members.at('rules')}[{index}]"
        rule = read_rule(raw, path)
        _unicode(rule.id, f"{path}.id")
        if rule.id in seen:
            raise MemberError(f"{path}.id", "is there twice in this version")
        seen.add(rule.id)
        rules.append(rule)
    return Version(number, valid_from, tuple(rules))


def _pause(members: Members) -> Pause:
    members.only(("from", "to"))
    return Pause(members.instant("from"), members.instant("to") if "to" in members else None)


def _joined(pauses: list[Pause]) -> tuple[Pause, ...]:
    """Pauses in order, those that overlap or touch made one, those that end before they begin left out."""
    joined: list[Pause] = []
    real = [pause for pause in pauses if pause.end is None or pause.end > pause.start]
    for pause in sorted(real, key=lambda pause: pause.start):
        last = joined[-1] if joined else None
        if last is None or (last.end is not None and last.end < pause.start):
            joined.append(pause)
        elif last.end is not None and (pause.end is None or pause.end > last.end):
            joined[-1] = Pause(last.start, pause.end)
    return tuple(joined)


def _unicode(text: str, path: str) -> None:
    """Refuse text that can't be written as UTF-8: an episode's id is made of it."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise MemberError(path, "is not valid Unicode text") from error
