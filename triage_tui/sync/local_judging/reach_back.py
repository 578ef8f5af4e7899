"""From when on the cache's readings are enough to judge as the server does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from threshold_engine import Instant, Plan, Rule
from threshold_engine.rules import AverageRule, ChangeRule, LimitRule, MissingRule, PointsRule, SumRule
from work_items import DAY

_LAST_OF_MS: Final = 14 * DAY
"""How far back the last `of` readings may lie where the rule doesn't say."""


def complete_since(plan: Plan | None, readings_since: Instant) -> Instant:
    """From here on a rule sees every reading that it looks back at: alerts that began earlier are taken as
    the server published them."""
    rules = (rule for version in plan.versions for rule in version.rules) if plan else ()
    return readings_since + max((back for rule in rules for back in _looks_back(rule)), default=0)


def _looks_back(rule: Rule) -> Iterator[int]:
    if isinstance(rule, ChangeRule | AverageRule | SumRule):
        yield rule.window
    if isinstance(rule, PointsRule):
        for term in rule.terms:
            yield rule.window + term.baseline
    if isinstance(rule, MissingRule):
        yield rule.every + max(rule.grace, rule.red_after or 0)
    if isinstance(rule, LimitRule | ChangeRule | AverageRule | PointsRule) and rule.repetition.of > 1:
        yield _LAST_OF_MS if rule.repetition.within is None else rule.repetition.within
