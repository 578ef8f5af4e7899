"""A whole centre's readings in columns of numbers, for the batch judge.

Only what engine and array both hold exactly goes into the columns: plausible numbers of at most 62 bits. The
readings of a code of a patient who has anything else of it, and the implausible ones, stay as they are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from threshold_engine.model import Instant, Scaled
from threshold_engine.readings import Reading
from threshold_engine.selection import Usable, usable
from threshold_engine.series import Series

Ints: TypeAlias = NDArray[np.int64]

BIGGEST: Final = 1 << 61
"""Numbers as big as this don't go into columns: their differences would not fit 64 bits."""


@dataclass(frozen=True, slots=True)
class CodeColumns:
    """The readings of one code, by patient and then by time, at most one of a patient at an instant."""

    starts: Ints
    """Where each patient's rows begin, and at the end where the last one's end: n patients + 1."""
    times: Ints
    """Instants."""
    values: Ints
    """Millionths, plausible, below `BIGGEST` in size."""
    id_at: Callable[[int], str]
    """The id of the reading in a row."""

    def __post_init__(self) -> None:
        """Refuse columns that aren't in order: the answer would be wrong. Raises ValueError."""
        if len(self.times) != len(self.values) or self.starts[-1] != len(self.times):
            raise ValueError("columns of one code must be of one length")
        steps = np.diff(self.times) <= 0
        inner = self.starts[1:-1]
        steps[inner[(inner > 0) & (inner < len(self.times))] - 1] = False
        if steps.any() or (np.diff(self.starts) < 0).any():
            raise ValueError("a patient's rows must be in order of time, one at each instant")

    def reading_at(self, index: int, at: Instant) -> str | None:
        """The id of a patient's reading at an instant, if she has one."""
        first, last = int(self.starts[index]), int(self.starts[index + 1])
        row = bisect_left(self.times, at, first, last)
        return self.id_at(row) if row < last and self.times[row] == at else None


@dataclass(frozen=True, slots=True)
class Columns:
    """A centre's readings up to an instant."""

    patients: Sequence[str]
    codes: Mapping[str, CodeColumns]
    others: Mapping[str, Usable]
    """Patient → series of the codes that are not in the columns for her, and her implausible readings."""

    @classmethod
    def of_readings(cls, readings: Iterable[Reading], now: Instant, patients: Sequence[str]) -> Columns:
        """The readings of these patients that are used at `now`, in any order, doubled ones too."""
        used = usable(readings, now, set(patients))
        fit: dict[str, dict[str, Series]] = {}
        others: dict[str, Usable] = {}
        for patient, mine in used.items():
            odd = Usable()
            odd.implausible = mine.implausible
            for code, series in mine.plausible.items():
                if _fits(series):
                    fit.setdefault(code, {})[patient] = series
                else:
                    odd.plausible[code] = series
            if odd.implausible or odd.plausible:
                others[patient] = odd
        codes = {code: _columns(patients, series) for code, series in fit.items()}
        return cls(tuple(patients), codes, others)

    def __len__(self) -> int:
        """How many readings are in the columns."""
        return sum(len(column.times) for column in self.codes.values())


class Rows(Sequence[Reading]):
    """Readings made of rows when somebody asks for one: most rows are never asked for."""

    __slots__ = ("_code", "_column", "_first", "_last", "_patient")

    def __init__(self, patient: str, code: str, column: CodeColumns, first: int, last: int) -> None:
        self._patient, self._code, self._column = patient, code, column
        self._first, self._last = first, last

    def __len__(self) -> int:
        return self._last - self._first

    def __getitem__(self, index: int) -> Reading:  # type: ignore[override]
        row = range(self._first, self._last)[index]
        column = self._column
        value, at = int(column.values[row]), int(column.times[row])
        return Reading(column.id_at(row), self._patient, self._code, value, at)

    def __iter__(self) -> Iterator[Reading]:
        return (self[index] for index in range(len(self)))


class OfColumns(Usable):
    """One patient's readings, taken out of the columns code by code as somebody asks for them."""

    __slots__ = ("_columns", "_index")

    def __init__(self, columns: Columns, index: int) -> None:
        super().__init__()
        self._columns = columns
        self._index = index
        odd = columns.others.get(columns.patients[index])
        if odd is not None:
            self.plausible = dict(odd.plausible)
            self.implausible = dict(odd.implausible)

    def series(self, code: str) -> Series:
        found = self.plausible.get(code)
        if found is None:
            found = self.plausible[code] = self._of_rows(code)
        return found

    def _of_rows(self, code: str) -> Series:
        column = self._columns.codes.get(code)
        if column is None:
            return Series([], [])
        first, last = int(column.starts[self._index]), int(column.starts[self._index + 1])
        # Nothing is ever put into a series of columns, so that it needs no real list.
        rows = cast("list[Reading]", Rows(self._columns.patients[self._index], code, column, first, last))
        return Series.of_numbers(column.times[first:last].tolist(), rows, column.values[first:last].tolist())


def _fits(series: Series) -> bool:
    return series.all_numbers and all(-BIGGEST < value < BIGGEST for value in series.numbers.values)


def _columns(patients: Sequence[str], series: Mapping[str, Series]) -> CodeColumns:
    times: list[Instant] = []
    values: list[Scaled] = []
    ids: list[str] = []
    starts = [0]
    for patient in patients:
        mine = series.get(patient)
        if mine is not None:
            times += mine.times
            values += mine.numbers.values
            ids += [reading.id for reading in mine.readings]
        starts.append(len(times))
    return CodeColumns(
        np.array(starts, np.int64), np.array(times, np.int64), np.array(values, np.int64), ids.__getitem__
    )
