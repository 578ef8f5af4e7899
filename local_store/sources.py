"""The resources that readings were made from: found and put a page at a time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from local_store.context import Context
from local_store.identifiers import common_base, split_base, to_bytes

_FIND: Final = """SELECT j.value, s.n, s.patient, s.version FROM json_each(?) j
    CROSS JOIN source s ON s.id = unhex(j.value) AND s.type = ?"""
_INSERT: Final = """INSERT INTO source (n, id, type, version, head, core, patient)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""
_UPDATE: Final = "UPDATE source SET version = ?, head = ?, core = ?, patient = ? WHERE n = ?"


class Source(NamedTuple):
    """A resource in the cache: its integer, its patient's, and the word of its version."""

    n: int
    patient: int | None
    version: int


class Given(NamedTuple):
    """A resource to put: its version, the patient of its readings, and the engine's ids of them."""

    version: str | None
    patient: str | None
    ids: Sequence[str]


def find_sources(context: Context, references: Iterable[str]) -> dict[str, Source]:
    """Those of some references (`Observation/<id>`) that the cache has, in one query for each type."""
    by_type: dict[str, dict[str, str]] = defaultdict(dict)
    for reference in references:
        kind, _, logical_id = reference.partition("/")
        by_type[kind][to_bytes(logical_id).hex()] = reference
    found: dict[str, Source] = {}
    for kind, coded in by_type.items():
        type_number = context.words.find(kind)
        if type_number is None:
            continue
        rows = context.connection.exec_driver_sql(_FIND, (json.dumps(list(coded)), type_number))
        found.update({coded[row[0]]: Source(row[1], row[2], row[3]) for row in rows})
    return found


def put_sources(context: Context, given: Mapping[str, Given]) -> tuple[dict[str, int], int]:
    """Put resources: reference → integer, and how many readings of earlier versions were taken away."""
    known = find_sources(context, given)
    numbers: dict[str, int] = {reference: source.n for reference, source in known.items()}
    removed = sum(remove_readings(context, source) for source in known.values())
    last: int = context.connection.exec_driver_sql("SELECT coalesce(max(n), 0) FROM source").scalar_one()
    added: list[tuple[object, ...]] = []
    changed: list[tuple[object, ...]] = []
    for reference, one in given.items():
        values = _values(context, reference, one)
        if reference in known:
            changed.append((*values, known[reference].n))
            continue
        kind, _, logical_id = reference.partition("/")
        numbers[reference] = last + len(added) + 1
        added.append((numbers[reference], to_bytes(logical_id), context.words.make(kind), *values))
    for statement, rows in ((_INSERT, added), (_UPDATE, changed)):
        if rows:
            context.connection.exec_driver_sql(statement, rows)
    return numbers, removed


def remove_readings(context: Context, source: Source) -> int:
    """Take a resource's readings away, by looking through its patient's stretch.

    Dearer than an index, but an index costs 20 bytes a reading, and few resources ever change.
    """
    if source.patient is None:
        return 0
    return context.connection.exec_driver_sql(
        "DELETE FROM reading WHERE patient = ? AND source = ?", (source.patient, source.n)
    ).rowcount


def _values(context: Context, reference: str, given: Given) -> tuple[int, int, bytes | None, int | None]:
    """Version, head, core and patient, as the table has them."""
    base = common_base(reference, given.ids) if given.ids else reference
    head, core = ("", None) if base == reference else split_base(base)
    patient = None if given.patient is None else context.patients.make(given.patient)
    return context.words.number_of(given.version), context.words.number_of(head), core, patient
