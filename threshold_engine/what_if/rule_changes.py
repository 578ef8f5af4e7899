"""Changed limits as data: which members of which rules are set, taken away or added."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from threshold_engine.ambiguous import given_twice
from threshold_engine.what_if.errors import ChangeError

RuleChanges: TypeAlias = Mapping[str, Mapping[str, object] | None]
"""Rule id → members to set (null takes one away), or none to take the rule away."""


def read_changes(raw: object) -> RuleChanges:
    """Changes from JSON whose numbers are int or Decimal. Raises ChangeError where they aren't any.

    Whether a plan takes them is seen when they are made.
    """
    if not isinstance(raw, Mapping):
        raise ChangeError("must be an object of rules by id")
    for rule_id in sorted(given_twice(raw)):
        raise ChangeError(f"{rule_id}: is given twice")
    for rule_id, members in raw.items():
        if members is None:
            continue
        if not isinstance(members, Mapping):
            raise ChangeError(f"{rule_id}: must be an object of members, or null")
        for name in sorted(given_twice(members)):
            raise ChangeError(f"{rule_id}.{name}: is given twice")
        if members.get("id", rule_id) != rule_id:
            raise ChangeError(f"{rule_id}.id: must be the rule's own id, or be left out")
    return raw


def for_whom_has(changes: RuleChanges, rules: Collection[str]) -> RuleChanges:
    """Those changes that a plan with these rules can take: to rules it has, and new ones given whole."""
    return {
        rule_id: members
        for rule_id, members in changes.items()
        if rule_id in rules or (members is not None and _is_whole(members))
    }


def changed_rules(rules: list[Mapping[str, object]], changes: RuleChanges) -> list[Mapping[str, object]]:
    """The rules of a plan's version as JSON, changed; new ones come last.

    Raises ChangeError where a rule that isn't there is to be changed or taken away: that is a mistyped id.
    """
    known = [str(rule["id"]) for rule in rules]
    for rule_id, members in changes.items():
        if rule_id not in known and (members is None or not _is_whole(members)):
            raise ChangeError(
                f"{rule_id}: no rule of that id is in force. Those in force: {', '.join(known) or '-'}"
            )
    changed = [_changed(rule, changes.get(str(rule["id"]), {})) for rule in rules]
    added = [_changed({"id": one}, members) for one, members in changes.items() if one not in known]
    return [rule for rule in (*changed, *added) if rule is not None]


def _changed(rule: Mapping[str, object], members: Mapping[str, object] | None) -> Mapping[str, object] | None:
    if members is None:
        return None
    return {name: value for name, value in {**rule, **members}.items() if value is not None}


def _is_whole(members: Mapping[str, object]) -> bool:
    """Whether it may be a rule of its own; what else it lacks is said when it is read."""
    return members.get("kind") is not None
