"""Which of the delivered readings are used, and at which instant each stands."""

from __future__ import annotations

from collections.abc import Container, Iterable
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

from threshold_engine.instants import MINUTE
from threshold_engine.measures import plausible_value
from threshold_engine.model import Instant
from threshold_engine.readings import WITHDRAWN, Reading
from threshold_engine.series import Series

CLOCK_SLACK: Final = 10 * MINUTE
"""How far a device's clock may be ahead of the instant of receipt."""


class Place(NamedTuple):
    """Where a reading stands."""

    plausible: bool
    code: str
    at: Instant


class Usable:
    """One patient's readings that are used: plausible ones, and those only the built-in rule looks at."""

    __slots__ = ("_ahead", "_rivals", "implausible", "plausible")

    def __init__(self) -> None:
        self.plausible: dict[str, Series] = {}
        self.implausible: dict[str, Series] = {}
        self._ahead: list[tuple[Instant, str, Reading]] = []
        self._rivals: dict[Place, list[Reading]] = {}
        """Readings that stand where another of a greater id stands, too."""

    @property
    def ahead(self) -> Instant | None:
        """The earliest instant after now at which a reading stands that isn't seen yet."""
        return self._ahead[0][0] if self._ahead else None

    def series(self, code: str) -> Series:
        """The plausible readings of a code, those to come included."""
        found = self.plausible.get(code)
        if found is None:
            found = self.plausible[code] = Series([], [])
        return found

    def fill(self, readings: Iterable[Reading], now: Instant) -> None:
        """Take in many readings, one for each id, where there are none yet."""
        gathered: dict[tuple[bool, str], list[tuple[Instant, str, Reading]]] = {}
        for reading in readings:
            at, plausible = standing(reading)
            if at > now:
                self._ahead.append((at, reading.id, reading))
            else:
                gathered.setdefault((plausible, reading.code), []).append((at, reading.id, reading))
        heapify(self._ahead)
        for (plausible, code), rows in gathered.items():
            rows.sort()
            last = {at: reading for at, _, reading in rows}
            (self.plausible if plausible else self.implausible)[code] = Series(
                list(last), list(last.values())
            )
            if len(last) < len(rows):
                for at, _, reading in rows:
                    if last[at] is not reading:
                        self._rivals.setdefault(Place(plausible, code, at), []).append(reading)

    def add(self, reading: Reading, now: Instant) -> Place | None:
        """Take in a reading; gives where it stands, or none where it changes nothing up to now."""
        at, plausible = standing(reading)
        if at > now:
            heappush(self._ahead, (at, reading.id, reading))
            return None
        place = Place(plausible, reading.code, at)
        series = self._of(place)
        other = series.at(at)
        if other is not None:
            beaten = min(reading, other, key=lambda one: one.id)
            self._rivals.setdefault(place, []).append(beaten)
            if beaten is reading:
                return None
        series.put(at, reading)
        return place

    def remove(self, reading: Reading, now: Instant) -> Place | None:
        """Leave out a reading that was taken in; gives where it stood, or none as for `add`."""
        at, plausible = standing(reading)
        if at > now:
            self._ahead = [entry for entry in self._ahead if entry[1] != reading.id]
            heapify(self._ahead)
            return None
        place = Place(plausible, reading.code, at)
        series = self._of(place)
        rivals = self._rivals.pop(place, [])
        stands = series.at(at)
        if stands is None or stands.id != reading.id:
            left = [rival for rival in rivals if rival.id != reading.id]
            if left:
                self._rivals[place] = left
            return None
        if not rivals:
            series.take(at)
            return place
        best = max(rivals, key=lambda one: one.id)
        series.put(at, best)
        if len(rivals) > 1:
            self._rivals[place] = [rival for rival in rivals if rival is not best]
        return place

    def caught_up(self, now: Instant) -> list[Place]:
        """Let those that were dated ahead and no longer are take their places."""
        places: list[Place] = []
        while self._ahead and self._ahead[0][0] <= now:
            place = self.add(heappop(self._ahead)[2], now)
            if place is not None:
                places.append(place)
        return places

    def _of(self, place: Place) -> Series:
        if place.plausible:
            return self.series(place.code)
        return self.implausible.setdefault(place.code, Series([], []))


def is_newer(reading: Reading, other: Reading) -> bool:
    """Whether of two readings with one id the first counts: by version, and then by canonical JSON."""
    if reading.version != other.version:
        return reading.version > other.version
    return reading.canonical > other.canonical


def newest_versions(readings: Iterable[Reading]) -> dict[str, Reading]:
    """One reading for each id: the greatest version, and of several of that the greatest canonical JSON."""
    newest: dict[str, Reading] = {}
    for reading in readings:
        known = newest.setdefault(reading.id, reading)
        if known is not reading and is_newer(reading, known):
            newest[reading.id] = reading
    return newest


def standing(reading: Reading) -> tuple[Instant, bool]:
    """The instant at which a reading stands, and whether it is plausible there."""
    if reading.received is not None and reading.effective - reading.received > CLOCK_SLACK:
        return reading.received, False
    return reading.effective, plausible_value(reading.code, reading.value)


def usable(readings: Iterable[Reading], now: Instant, patients: Container[str]) -> dict[str, Usable]:
    """The readings that are used at `now`, for each of these patients who has any (also only ahead)."""
    mine: dict[str, list[Reading]] = {}
    for reading in newest_versions(readings).values():
        if reading.patient in patients and reading.status not in WITHDRAWN:
            mine.setdefault(reading.patient, []).append(reading)
    found: dict[str, Usable] = {}
    for patient, theirs in mine.items():
        found[patient] = Usable()
        found[patient].fill(theirs, now)
    return found
