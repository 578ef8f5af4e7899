"""When each rule of a plan lives: from the version where it first stands until one where it doesn't."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from threshold_engine.model import Instant
from threshold_engine.plans import Plan
from threshold_engine.rules import Rule
from threshold_engine.track import Life


class RuleLife(NamedTuple):
    """One life of a rule: the same id with other content, or after a gap, is another life."""

    rule: Rule
    life: Life


def lives_of(plan: Plan, now: Instant) -> Iterator[RuleLife]:
    """The lives that have begun by `now`, each in order; one that ends after now is still open."""
    versions = [version for version in plan.versions if version.valid_from <= now]
    running: dict[str, tuple[Rule, Instant]] = {}
    for version in versions:
        at = version.valid_from
        rules = {rule.id: rule for rule in version.rules}
        for rule_id, (old, start) in list(running.items()):
            new = rules.get(rule_id)
            if new is None or new.content != old.content:
                yield RuleLife(old, Life(start, at))
                del running[rule_id]
        for rule_id, rule in rules.items():
            running.setdefault(rule_id, (rule, at))
    for rule, start in running.values():
        yield RuleLife(rule, Life(start, None))
