"""Rules that are judged once for each instant at which a reading of any of several codes stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import TypeVar

from threshold_engine.machine import Stepwise
from threshold_engine.model import Instant
from threshold_engine.readings import Reading
from threshold_engine.rules import ONCE, Repetition
from threshold_engine.series import Series, instants
from threshold_engine.track import Life

M = TypeVar("M")


class ManyCodes(Stepwise[M]):
    """A life of such a rule; its steps are the instants of all its series."""

    __slots__ = ("_series", "_times", "_window")

    def __init__(
        self, series: Mapping[str, Series], window: int, life: Life, repetition: Repetition = ONCE
    ) -> None:
        super().__init__(tuple(sorted(series)), life, repetition)
        self._series = {code: series[code] for code in self.codes}
        self._window = window
        self._times = self._instants()

    @property
    def times(self) -> list[Instant]:
        return self._times

    @property
    def span(self) -> int:
        return self._window

    def reading(self, index: int) -> Reading:
        """Of several readings at one instant the one with the smallest code."""
        at = self._times[index]
        found = (self._at(series, code, at) for code, series in self._series.items())
        return next(reading for reading in found if reading is not None)

    def newest(self, at: Instant) -> dict[str, Reading]:
        """Code → its newest reading in (at − window, at]; codes without one are left out."""
        found: dict[str, Reading] = {}
        for code, series in self._series.items():
            reading = self._newest(series, code, at)
            if reading is not None:
                found[code] = reading
        return found

    def noted(self, at: Instant) -> None:
        if self._judged < self.life.start:
            # Of what comes in order before its life it isn't told.
            self._times = self._instants()
            return
        index = bisect_left(self._times, at)
        listed = index < len(self._times) and self._times[index] == at
        there = any(self._at(series, code, at) is not None for code, series in self._series.items())
        if there and not listed:
            self._times.insert(index, at)
        elif listed and not there:
            del self._times[index]

    def appended(self, at: Instant) -> None:
        self.noted(at)
        self.arrived(at)

    def _instants(self) -> list[Instant]:
        return instants(list(self._series.values()))

    def _at(self, series: Series, _code: str, at: Instant) -> Reading | None:
        return series.at(at)

    def _newest(self, series: Series, _code: str, at: Instant) -> Reading | None:
        return series.newest(at, self._window)
