"""Lives of one kind of rule on the same codes, at most one of each patient, judged for a whole centre."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from threshold_engine.batch.centre import Centre
from threshold_engine.batch.columns import CodeColumns, Columns, Ints
from threshold_engine.batch.screens import Lives, Screen, gaps
from threshold_engine.machine import Stepwise
from threshold_engine.missing import Gap, MissingTrack
from threshold_engine.model import Instant
from threshold_engine.plans import Plan
from threshold_engine.rules import MissingRule
from threshold_engine.track import FAR

_ROWS_AT_A_TIME: Final = 1 << 16
"""So that a block's columns stay in the processor's cache."""


FAR_AWAY: Final = 1 << 61
"""Later than any instant, and still within 64 bits when an instant is taken from it."""


class Layer(ABC):
    """Such lives, made ready."""

    @abstractmethod
    def judge(self, centre: Centre) -> None:
        """Judge them on a centre's readings."""


class ScreenedLayer(Layer):
    """Lives that judge the readings of one code, each a step."""

    def __init__(self, code: str, lives: Lives, screen: Screen) -> None:
        self._code = code
        self._lives = lives
        self._screen = screen

    def judge(self, centre: Centre) -> None:
        odd = centre.odd(self._code)
        for index in sorted(odd):
            one = self._lives[index]
            if one is not None:
                centre.judge(index, one)
        column = centre.columns.codes.get(self._code)
        for first, block in _blocks(column) if column is not None else ():
            rows = self._screen.rows(block, first)
            for index, steps in _by_patient(block.starts, rows):
                one = self._lives[first + index]
                if one is not None and first + index not in odd:
                    track = centre.track(first + index, one)
                    if isinstance(track, Stepwise):
                        track.begin_among(steps)
                    centre.keep(first + index, one.rule.id, track)


class MissingLayer(Layer):
    """Lives that wait for any of some codes: only too long a wait, a pause or an end needs a closer look."""

    def __init__(self, codes: tuple[str, ...], lives: Lives, plans: Sequence[Plan]) -> None:
        self._codes = codes
        self._lives = lives
        self._patience = np.full(len(lives), FAR_AWAY, np.int64)
        self._start = np.full(len(lives), FAR_AWAY, np.int64)
        self._plain = np.zeros(len(lives), bool)
        for index, one in enumerate(lives):
            if one is not None and isinstance(one.rule, MissingRule):
                self._patience[index] = one.rule.every + one.rule.grace
                self._start[index] = one.life.start
                self._plain[index] = one.life.end is None and not plans[index].pauses

    def judge(self, centre: Centre) -> None:
        now = centre.now
        times, starts = _together(centre.columns, self._codes)
        late = dict(_by_patient(starts, gaps(times, starts, self._patience)))
        plain = self._plain.copy()
        for code in self._codes:
            plain[list(centre.odd(code))] = False
        alive = self._start <= now
        calm = alive & plain & self._in_time(times, starts, now)
        for index in np.flatnonzero(alive & ~calm).tolist() + [i for i in late if calm[i]]:
            one = self._lives[index]
            if one is None:
                continue
            if not plain[index]:
                centre.judge(index, one)
                continue
            mine = times[starts[index] : starts[index + 1]]
            track = centre.track(index, one)
            if isinstance(track, MissingTrack):
                waits = self._waits(index, mine, late.get(index, []), now)
                track.begin_among((self._gap(centre, index, mine, *wait) for wait in waits), now)
            centre.keep(index, one.rule.id, track)

    def _in_time(self, times: Ints, starts: Ints, now: Instant) -> NDArray[np.bool]:
        """Who has readings whose first came soon after the start and whose last not too long ago."""
        found = starts[1:] > starts[:-1]
        if len(times):
            first = times[np.minimum(starts[:-1], len(times) - 1)]
            last = times[np.maximum(starts[1:] - 1, 0)]
            found &= (first >= self._start) & (first - self._start <= self._patience)
            found &= now - last < self._patience
        return found

    def _waits(
        self, index: int, times: Ints, late: Sequence[int], now: Instant
    ) -> Iterator[tuple[Instant, int | None]]:
        """The waits that are too long: since the start or a reading, and her row of the next one, if any."""
        start, patience = int(self._start[index]), int(self._patience[index])
        if not len(times):
            yield start, None
            return
        begin = 0 if times[0] >= start else int(np.searchsorted(times, start))
        if begin == len(times):
            yield start, None
            return
        if int(times[begin]) - start > patience:
            yield start, begin
        yield from ((int(times[row]), row + 1) for row in late if row >= begin)
        last = int(times[-1])
        if now - last >= patience:
            yield last, None

    def _gap(self, centre: Centre, index: int, times: Ints, since: Instant, row: int | None) -> Gap:
        if row is None:
            return Gap(since, FAR, None)
        until = int(times[row])
        if len(self._codes) > 1:
            return Gap(since, until, centre.reading_at(index, self._codes, until))
        column = centre.columns.codes[self._codes[0]]
        return Gap(since, until, column.id_at(int(column.starts[index]) + row))


def _blocks(column: CodeColumns) -> Iterator[tuple[int, CodeColumns]]:
    """(index of the first patient, columns) of some patients at a time."""
    starts, first, last = column.starts, 0, len(column.starts) - 1
    while first < last:
        row = int(starts[first])
        end = int(np.searchsorted(starts, row + _ROWS_AT_A_TIME, "right")) - 1
        end = min(max(end, first + 1), last)
        rows = slice(row, int(starts[end]))
        mine = starts[first : end + 1] - row
        yield first, CodeColumns(mine, column.times[rows], column.values[rows], column.id_at)
        first = end


def _by_patient(starts: Ints, rows: Ints) -> Iterator[tuple[int, list[int]]]:
    """(patient's index, her rows counted from her first) of rows that rise."""
    if not len(rows):
        return
    patient = np.searchsorted(starts, rows, "right") - 1
    own = (rows - starts[patient]).tolist()
    cuts = np.flatnonzero(np.diff(patient)) + 1
    bounds = [0, *cuts.tolist(), len(rows)]
    for begin, end in pairwise(bounds):
        yield int(patient[begin]), own[begin:end]


def _together(columns: Columns, codes: tuple[str, ...]) -> tuple[Ints, Ints]:
    """The instants at which a patient has a reading of any of the codes, by patient and time, with starts."""
    found = [columns.codes[code] for code in codes if code in columns.codes]
    patients = len(columns.patients)
    if not found:
        return np.zeros(0, np.int64), np.zeros(patients + 1, np.int64)
    if len(found) == 1:
        return found[0].times, found[0].starts
    patient = np.concatenate([np.repeat(np.arange(patients), np.diff(one.starts)) for one in found])
    times = np.concatenate([one.times for one in found])
    order = np.lexsort((times, patient))
    times, patient = times[order], patient[order]
    another = np.ones(len(times), bool)
    another[1:] = (np.diff(times) != 0) | (np.diff(patient) != 0)
    times, patient = times[another], patient[another]
    return times, np.searchsorted(patient, np.arange(patients + 1))
