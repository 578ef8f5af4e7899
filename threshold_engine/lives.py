"""When each rule of a plan lives: from the version where it first stands until one where it doesn't."""

from __future__ import annotations

from typing import NamedTuple

from threshold_engine.model import Instant
from threshold_engine.plans import Plan
from threshold_engine.rules import Rule
from threshold_engine.track import Life


class RuleLife(NamedTuple):
    """One life of a rule: the same id with other content, or after a gap, is another life."""

    rule: Rule
    life: Life


def lives_of(plan: Plan) -> list[RuleLife]:
    """All lives of a plan's rules, those to come included."""
    lives: list[RuleLife] = []
    running: dict[str, tuple[Rule, Instant]] = {}
    for version in plan.versions:
        at = version.valid_from
        rules = {rule.id: rule for rule in version.rules}
        for rule_id, (old, start) in list(running.items()):
            new = rules.get(rule_id)
            if new is None or new.content != old.content:
                lives.append(RuleLife(old, Life(start, at)))
                del running[rule_id]
        for rule_id, rule in rules.items():
            running.setdefault(rule_id, (rule, at))
    lives += [RuleLife(rule, Life(start, None)) for rule, start in running.values()]
    return lives
