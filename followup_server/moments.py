"""FHIR's dates and times as integer microseconds UTC, each a half-open range as exact as it was written.

Source: http://hl7.org/fhir/R4/datatypes.html#dateTime and http://hl7.org/fhir/R4/search.html#date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

Micros: TypeAlias = int
"""Microseconds since 1970-01-01T00:00:00Z."""

SECOND: Final = 1_000_000
EARLIEST: Final[Micros] = -62_135_596_800 * SECOND
LATEST: Final[Micros] = 253_402_300_800 * SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)


def format_micros(at: Micros) -> str:
    """`2026-01-31T07:15:00.000001Z`, always with six digits."""
    moment = _EPOCH + timedelta(microseconds=at)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def range_of(text: str) -> tuple[Micros, Micros]:
    """The half-open range [low, high) that a date, dateTime, instant or partial date stands for.

    Without a zone it is read as UTC. Raises ValueError if it isn't a date of the calendar.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError("not a FHIR date")
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if month is None:
        return _at(int(year)), _at(int(year) + 1) if year != "9999" else LATEST
    if day is None:
        return _month(int(year), int(month))
    low = _at(int(year), int(month), int(day))
    if hour is None:
        return low, low + 86_400 * SECOND
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 60:
        raise ValueError("not a time of day")
    low += (int(hour) * 3600 + int(minute) * 60 + min(int(second or 0), 59)) * SECOND
    low -= _offset(zone)
    if second is None:
        return low, low + 60 * SECOND
    if fraction is None:
        return low, low + SECOND
    low += int(fraction[:6].ljust(6, "0"))
    return low, low + 10 ** (6 - min(len(fraction), 6))


def is_zoned(text: str) -> bool:
    """Whether a well-formed date has a time of day with its zone."""
    match = _FORM.fullmatch(text)
    return match is not None and match[8] is not None


def _at(year: int, month: int = 1, day: int = 1) -> Micros:
    return (datetime(year, month, day, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def _month(year: int, month: int) -> tuple[Micros, Micros]:
    low = _at(year, month)
    if (year, month) == (9999, 12):
        return low, LATEST
    return low, _at(year + month // 12, month % 12 + 1)


def _offset(zone: str | None) -> Micros:
    if zone is None or zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError("not a zone")
    seconds = hours * 3600 + minutes * 60
    return (-seconds if zone[0] == "-" else seconds) * SECOND
