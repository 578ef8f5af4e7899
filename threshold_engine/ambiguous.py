"""JSON objects that give a member twice: which one counts would be anybody's guess."""

from __future__ import annotations

from collections.abc import Mapping


class Ambiguous(dict[str, object]):
    """A JSON object in which at least one member stood twice; holds the last of each."""

    twice: frozenset[str] = frozenset()


def object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object of its members in the order they stood; `Ambiguous` where one stood twice."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    found = Ambiguous(plain)
    names = [name for name, _ in pairs]
    found.twice = frozenset(name for name in plain if names.count(name) > 1)
    return found


def given_twice(raw: Mapping[str, object]) -> frozenset[str]:
    """Names of the members that an object was given twice."""
    return raw.twice if isinstance(raw, Ambiguous) else frozenset()
