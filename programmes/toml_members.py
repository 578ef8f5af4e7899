"""Members of a template's TOML tables, checked as they are taken, so that an error names its place."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from programmes.template import TemplateError
from threshold_engine.instants import parse_duration

_T = TypeVar("_T")


class TomlMembers:
    """The members of one table of the template `name`; `path` says where in it the table stands."""

    def __init__(self, name: str, raw: Mapping[str, object], path: str) -> None:
        self._name = name
        self.raw = raw
        self.path = path

    def refused(self, member: str | None, why: str) -> TemplateError:
        """The error about a member, or about the table itself."""
        return TemplateError(self._name, self._at(member) if member else self.path or "file", why)

    def only(self, known: set[str]) -> None:
        """Raises TemplateError for a member that isn't known."""
        unknown = sorted(set(self.raw) - known)
        if unknown:
            raise self.refused(unknown[0], "unknown: a mistyped limit is a lost alarm")

    def get(self, member: str, kind: type[_T]) -> _T:
        """A member that must be there. Raises TemplateError."""
        value = self.raw.get(member)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.refused(member, f"must be given, as {kind.__name__}")
        return value

    def number(self, member: str) -> Decimal:
        """A number that must be there. Raises TemplateError."""
        value = self.raw.get(member)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.refused(member, "must be a number")
        return Decimal(value)

    def duration(self, member: str) -> str:
        """An ISO 8601 duration that must be there, as written. Raises TemplateError."""
        text = self.get(member, str)
        try:
            parse_duration(text)
        except ValueError as error:
            raise self.refused(member, str(error)) from error
        return text

    def table(self, member: str) -> TomlMembers:
        """A table that must be there. Raises TemplateError."""
        return TomlMembers(self._name, self.get(member, dict), self._at(member))

    def tables(self, member: str) -> list[TomlMembers]:
        """A list of tables; empty where it isn't there. Raises TemplateError."""
        found = self.raw.get(member, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise self.refused(member, "must be a list of tables")
        return [TomlMembers(self._name, each, f"{self._at(member)}[{i}]") for i, each in enumerate(found)]

    def _at(self, member: str) -> str:
        return f"{self.path}.{member}" if self.path else member
