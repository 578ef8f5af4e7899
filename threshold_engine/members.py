"""Reading the members of a plan's JSON objects: nothing unknown, nothing wrong, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from threshold_engine.ambiguous import given_twice
from threshold_engine.errors import MemberError
from threshold_engine.instants import parse_duration, parse_instant
from threshold_engine.model import Instant, Scaled, Value
from threshold_engine.numbers import as_integer, as_number, scaled

_LONGEST_SHOWN: Final = 40

Typed: TypeAlias = tuple[type, Value]
"""A value with its type, so that `True`, `"true"` and 1 are three different ones."""


def typed(value: Value) -> Typed:
    """A value as something that is equal only to the same value of the same type."""
    return (value.__class__, value)


def wrong(path: str, why: str, raw: object) -> MemberError:
    """The error of a member that is given wrongly: why, and what stands there."""
    return MemberError(path, f"{why}, is {_shown(raw)}")


def _shown(raw: object) -> str:
    """A JSON value in a few plain characters: it may hold anything, and be as long as it likes."""
    import json  # noqa: PLC0415 - only for plans that are refused

    number = as_number(raw)
    if isinstance(raw, Mapping):
        return "an object"
    if isinstance(raw, list | tuple):
        return "a list"
    text = str(number) if number is not None else json.dumps(raw, default=lambda _: "?")
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _meant(name: str, known: Iterable[str]) -> str:
    """What a mistyped name may have been meant to be."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for who has mistyped

    close = get_close_matches(name, sorted(known), 1)
    return f"; did you mean {close[0]}?" if close else ""


class Members:
    """One object of a plan at `path`; null members count as left out. Raises MemberError."""

    def __init__(self, raw: object, path: str) -> None:
        self.path = path
        if not isinstance(raw, Mapping):
            raise MemberError(path or "plan", "must be an object")
        for name in sorted(given_twice(raw)):
            raise MemberError(self.at(name), "is given twice")
        self._given: dict[str, object] = {name: raw[name] for name in raw if raw[name] is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def names(self) -> list[str]:
        """Names of the members that are given, in the order they stand."""
        return list(self._given)

    def at(self, name: str) -> str:
        """The path of a member."""
        return f"{self.path}.{name}" if self.path else name

    def only(self, known: Iterable[str]) -> None:
        """Refuse any member but these: a mistyped limit is a lost alarm."""
        allowed = frozenset(known)
        for name in self._given:
            if name not in allowed:
                raise MemberError(self.at(name), f"is not known here{_meant(name, allowed)}")

    def wrong(self, name: str, why: str) -> MemberError:
        """The error of a member that is given wrongly."""
        return wrong(self.at(name), why, self._given.get(name))

    def raw(self, name: str) -> object:
        """A member that must be given, as it stands."""
        if name not in self._given:
            raise MemberError(self.at(name), "is missing")
        return self._given[name]

    def text(self, name: str) -> str:
        """A string that must be given and not be empty."""
        return self._name(self.raw(name), self.at(name))

    def label(self, name: str) -> str | None:
        """A member that means nothing to the engine, where it is a string."""
        found = self._given.get(name)
        return found if isinstance(found, str) else None

    def choice(self, name: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of a few words; must be given where there is no default."""
        if default is not None and name not in self:
            return default
        word = self.text(name)
        if word not in choices:
            raise self.wrong(name, f"must be one of {', '.join(choices)}")
        return word

    def flag(self, name: str, default: bool) -> bool:
        """A boolean."""
        found = self._given.get(name, default)
        if not isinstance(found, bool):
            raise self.wrong(name, "must be true or false")
        return found

    def instant(self, name: str) -> Instant:
        """An instant that must be given."""
        text = self.text(name)
        try:
            return parse_instant(text)
        except ValueError as error:
            raise MemberError(self.at(name), f"is {error}: {_shown(text)}") from error

    def duration(self, name: str, *, zero: bool = False) -> int:
        """A duration that must be given, in milliseconds; longer than nothing unless `zero` is allowed."""
        text = self.text(name)
        try:
            duration = parse_duration(text)
        except ValueError as error:
            raise MemberError(self.at(name), f"is {error}: {_shown(text)}") from error
        if duration == 0 and not zero:
            raise self.wrong(name, "must be longer than zero")
        return duration

    def duration_or(self, name: str, default: int, *, zero: bool = False) -> int:
        """A duration with a default, in milliseconds."""
        return self.duration(name, zero=zero) if name in self else default

    def optional_duration(self, name: str) -> int | None:
        """A duration in milliseconds, or none where it is left out."""
        return self.duration(name) if name in self else None

    def number(self, name: str) -> Scaled:
        """A number that must be given."""
        return self._number(self.raw(name), self.at(name))

    def optional_number(self, name: str, *, positive: bool = False) -> Scaled | None:
        """A number, or none where it is left out."""
        if name not in self:
            return None
        number = self.number(name)
        if positive and number <= 0:
            raise self.wrong(name, "must be above 0")
        return number

    def integer(self, name: str) -> int:
        """A whole number that must be given."""
        whole = as_integer(self.raw(name))
        if whole is None:
            raise self.wrong(name, "must be a whole number")
        return whole

    def count(self, name: str) -> int:
        """A whole number from 1 that must be given."""
        whole = self.integer(name)
        if whole < 1:
            raise self.wrong(name, "must be 1 or more")
        return whole

    def count_or(self, name: str, default: int) -> int:
        """A whole number from 1 with a default."""
        return self.count(name) if name in self else default

    def optional_count(self, name: str) -> int | None:
        """A whole number from 1, or none where it is left out."""
        return self.count(name) if name in self else None

    def items(self, name: str, *, empty: bool = False) -> list[object]:
        """A list that must be given, and hold something unless it may be `empty`."""
        return self._list(self.raw(name), self.at(name), empty=empty)

    def codes(self, name: str, *, empty: bool = False) -> tuple[str, ...]:
        """A list of codes, each once, sorted."""
        items = self.items(name, empty=empty)
        return tuple(sorted({self._name(item, f"{self.at(name)}[{i}]") for i, item in enumerate(items)}))

    def values(self, name: str, *, empty: bool = False) -> frozenset[Typed]:
        """A list of values that compare as data."""
        return self._values(self.raw(name), self.at(name), empty=empty)

    def answers(self, name: str) -> dict[str, frozenset[Typed]]:
        """A map from code to a list of values, neither of them empty."""
        inner = Members(self.raw(name), self.at(name))
        found = {code: self._values(inner.raw(code), inner.at(code)) for code in inner.names()}
        if not found or "" in found:
            raise MemberError(inner.at("") if found else inner.path, "is empty")
        return found

    def objects(self, name: str, *, empty: bool = False) -> list[Members]:
        """A list of objects, each with its own path."""
        path = self.at(name)
        return [Members(item, f"{path}[{i}]") for i, item in enumerate(self.items(name, empty=empty))]

    @staticmethod
    def _name(raw: object, path: str) -> str:
        if not isinstance(raw, str):
            raise wrong(path, "must be a string", raw)
        if not raw:
            raise MemberError(path, "is empty")
        return raw

    @staticmethod
    def _number(raw: object, path: str) -> Scaled:
        number = as_number(raw)
        if number is None:
            raise wrong(path, "must be a number", raw)
        try:
            return scaled(number)
        except ValueError as error:
            raise MemberError(path, f"is {error}: {_shown(raw)}") from error

    @staticmethod
    def _list(raw: object, path: str, *, empty: bool = False) -> list[object]:
        if not isinstance(raw, list | tuple):
            raise wrong(path, "must be a list", raw)
        if not raw and not empty:
            raise MemberError(path, "is empty")
        return list(raw)

    @classmethod
    def _values(cls, raw: object, path: str, *, empty: bool = False) -> frozenset[Typed]:
        items = cls._list(raw, path, empty=empty)
        return frozenset(cls._value(item, f"{path}[{i}]") for i, item in enumerate(items))

    @classmethod
    def _value(cls, raw: object, path: str) -> Typed:
        if isinstance(raw, bool | str):
            return typed(raw)
        if as_number(raw) is None:
            raise wrong(path, "must be a number, a string or a boolean", raw)
        return typed(cls._number(raw, path))
