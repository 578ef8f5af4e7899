"""Which steps of a rule can end green at all, found for a whole centre by comparing columns.

A screen may name a step too many, never one too few: what it names is judged by the rule itself. A layer
holds the lives of one kind of rule on the same codes, at most one of each patient.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np

from threshold_engine.batch.columns import CodeColumns, Ints
from threshold_engine.limits import fences
from threshold_engine.lives import RuleLife
from threshold_engine.model import Level
from threshold_engine.rules import ChangeRule, LimitRule

_FAR: Final = 1 << 62

Lives: TypeAlias = Sequence[RuleLife | None]
"""A patient's life in the layer, or none."""


class Screen(ABC):
    """A layer of lives that judge the readings of one code, each a step."""

    @abstractmethod
    def rows(self, column: CodeColumns, first: int) -> Ints:
        """The rows of a block, whose first patient is the `first` of the layer, that can end green."""


class LimitScreen(Screen):
    """Beyond yellow, and enough others not too many rows before."""

    def __init__(self, lives: Lives) -> None:
        self._low, self._high = (_column(lives, far) for far in (-_FAR, _FAR))
        self._need, self._reach = _column(lives, 1), _column(lives, _FAR)
        for index, one in enumerate(lives):
            if one is not None and isinstance(one.rule, LimitRule):
                repetition = one.rule.repetition
                _, low, high, _ = fences(one.rule.limits)
                self._low[index], self._high[index] = _bounded(low), _bounded(high)
                self._need[index] = repetition.need
                if repetition.spacing is None:
                    self._reach[index] = repetition.of - 1
        self._alone = bool((self._need == 1).all())

    def rows(self, column: CodeColumns, first: int) -> Ints:
        values, counts = column.values, np.diff(column.starts)
        some = slice(first, first + len(counts))
        low, high = np.repeat(self._low[some], counts), np.repeat(self._high[some], counts)
        beyond: Ints = np.flatnonzero((values < low) | (values > high))
        return beyond if self._alone else self._enough(column, beyond, first)

    def _enough(self, column: CodeColumns, beyond: Ints, first: int) -> Ints:
        patient = np.searchsorted(column.starts, beyond, "right") - 1
        earlier = np.arange(len(beyond)) - (self._need[first + patient] - 1)
        there = earlier >= 0
        other = beyond[np.where(there, earlier, 0)]
        there &= (other >= column.starts[patient]) & (beyond - other <= self._reach[first + patient])
        found: Ints = beyond[there]
        return found


class ChangeScreen(Screen):
    """Moved enough against the extremes of at least as many rows as the longest window holds."""

    def __init__(self, lives: Lives) -> None:
        self._rise, self._fall = _column(lives, _FAR), _column(lives, _FAR)
        self._window = 0
        for index, one in enumerate(lives):
            if one is not None and isinstance(one.rule, ChangeRule):
                # A median lies between the extremes: against it a move only looks smaller.
                rise, fall = (one.rule.of(Level.YELLOW, side) for side in ("rise", "fall"))
                self._rise[index], self._fall[index] = _bounded(rise), _bounded(fall)
                self._window = max(self._window, one.rule.window)

    def rows(self, column: CodeColumns, first: int) -> Ints:
        counts = np.diff(column.starts)
        some = slice(first, first + len(counts))
        patient = np.repeat(np.arange(len(counts)), counts)
        rows = self._rows_in_window(column, patient)
        found = np.zeros(len(column.values), bool)
        for moves, extreme in ((self._rise[some], np.minimum), (self._fall[some], np.maximum)):
            if (moves < _FAR).any():
                moved = np.abs(column.values - _rolled(column.values, patient, rows, extreme))
                found |= moved >= np.repeat(moves, counts)
        return np.flatnonzero(found)

    def _rows_in_window(self, column: CodeColumns, patient: Ints) -> int:
        """A power of two that is more than the rows of any one patient in any window."""
        rows, times = 1, column.times
        while rows < len(times):
            near = (times[rows:] - times[:-rows] <= self._window) & (patient[rows:] == patient[:-rows])
            if not near.any():
                break
            rows *= 2
        return rows


def gaps(times: Ints, starts: Ints, patience: Ints) -> Ints:
    """The rows after which a patient's next reading comes later than her `patience` (milliseconds) allows."""
    late = np.diff(times) > np.repeat(patience, np.diff(starts))[:-1]
    late[boundaries(starts, len(times))] = False
    return np.flatnonzero(late)


def boundaries(starts: Ints, rows: int) -> Ints:
    """The last row of each patient that isn't the last of all."""
    inner: Ints = starts[1:-1]
    return inner[(inner > 0) & (inner < rows)] - 1


def _column(lives: Lives, number: int) -> Ints:
    return np.full(len(lives), number, np.int64)


def _bounded(number: int | None) -> int:
    return _FAR if number is None else max(-_FAR, min(_FAR, number))


def _rolled(values: Ints, patient: Ints, rows: int, extreme: np.ufunc) -> Ints:
    """For each row the extreme of the last `rows` rows of its patient, itself included."""
    if not len(values):
        return values
    # Each patient's values are moved out of the way of the next one's, so that hers never are the extreme.
    apart = int(values.max()) - int(values.min()) + 1
    sign = -1 if extreme is np.minimum else 1
    if apart * (int(patient[-1]) + 1) >= _FAR:
        return np.full(len(values), sign * _FAR, np.int64)
    moved = patient * (sign * apart)
    found = values + moved
    span = 1
    while span < rows:
        wider = found.copy()
        extreme(found[span:], found[:-span], out=wider[span:])
        found, span = wider, 2 * span
    rolled: Ints = found - moved
    return rolled
