"""Instants and durations as text and as integer milliseconds.

Source: RFC 3339 for instants, ISO 8601 for durations, narrowed as docs/engine.md says.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from threshold_engine.model import Instant

SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
LONGEST_DURATION: Final = 10_000 * DAY

_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_FIRST: Final = (date.min.toordinal() - _EPOCH_DAY) * DAY
_END: Final = (date.max.toordinal() + 1 - _EPOCH_DAY) * DAY
_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]+))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
_DURATION: Final = re.compile(
    r"P(?:([0-9]+)W)?(?:([0-9]+)D)?(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?"
)
_UNITS: Final = (7 * DAY, DAY, HOUR, MINUTE, SECOND)


def parse_instant(text: str) -> Instant:
    """The instant that an RFC 3339 text names, in milliseconds since 1970-01-01T00:00:00Z.

    Digits beyond the millisecond are cut off; second 60 is the first instant of the next minute.
    Raises ValueError where seconds or offset are left out, where the date doesn't exist, and outside
    the UTC years 1 to 9999.
    """
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise ValueError("not an instant with seconds and offset, like 2026-01-31T07:15:00Z")
    day, hour, minute, second, fraction, sign, offset_hour, offset_minute = found.groups()
    hours, minutes, seconds = int(hour), int(minute), int(second)
    if hours > 23 or minutes > 59 or seconds > 60:
        raise ValueError("no such time of day")
    at = _day_start(day) + hours * HOUR + minutes * MINUTE + seconds * SECOND
    if fraction is not None and seconds < 60:
        at += int((fraction + "00")[:3])
    if sign is not None:
        at -= _offset(sign, int(offset_hour), int(offset_minute))
    if not _FIRST <= at < _END:
        raise ValueError("outside the years 1 to 9999")
    return at


def format_instant(at: Instant) -> str:
    """An instant as the engine writes it: `2026-01-31T07:15:00.000Z`."""
    days, rest = divmod(at, DAY)
    seconds, milliseconds = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_day_text(days)}T{hour:02d}:{minute:02d}:{second:02d}.{milliseconds:03d}Z"


@lru_cache(maxsize=4096)
def _day_text(days: int) -> str:
    return date.fromordinal(days + _EPOCH_DAY).isoformat()


def parse_duration(text: str) -> int:
    """A duration such as `P3D`, `PT36H` or `P1W` in milliseconds; a day is exactly 24 h.

    Raises ValueError for months, years, fractions, nothing at all, and more than 10,000 days.
    """
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        raise ValueError("not a duration in weeks, days, hours, minutes and seconds, like P3D or PT36H")
    # Longer than this can't be within 10,000 days; it also keeps int() from choking on endless digits.
    parts = [part.lstrip("0") or "0" if part else "0" for part in found.groups()]
    if any(len(part) > 12 for part in parts):
        raise ValueError("longer than 10,000 days")
    duration = sum(int(part) * unit for part, unit in zip(parts, _UNITS, strict=True))
    if duration > LONGEST_DURATION:
        raise ValueError("longer than 10,000 days")
    return duration


@lru_cache(maxsize=4096)
def _day_start(text: str) -> Instant:
    """Midnight of a date `2026-01-31` read as UTC."""
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    if year == 0:
        # The local date may lie in the year 0 while the UTC one is already 0001-01-01.
        return (date(400, month, day).toordinal() - _days_in_400_years() - _EPOCH_DAY) * DAY
    return (date(year, month, day).toordinal() - _EPOCH_DAY) * DAY


def _days_in_400_years() -> int:
    return 400 * 365 + 97


def _offset(sign: str, hours: int, minutes: int) -> int:
    if hours > 23 or minutes > 59:
        raise ValueError("no such offset from UTC")
    offset = hours * HOUR + minutes * MINUTE
    return -offset if sign == "-" else offset
