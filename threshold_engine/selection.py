"""Which of the delivered readings are used, and at which instant each stands."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Final, NamedTuple

from threshold_engine.instants import MINUTE
from threshold_engine.measures import plausible_value
from threshold_engine.model import Instant, Scaled
from threshold_engine.readings import WITHDRAWN, Reading

CLOCK_SLACK: Final = 10 * MINUTE
"""How far a device's clock may be ahead of the instant of receipt."""


class Numbers(NamedTuple):
    """The numeric readings of a code in columns, oldest first, one at each instant."""

    times: list[Instant]
    values: list[Scaled]
    ids: list[str]


_NO_NUMBERS: Final = Numbers([], [], [])


class Series:
    """The readings of one code of one patient, oldest first, one at each instant."""

    __slots__ = ("_numbers", "readings", "times")

    def __init__(self, times: list[Instant], readings: list[Reading]) -> None:
        self.times = times
        self.readings = readings
        self._numbers: Numbers | None = None

    @property
    def numbers(self) -> Numbers:
        """Those whose value is a number."""
        if self._numbers is None:
            found = [
                (at, reading.value, reading.id)
                for at, reading in zip(self.times, self.readings, strict=True)
                if isinstance(reading.value, int) and not isinstance(reading.value, bool)
            ]
            times, values, ids = zip(*found, strict=True) if found else ((), (), ())
            self._numbers = Numbers(list(times), list(values), list(ids))
        return self._numbers


class Usable:
    """A patient's readings that are used: plausible ones, and those only the built-in rule looks at."""

    __slots__ = ("ahead", "implausible", "plausible")

    def __init__(self) -> None:
        self.plausible: dict[str, Series] = {}
        self.implausible: dict[str, Series] = {}
        self.ahead: Instant | None = None
        """The earliest instant after now at which a reading stands that isn't seen yet."""

    def numbers(self, code: str) -> Numbers:
        """The plausible numeric readings of a code."""
        series = self.plausible.get(code)
        return _NO_NUMBERS if series is None else series.numbers


def newest_versions(readings: Iterable[Reading]) -> Iterable[Reading]:
    """One reading for each id: the greatest version, and of several of that the greatest canonical JSON."""
    newest: dict[str, Reading] = {}
    for reading in readings:
        known = newest.setdefault(reading.id, reading)
        if known is reading:
            continue
        if reading.version > known.version or (
            reading.version == known.version and reading.canonical > known.canonical
        ):
            newest[reading.id] = reading
    return newest.values()


def standing(reading: Reading) -> tuple[Instant, bool]:
    """The instant at which a reading stands, and whether it is plausible there."""
    if reading.received is not None and reading.effective - reading.received > CLOCK_SLACK:
        return reading.received, False
    return reading.effective, plausible_value(reading.code, reading.value)


def usable(readings: Iterable[Reading], now: Instant, patients: Container[str]) -> dict[str, Usable]:
    """The readings that are used at `now`, for each of these patients who has any (also only ahead)."""
    found: dict[str, Usable] = {}
    gathered: dict[tuple[str, bool, str], list[tuple[Instant, str, Reading]]] = {}
    for reading in newest_versions(readings):
        patient = reading.patient
        if reading.status in WITHDRAWN or patient not in patients:
            continue
        at, plausible = standing(reading)
        if at <= now:
            gathered.setdefault((patient, plausible, reading.code), []).append((at, reading.id, reading))
            continue
        mine = found.setdefault(patient, Usable())
        mine.ahead = at if mine.ahead is None else min(mine.ahead, at)
    for (patient, plausible, code), rows in gathered.items():
        mine = found.setdefault(patient, Usable())
        (mine.plausible if plausible else mine.implausible)[code] = _series(rows)
    return found


def _series(rows: list[tuple[Instant, str, Reading]]) -> Series:
    """A series of rows in any order; of several at one instant the one with the greatest id."""
    rows.sort()
    last = {at: reading for at, _, reading in rows}
    return Series(list(last), list(last.values()))
