"""The cached readings of many patients in columns of numbers, without making a reading for each row.

Which readings are used is the engine's to say (`threshold_engine.selection`); what here does the same on
whole columns is held against it by a test. Needs numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from local_store.context import Context
from local_store.doubled_readings import Doubled, Key, doubled_readings, reading_of_row
from local_store.readings import NUMBER, base_of
from threshold_engine.batch import CodeColumns, Columns
from threshold_engine.batch.columns import BIGGEST, Ints
from threshold_engine.measures import plausible_range
from threshold_engine.model import Instant
from threshold_engine.readings import WITHDRAWN, Reading
from threshold_engine.selection import CLOCK_SLACK, Usable

Bools = NDArray[np.bool]

_NEVER: Final = -(2**62)
"""Stands for no instant of receipt, and for no beginning."""
_ROWS: Final = f"""SELECT code, at, source, part, value, kind, ifnull(late, {_NEVER}), status
    FROM reading WHERE patient = ? AND at >= ? ORDER BY code, at"""  # noqa: S608 - our own number
_SOURCE: Final = "SELECT type, id, head, core FROM source WHERE n = ?"
_WIDTH: Final = 8


class Rows(NamedTuple):
    """Columns of the readings' table, by patient, code and time."""

    patient: Ints
    """Index of the patient among those asked for."""
    code: Ints
    at: Ints
    source: Ints
    part: Ints
    value: Ints
    kind: Ints
    late: Ints
    status: Ints

    def only(self, kept: Bools) -> Rows:
        """Some of the rows."""
        return Rows(*(column[kept] for column in self))


def reading_columns(
    context: Context,
    patients: Sequence[str],
    since: Instant | None,
    now: Instant,
    shown: Callable[[int], None] = lambda _done: None,
) -> Columns:
    """The readings of these patients measured at `since` or later (None: all) that are used at `now`.

    `shown` is told how many patients have been read. Ids are looked up when somebody asks for one: only as
    long as the transaction lasts.
    """
    reader = _Reader(context, patients, now)
    rows = reader.used(reader.read(_NEVER if since is None else since, shown), doubled_readings(context))
    implausible = reader.implausible(rows)
    plausible = ~implausible & (rows.at <= now)
    unfit = plausible & _with_any(rows, plausible & ~_fits(rows))
    others = reader.others(rows, np.flatnonzero(implausible | unfit))
    return Columns(tuple(patients), reader.columns(rows.only(plausible & ~unfit)), others)


def _fits(rows: Rows) -> Bools:
    """Whether each is a number that columns can hold."""
    found: Bools = (rows.kind == NUMBER) & (rows.value > -BIGGEST) & (rows.value < BIGGEST)
    return found


def _with_any(rows: Rows, some: Bools) -> Bools:
    """Whether each is of a patient and a code of which any row is among some."""
    pairs = rows.patient * (int(rows.code.max(initial=0)) + 1) + rows.code
    return np.isin(pairs, np.unique(pairs[some]))


class _Reader:
    def __init__(self, context: Context, patients: Sequence[str], now: Instant) -> None:
        self._context, self._patients, self._now = context, patients, now
        self._numbers = [context.patients.find(patient) or 0 for patient in patients]

    def read(self, since: Instant, shown: Callable[[int], None]) -> Rows:
        run = self._context.connection.exec_driver_sql
        counts: list[int] = []
        parts: list[Ints] = []
        for done, number in enumerate(self._numbers):
            rows = run(_ROWS, (number, since)).all()
            flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * _WIDTH)
            parts.append(flat.reshape(-1, _WIDTH))
            counts.append(len(rows))
            shown(done + 1)
        table = np.concatenate(parts) if parts else np.zeros((0, _WIDTH), np.int64)
        patient = np.repeat(np.arange(len(counts)), counts)
        return Rows(patient, *(np.ascontiguousarray(table[:, index]) for index in range(_WIDTH)))

    def used(self, rows: Rows, doubled: Doubled) -> Rows:
        """Those that aren't withdrawn and don't lose against another of the same id."""
        words = [self._context.words.find(status) for status in WITHDRAWN]
        kept = ~np.isin(rows.status, [word for word in words if word is not None])
        for index in np.flatnonzero(np.isin(rows.source, list(doubled.sources))).tolist():
            columns = (rows.code, rows.at, rows.source, rows.part)
            key = Key(self._numbers[rows.patient[index]], *(int(column[index]) for column in columns))
            kept[index] &= key not in doubled.unused
        return rows.only(kept)

    def implausible(self, rows: Rows) -> Bools:
        """Whether each was measured too long after it was received, or is out of its code's range."""
        found: Bools = (rows.late != _NEVER) & (-rows.late > CLOCK_SLACK)
        for number in np.unique(rows.code).tolist():
            span = plausible_range(self._context.words.word(number))
            if span is not None:
                within = (rows.kind == NUMBER) & (rows.value >= span[0]) & (rows.value <= span[1])
                found |= (rows.code == number) & ~within
        return found

    def others(self, rows: Rows, indices: Ints) -> dict[str, Usable]:
        """Patient → her readings in these rows, which don't go into columns."""
        found: dict[str, Usable] = {}
        cuts = np.flatnonzero(np.diff(rows.patient[indices])) + 1
        for mine in np.split(indices, cuts) if len(indices) else ():
            usable = found[self._patients[int(rows.patient[mine[0]])]] = Usable()
            usable.fill((self._reading(rows, index) for index in mine.tolist()), self._now)
        return found

    def columns(self, rows: Rows) -> dict[str, CodeColumns]:
        """Columns of each code; of several rows of a patient at one instant that with the greatest id."""
        rows = rows.only(self._standing(rows))
        order = np.argsort(rows.code, kind="stable")
        codes, firsts = np.unique(rows.code[order], return_index=True)
        bounds = [*firsts.tolist(), len(order)]
        return {
            self._context.words.word(code): self._of_code(rows, order[bounds[n] : bounds[n + 1]])
            for n, code in enumerate(codes.tolist())
        }

    def _of_code(self, rows: Rows, mine: Ints) -> CodeColumns:
        starts = np.searchsorted(rows.patient[mine], np.arange(len(self._patients) + 1))
        source, part = rows.source[mine], rows.part[mine]
        return CodeColumns(
            starts.astype(np.int64),
            rows.at[mine],
            rows.value[mine],
            lambda row: self._id(int(source[row]), int(part[row])),
        )

    def _standing(self, rows: Rows) -> Bools:
        same = np.ones(max(0, len(rows.at) - 1), bool)
        for column in (rows.patient, rows.code, rows.at):
            same &= column[1:] == column[:-1]
        kept = np.ones(len(rows.at), bool)
        best, best_id, before = 0, "", -2
        for index in np.flatnonzero(same).tolist():
            if index != before + 1:
                best, best_id = index, self._id_in(rows, index)
            other, other_id = index + 1, self._id_in(rows, index + 1)
            kept[best if other_id > best_id else other] = False
            if other_id > best_id:
                best, best_id = other, other_id
            before = index
        return kept

    def _id_in(self, rows: Rows, index: int) -> str:
        return self._id(int(rows.source[index]), int(rows.part[index]))

    def _id(self, source: int, part: int) -> str:
        return base_of(self._context, *self._source(source)) + self._context.words.word(part)

    def _source(self, number: int) -> Any:
        return self._context.connection.exec_driver_sql(_SOURCE, (number,)).one()

    def _reading(self, rows: Rows, index: int) -> Reading:
        patient, code, at, source, part, value, kind, late, status = (int(column[index]) for column in rows)
        key = (self._numbers[patient], code, at, source, part)
        came = None if late == _NEVER else late
        return reading_of_row(self._context, (*key, value, kind, came, status, *self._source(source)))
