"""Readings in the cache: put as what one resource says now, read back as the engine wants them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, Final, Literal

from local_store.context import Context
from local_store.identifiers import common_base, from_bytes
from local_store.records import Comparator, ResourceVersion, StoredReading
from local_store.settings import add_to_tally
from local_store.sources import Given, find_sources, put_sources, remove_readings
from threshold_engine.model import Instant, Value
from threshold_engine.readings import Reading

TALLY: Final = "readings"
NUMBER: Final = 0
"""The kind of a value that is millionths as it stands."""
_BOOLEAN, _WORD, _HUGE = 1, 2, 3
COMPARATORS: Final[tuple[Comparator | None, ...]] = (None, "<", ">", "<=", ">=")

_INSERT: Final = "INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_COLUMNS: Final = """r.code, r.at, r.part, r.value, r.kind, r.late, r.status, r.unit, r.comparator,
    r.display, s.type, s.id, s.version, s.head, s.core"""


def put_readings(
    context: Context, readings: Iterable[StoredReading], without: Iterable[ResourceVersion]
) -> None:
    """Replace all readings of the resources given by these; those of `without` give none (any more)."""
    by_resource: dict[str, list[StoredReading]] = {one.reference: [] for one in without}
    versions = {one.reference: one.version for one in without}
    for stored in readings:
        theirs = by_resource.setdefault(stored.resource, [])
        versions[stored.resource] = stored.version
        if stored.reading.patient:  # of a withdrawn one the engine may know no more than its id
            theirs.append(stored)
    given = {
        reference: Given(
            versions[reference],
            theirs[0].reading.patient if theirs else None,
            [stored.reading.id for stored in theirs],
        )
        for reference, theirs in by_resource.items()
    }
    numbers, removed = put_sources(context, given)
    rows = [
        row
        for reference, theirs in by_resource.items()
        for row in _rows(context, numbers[reference], reference, theirs)
    ]
    insert_readings(context, rows)
    add_to_tally(context, TALLY, len({row[:5] for row in rows}) - removed)


def insert_readings(context: Context, rows: list[tuple[int | None, ...]]) -> None:
    """Write finished rows, in the order in which they lie on disk."""
    if rows:
        rows.sort(key=itemgetter(0, 1, 2, 3, 4))
        context.connection.exec_driver_sql(_INSERT, rows)


def forget_readings(context: Context, reference: str) -> None:
    """Take away a resource with its readings: one that stood in for what the server has now."""
    for source in find_sources(context, [reference]).values():
        add_to_tally(context, TALLY, -remove_readings(context, source))
        context.connection.exec_driver_sql("DELETE FROM source WHERE n = ?", (source.n,))


def reading_versions(context: Context, kind: str, ids: Sequence[str]) -> dict[str, str | None]:
    """Logical id → versionId of those of the resources that the cache has."""
    found = find_sources(context, [f"{kind}/{logical_id}" for logical_id in ids])
    return {
        reference.partition("/")[2]: context.words.word(source.version) or None
        for reference, source in found.items()
    }


def stored_readings(
    context: Context, patient: str, since: Instant | None, codes: Iterable[str] | None = None
) -> Iterator[StoredReading]:
    """A patient's readings measured at `since` or later, by code and instant."""
    number = context.patients.find(patient)
    if number is None:
        return
    wanted = None if codes is None else [context.words.find(code) for code in codes]
    rows = (
        context.connection.exec_driver_sql(
            f"SELECT {_COLUMNS} FROM reading r JOIN source s ON s.n = r.source"  # noqa: S608 - our own columns
            " WHERE r.patient = ? AND r.at >= ? AND (? IS NULL OR r.code = ?)",
            (number, -(2**62) if since is None else since, code, code),
        )
        for code in ([None] if wanted is None else [code for code in wanted if code is not None])
    )
    for result in rows:
        for row in result:
            yield _stored(context, patient, row)


def newest_readings(context: Context, patient: str) -> list[StoredReading]:
    """The newest of each code that counts, however old; several where they stand at one instant."""
    number = context.patients.find(patient)
    if number is None:
        return []
    withdrawn = [context.words.find(status) or -1 for status in ("entered-in-error", "cancelled")]
    found = []
    for code in _codes(context, number):
        rows = context.connection.exec_driver_sql(
            f"SELECT {_COLUMNS} FROM reading r JOIN source s ON s.n = r.source"  # noqa: S608 - our own columns
            " WHERE r.patient = :patient AND r.code = :code AND r.at = (SELECT max(at) FROM reading WHERE"
            " patient = :patient AND code = :code AND status NOT IN (:wrong, :cancelled))",
            {"patient": number, "code": code, "wrong": withdrawn[0], "cancelled": withdrawn[1]},
        )
        found += [_stored(context, patient, row) for row in rows]
    return found


def last_reading(context: Context, patient: int) -> Instant | None:
    """When the newest of all was measured."""
    return max(_of_each_code(context, patient, "max"), default=None)


def first_reading(context: Context, patient: str) -> Instant | None:
    """When the oldest of all was measured."""
    number = context.patients.find(patient)
    return None if number is None else min(_of_each_code(context, number, "min"), default=None)


def _of_each_code(context: Context, patient: int, outermost: Literal["min", "max"]) -> list[Instant]:
    """The oldest or newest instant of each code: a look at the end of each code's stretch."""
    query = f"SELECT {outermost}(at) FROM reading WHERE patient = ? AND code = ?"  # noqa: S608 - our own words
    return [
        context.connection.exec_driver_sql(query, (patient, code)).scalar_one()
        for code in _codes(context, patient)
    ]


def _codes(context: Context, patient: int) -> list[int]:
    """The codes that a patient has readings of, found by leaping from stretch to stretch."""
    rows = context.connection.exec_driver_sql(
        """WITH RECURSIVE codes(code) AS (
            SELECT min(code) FROM reading WHERE patient = :patient
            UNION ALL SELECT (SELECT min(code) FROM reading WHERE patient = :patient AND code > codes.code)
            FROM codes WHERE codes.code IS NOT NULL)
        SELECT code FROM codes WHERE code IS NOT NULL""",
        {"patient": patient},
    )
    return [row[0] for row in rows]


def _rows(
    context: Context, source: int, reference: str, readings: list[StoredReading]
) -> Iterator[tuple[int | None, ...]]:
    if not readings:
        return
    words = context.words
    base = common_base(reference, [one.reading.id for one in readings])
    for stored in readings:
        reading = stored.reading
        value, kind = coded(context, reading.value)
        yield (
            context.patients.make(reading.patient),
            words.make(reading.code),
            reading.effective,
            source,
            words.number_of(reading.id[len(base) :]),
            value,
            kind,
            None if reading.received is None else reading.received - reading.effective,
            words.make(reading.status),
            words.number_of(stored.unit),
            COMPARATORS.index(stored.comparator),
            words.number_of(stored.display),
        )


def coded(context: Context, value: Value) -> tuple[int, int]:
    """A value as its two columns: an integer, and what kind of value it stands for."""
    if isinstance(value, bool):
        return int(value), _BOOLEAN
    if isinstance(value, str):
        return context.words.number_of(value), _WORD
    if not -(2**63) <= value < 2**63:
        return context.words.number_of(str(value)), _HUGE
    return value, NUMBER


def value_of(context: Context, value: int, kind: int) -> Value:
    """A value as the engine wants it, from its two columns."""
    if kind == NUMBER:
        return value
    if kind == _BOOLEAN:
        return bool(value)
    return int(context.words.word(value)) if kind == _HUGE else context.words.word(value)


def base_of(context: Context, kind: int, logical_id: bytes, head: int, core: bytes | None) -> str:
    """What the ids of a resource's readings begin with, from the columns of its source."""
    word = context.words.word
    return f"{word(kind)}/{from_bytes(logical_id)}" if core is None else word(head) + from_bytes(core)


def _stored(context: Context, patient: str, row: Sequence[Any]) -> StoredReading:
    code, at, part, value, kind, late, status, unit, comparator, display, *source = row
    type_number, logical_id, version, head, core = source
    word = context.words.word
    reference = f"{word(type_number)}/{from_bytes(logical_id)}"
    return StoredReading(
        Reading(
            base_of(context, type_number, logical_id, head, core) + word(part),
            patient,
            word(code),
            value_of(context, value, kind),
            at,
            None if late is None else at + late,
            1,
            word(status),
        ),
        reference,
        word(version) or None,
        word(unit) or None,
        COMPARATORS[comparator],
        word(display) or None,
    )
