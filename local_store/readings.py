"""Readings in the cache: put as what one resource says now, read back as the engine wants them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from local_store.context import Context
from local_store.identifiers import common_base, from_bytes, split_base, to_bytes
from local_store.records import Comparator, ResourceVersion, StoredReading
from local_store.settings import add_to_tally
from threshold_engine.model import Instant, Value
from threshold_engine.readings import Reading

TALLY: Final = "readings"
_NUMBER, _BOOLEAN, _WORD = 0, 1, 2
_COMPARATORS: Final[tuple[Comparator | None, ...]] = (None, "<", ">", "<=", ">=")

_INSERT: Final = "INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_COLUMNS: Final = """r.code, r.at, r.part, r.value, r.kind, r.late, r.status, r.unit, r.comparator,
    r.display, s.type, s.id, s.version, s.head, s.core"""


def put_readings(
    context: Context, readings: Iterable[StoredReading], without: Iterable[ResourceVersion]
) -> None:
    """Replace all readings of the resources given by these; those of `without` give none (any more)."""
    by_resource: dict[str, list[StoredReading]] = defaultdict(list)
    versions: dict[str, str | None] = {one.reference: one.version for one in without}
    for stored in readings:
        if stored.reading.patient:  # of a withdrawn one the engine may know no more than its id
            by_resource[stored.resource].append(stored)
        versions[stored.resource] = stored.version
    rows: list[tuple[int | None, ...]] = []
    gone = 0
    for reference, version in versions.items():
        theirs = by_resource.get(reference, [])
        number, removed = _put_source(context, reference, version, theirs)
        gone += removed
        rows.extend(_rows(context, number, reference, theirs))
    if rows:
        context.connection.exec_driver_sql(_INSERT, rows)
    add_to_tally(context, TALLY, len({row[:5] for row in rows}) - gone)


def forget_readings(context: Context, reference: str) -> None:
    """Take away a resource with its readings: one that stood in for what the server has now."""
    found = _source(context, reference)
    if found is not None:
        add_to_tally(context, TALLY, -_remove_rows(context, *found))
        context.connection.exec_driver_sql("DELETE FROM source WHERE n = ?", (found[0],))


def reading_versions(context: Context, kind: str, ids: Sequence[str]) -> dict[str, str | None]:
    """Logical id → versionId of those of the resources that the cache has."""
    type_number = context.words.find(kind)
    if type_number is None:
        return {}
    found: dict[str, str | None] = {}
    for logical_id in ids:
        version = context.connection.exec_driver_sql(
            "SELECT version FROM source WHERE id = ? AND type = ?", (to_bytes(logical_id), type_number)
        ).scalar()
        if version is not None:
            found[logical_id] = context.words.word(version) or None
    return found


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
    """When the newest of all was measured: a look at the end of each code's stretch."""
    newest: list[Instant] = [
        context.connection.exec_driver_sql(
            "SELECT max(at) FROM reading WHERE patient = ? AND code = ?", (patient, code)
        ).scalar_one()
        for code in _codes(context, patient)
    ]
    return max(newest, default=None)


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


def _put_source(
    context: Context, reference: str, version: str | None, readings: list[StoredReading]
) -> tuple[int, int]:
    """The source's integer, and how many readings of it were taken away."""
    patient = context.patients.make(readings[0].reading.patient) if readings else None
    kind, _, logical_id = reference.partition("/")
    base = common_base(reference, [one.reading.id for one in readings]) if readings else reference
    head, core = ("", None) if base == reference else split_base(base)
    values = (context.words.number_of(version), context.words.number_of(head), core, patient)
    known = _source(context, reference)
    if known is None:
        number = context.connection.exec_driver_sql(
            "INSERT INTO source (id, type, version, head, core, patient) VALUES (?, ?, ?, ?, ?, ?)"
            " RETURNING n",
            (to_bytes(logical_id), context.words.make(kind), *values),
        ).scalar_one()
        return int(number), 0
    removed = _remove_rows(context, *known)
    context.connection.exec_driver_sql(
        "UPDATE source SET version = ?, head = ?, core = ?, patient = ? WHERE n = ?", (*values, known[0])
    )
    return known[0], removed


def _source(context: Context, reference: str) -> tuple[int, int | None] | None:
    """A source's integer and its patient's."""
    kind, _, logical_id = reference.partition("/")
    row = context.connection.exec_driver_sql(
        "SELECT n, patient FROM source WHERE id = ? AND type = ?",
        (to_bytes(logical_id), context.words.find(kind)),
    ).one_or_none()
    return None if row is None else (int(row[0]), row[1])


def _remove_rows(context: Context, number: int, patient: int | None) -> int:
    """Look through the patient's stretch: dearer than an index, but an index costs 20 bytes a reading."""
    if patient is None:
        return 0
    return context.connection.exec_driver_sql(
        "DELETE FROM reading WHERE patient = ? AND source = ?", (patient, number)
    ).rowcount


def _rows(
    context: Context, source: int, reference: str, readings: list[StoredReading]
) -> Iterator[tuple[int | None, ...]]:
    if not readings:
        return
    words = context.words
    base = common_base(reference, [one.reading.id for one in readings])
    for stored in readings:
        reading = stored.reading
        value, kind = _coded(context, reading.value)
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
            _COMPARATORS.index(stored.comparator),
            words.number_of(stored.display),
        )


def _coded(context: Context, value: Value) -> tuple[int, int]:
    if isinstance(value, bool):
        return int(value), _BOOLEAN
    if isinstance(value, str):
        return context.words.number_of(value), _WORD
    return value, _NUMBER


def _stored(context: Context, patient: str, row: Sequence[Any]) -> StoredReading:
    code, at, part, value, kind, late, status, unit, comparator, display, *source = row
    type_number, logical_id, version, head, core = source
    word = context.words.word
    reference = f"{word(type_number)}/{from_bytes(logical_id)}"
    base = reference if core is None else word(head) + from_bytes(core)
    read: Value = value if kind == _NUMBER else bool(value) if kind == _BOOLEAN else word(value)
    return StoredReading(
        Reading(
            base + word(part),
            patient,
            word(code),
            read,
            at,
            None if late is None else at + late,
            1,
            word(status),
        ),
        reference,
        word(version) or None,
        word(unit) or None,
        _COMPARATORS[comparator],
        word(display) or None,
    )
