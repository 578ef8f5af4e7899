"""The limits of a patient's plan in force, one by one, and what others would have given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from local_store import Store
from threshold_engine import load_case, read_plan
from threshold_engine.model import Instant
from threshold_engine.what_if import RuleChanges, read_changes
from triage_tui.acts import sentences
from triage_tui.acts.refused import ActRefused

_SIDES: Final = ("below", "above", "rise", "fall")
_LEVELS: Final = ("red", "yellow")
_DIGITS: Final = 9
"""No limit of anything that is measured is larger, or smaller, by so many powers of ten."""
_MEMBERS: Final = (
    *(f"{level}_{side}" for side in _SIDES[:2] for level in _LEVELS),
    *(f"{side}_{level}" for side in _SIDES[2:] for level in _LEVELS),
    *_LEVELS,
)


@dataclass(frozen=True, slots=True)
class RuleLimit:
    """A number of a rule that decides a level."""

    rule: str
    code: str | None
    """The measure, where the rule is about one."""
    member: str
    """As in the engine's form: `yellow_below`, `rise_red`, `red` …"""
    value: str
    """As the plan has it, with a decimal point."""


def limits_to_try(store: Store, patient: str, now: Instant) -> tuple[RuleLimit, ...]:
    """The limits in force at `now`, in the plan's order.

    Raises:
        ActRefused: She has no plan in force that can be read.
    """
    with store.read() as snapshot:
        engine = snapshot.engine_plan(patient)
    raw = load_case(engine) if engine is not None else None
    version = read_plan(raw, patient).in_force(now) if raw is not None else None
    if version is None or not isinstance(raw, Mapping):
        raise ActRefused(sentences.NO_PLAN_TO_TRY)
    rules = next(each["rules"] for each in raw["versions"] if each.get("version") == version.version)
    return tuple(
        RuleLimit(rule["id"], rule.get("code"), member, str(rule[member]))
        for rule in rules
        for member in _MEMBERS
        if isinstance(rule.get(member), int | Decimal) and not isinstance(rule.get(member), bool)
    )


def changes_of(tried: Mapping[tuple[str, str], str]) -> RuleChanges:
    """(rule, member) → number as typed, with comma or point, as changes to the rules.

    Raises:
        ActRefused: Something isn't a number.
    """
    rules: dict[str, dict[str, int | Decimal]] = {}
    for (rule, member), text in tried.items():
        try:
            number = Decimal(text.strip().replace(",", "."))
        except InvalidOperation:
            raise ActRefused(sentences.NO_LIMIT, value=text) from None
        if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
            raise ActRefused(sentences.NO_LIMIT, value=text)
        whole = number == number.to_integral_value()
        rules.setdefault(rule, {})[member] = int(number) if whole else number
    return read_changes(rules)
