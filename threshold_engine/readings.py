"""A reading: something measured or answered at home, and how it is read from JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeGuard

from threshold_engine.ambiguous import given_twice
from threshold_engine.canonical import canonical
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Instant, Value
from threshold_engine.numbers import as_integer, as_number, scaled, unscaled

WITHDRAWN: Final = frozenset({"entered-in-error", "cancelled"})
"""Statuses of a reading that is to be ignored, and hides its earlier versions."""

_MEMBERS: Final = ("code", "effective", "id", "patient", "received", "status", "value", "version")


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one code of one patient. Of several with one `id` the greatest `version` counts."""

    id: str
    patient: str
    code: str
    value: Value
    effective: Instant
    """When it was measured."""
    received: Instant | None = None
    """When it reached the centre."""
    version: int = 1
    status: str = "final"
    written: tuple[object, ...] | str | None = field(default=None, compare=False, repr=False)
    """Its eight members as they stood in JSON, sorted by name, or their canonical JSON.

    None where it wasn't read from JSON.
    """

    @property
    def withdrawn(self) -> bool:
        """Whether it was entered in error or cancelled."""
        return self.status in WITHDRAWN

    @property
    def canonical(self) -> str:
        """Canonical JSON of the eight members, nulls left out."""
        if isinstance(self.written, str):
            return self.written
        members = self._members() if self.written is None else self.written
        named = zip(_MEMBERS, members, strict=True)
        return canonical({name: member for name, member in named if member is not None})

    def _members(self) -> tuple[object, ...]:
        plain = isinstance(self.value, bool | str)
        return (
            self.code,
            format_instant(self.effective),
            self.id,
            self.patient,
            None if self.received is None else format_instant(self.received),
            self.status,
            self.value if plain else unscaled(int(self.value)),
            self.version,
        )


def read_reading(raw: object) -> Reading | None:
    """A reading from JSON whose numbers are int or Decimal; none where it is invalid.

    An invalid reading is as if it had never been delivered. Of a withdrawn one only `id` and `version`
    matter; the rest of it is left empty here.
    """
    if not isinstance(raw, Mapping) or not given_twice(raw).isdisjoint(_MEMBERS):
        return None
    written = tuple(map(raw.get, _MEMBERS))
    code, effective, reading_id, patient, received, status, value, version = written
    number = 1 if version is None else as_integer(version)
    status = "final" if status is None else status
    if not _is_name(reading_id) or number is None or number < 1 or not isinstance(status, str):
        return None
    if status in WITHDRAWN:
        return Reading(reading_id, "", "", "", 0, None, number, status, written)
    if not _is_name(patient) or not _is_code(code) or not isinstance(effective, str):
        return None
    try:
        at = parse_instant(effective)
        came = None if received is None else _instant(received)
        judged = _value(value)
    except ValueError:
        return None
    return Reading(reading_id, patient, code, judged, at, came, number, status, written)


def _is_name(raw: object) -> TypeGuard[str]:
    return isinstance(raw, str) and raw != ""


def _is_code(raw: object) -> TypeGuard[str]:
    """A name that can be written as UTF-8: the ids of the built-in rule's episodes are made of it."""
    return _is_name(raw) and (raw.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in raw))


def _instant(raw: object) -> Instant:
    if not isinstance(raw, str):
        raise ValueError("not an instant")  # noqa: TRY004 - one kind of error for every unreadable member
    return parse_instant(raw)


def _value(raw: object) -> Value:
    if isinstance(raw, bool | str):
        return raw
    number = as_number(raw)
    if number is None:
        raise ValueError("neither a number, a string nor a boolean")
    return scaled(number)
