"""Readings whose id another reading has too: which of them is not used.

A server may hold two resources with one identifier. Of an id the engine uses one reading, among all patients
and codes; here those that it would not use are found without making every id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, NamedTuple

from local_store.context import Context
from local_store.readings import base_of, value_of
from threshold_engine.readings import Reading
from threshold_engine.selection import newest_versions


class Key(NamedTuple):
    """A row of the readings' table: its primary key."""

    patient: int
    code: int
    at: int
    source: int
    part: int


@dataclass(frozen=True, slots=True)
class Doubled:
    """What was found."""

    sources: Collection[int]
    """The resources any of whose readings is not used."""
    unused: Collection[Key]


_SHARED: Final = """SELECT n, patient FROM source WHERE core IN
    (SELECT core FROM source WHERE core IS NOT NULL GROUP BY core HAVING count(*) > 1)"""
_ROWS: Final = """SELECT r.patient, r.code, r.at, r.source, r.part, r.value, r.kind, r.late, r.status,
    s.type, s.id, s.head, s.core FROM reading r JOIN source s ON s.n = r.source"""
_ODD_BASES: Final = """SELECT EXISTS (SELECT 1 FROM source
    WHERE (substr(core, 1, 1) = x'00' AND (instr(core, x'23') OR (head = 0 AND instr(core, x'2f'))))
    OR (substr(id, 1, 1) = x'00' AND instr(id, x'23')))"""


def doubled_readings(context: Context) -> Doubled:
    """All readings in the cache that lose against another of the same id."""
    rows: Iterable[Any]
    if _ids_say_where_they_split(context):
        # Two readings of one id then come from two resources of one base, which share its core.
        shared = context.connection.exec_driver_sql(_SHARED).all()
        rows = chain.from_iterable(
            context.connection.exec_driver_sql(_ROWS + " WHERE r.patient = ? AND r.source = ?", (patient, n))
            for n, patient in shared
        )
    else:
        rows = context.connection.exec_driver_sql(_ROWS)
    found = {Key(*row[:5]): reading_of_row(context, row) for row in rows}
    used = {id(reading) for reading in newest_versions(found.values()).values()}
    unused = frozenset(key for key, reading in found.items() if id(reading) not in used)
    return Doubled(frozenset(key.source for key in unused), unused)


def reading_of_row(context: Context, row: Any) -> Reading:
    """A reading as the engine wants it, from the columns of its row and its source's."""
    patient, code, at, _, part, value, kind, late, status, *source = row
    word = context.words.word
    return Reading(
        base_of(context, *source) + word(part),
        context.patients.text(patient),
        word(code),
        value_of(context, value, kind),
        at,
        None if late is None else at + late,
        1,
        word(status),
    )


def _ids_say_where_they_split(context: Context) -> bool:
    """Whether base and part of every id can be told from the id alone, so that equal ids split alike.

    So it is where each is `<system>|<value>` or `<type>/<id>`, and at most one `#` begins the part.
    """
    run, word = context.connection.exec_driver_sql, context.words.word
    if run(_ODD_BASES).scalar_one():
        return False
    heads = [word(number) for (number,) in run("SELECT DISTINCT head FROM source")]
    parts = [word(number) for (number,) in run("SELECT DISTINCT part FROM reading")]
    return all("#" not in head and ("|" in head or "/" not in head) for head in heads) and all(
        part == "" or (part.startswith("#") and part.count("#") == 1) for part in parts
    )
