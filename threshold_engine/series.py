"""A patient's readings of one code in columns, oldest first, one at each instant."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from threshold_engine.model import Instant, Scaled
from threshold_engine.readings import Reading


def is_number(reading: Reading) -> bool:
    """Whether a reading's value is a number: a boolean is none."""
    return type(reading.value) is int


class Numbers:
    """The numeric readings of a code in columns.

    As long as all readings of the code are numbers, `times` and `readings` are the series' own lists: most
    codes never see anything else, and a reading that comes is then appended only once.
    """

    __slots__ = ("readings", "times", "values")

    def __init__(self, times: list[Instant], readings: list[Reading], values: list[Scaled]) -> None:
        self.times = times
        self.readings = readings
        self.values = values


class Series:
    """The readings of one code of one patient."""

    __slots__ = ("numbers", "readings", "times")

    def __init__(self, times: list[Instant], readings: list[Reading]) -> None:
        """`times` rising, none twice; both lists belong to the series from then on."""
        self.times = times
        self.readings = readings
        values = [reading.value for reading in readings if type(reading.value) is int]
        if len(values) == len(readings):
            self.numbers = Numbers(times, readings, values)
        else:
            kept = [index for index, reading in enumerate(readings) if is_number(reading)]
            self.numbers = Numbers([times[i] for i in kept], [readings[i] for i in kept], values)

    @classmethod
    def of_numbers(cls, times: list[Instant], readings: list[Reading], values: list[Scaled]) -> Series:
        """Readings that are known to be numbers, with their values."""
        series = cls.__new__(cls)
        series.times, series.readings = times, readings
        series.numbers = Numbers(times, readings, values)
        return series

    @property
    def all_numbers(self) -> bool:
        """Whether it has never held anything but numbers."""
        return self.numbers.times is self.times

    def at(self, at: Instant) -> Reading | None:
        """The reading at an instant."""
        index = bisect_left(self.times, at)
        return self.readings[index] if index < len(self.times) and self.times[index] == at else None

    def newest(self, at: Instant, window: int) -> Reading | None:
        """The newest reading in (at − window, at], the window in milliseconds."""
        index = bisect_right(self.times, at) - 1
        return self.readings[index] if index >= 0 and self.times[index] > at - window else None

    def put(self, at: Instant, reading: Reading) -> None:
        """Let a reading stand at an instant, instead of whichever stood there."""
        self.take(at)
        numbers = self.numbers
        if type(reading.value) is int:
            if not self.all_numbers:
                _insert(numbers.times, numbers.readings, at, reading)
            numbers.values.insert(bisect_left(numbers.times, at), reading.value)
        elif self.all_numbers:
            numbers.times, numbers.readings = self.times.copy(), list(self.readings)
        _insert(self.times, self.readings, at, reading)

    def take(self, at: Instant) -> None:
        """Let nothing stand at an instant."""
        numbers = self.numbers
        index = bisect_left(numbers.times, at)
        if index < len(numbers.times) and numbers.times[index] == at:
            del numbers.values[index]
            if not self.all_numbers:
                del numbers.times[index], numbers.readings[index]
        index = bisect_left(self.times, at)
        if index < len(self.times) and self.times[index] == at:
            del self.times[index], self.readings[index]


def instants(many: Sequence[Series]) -> list[Instant]:
    """Each instant at which any of these has a reading, oldest first."""
    return sorted({at for series in many for at in series.times})


def doubled_median(values: Sequence[Scaled]) -> int:
    """Twice the median of values in any order, so that the mean of two middle ones stays exact."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] + ordered[half - 1 if len(ordered) % 2 == 0 else half]


def _insert(times: list[Instant], readings: list[Reading], at: Instant, reading: Reading) -> None:
    index = bisect_left(times, at)
    times.insert(index, at)
    readings.insert(index, reading)
