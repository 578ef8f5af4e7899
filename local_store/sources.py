"""The resources that readings were made from: found and put a page at a time.

The compact feed may tell of a resource without its logical id, by a number of the server's own (its handle).
Such a one is *unnamed* until somebody tells its id. Whichever way a resource comes, it must meet the row that
it has already: by its id, by its handle, else by its patient and what its readings' ids begin with.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from local_store.context import Context
from local_store.identifiers import common_base, handle_to_bytes, split_base, to_bytes

_FIND: Final = """SELECT j.value, s.n, s.patient, s.version FROM json_each(?) j
    CROSS JOIN source s ON s.id = unhex(j.value) AND s.type = ?"""
_INSERT: Final = """INSERT INTO source (n, id, type, version, head, core, patient)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""
_UPDATE: Final = """UPDATE source SET id = coalesce(?, id), version = ?, head = ?, core = ?, patient = ?
    WHERE n = ?"""
_ANY_UNNAMED: Final = "SELECT EXISTS (SELECT 1 FROM source WHERE id >= x'02')"
_ANY_NAMED: Final = "SELECT EXISTS (SELECT 1 FROM source WHERE id < x'02' AND type = ?)"
_ANY_LEFT: Final = "SELECT EXISTS (SELECT 1 FROM source WHERE id >= x'03')"
_FORGET_HANDLES: Final = """UPDATE source SET id = CAST(x'03' || printf('%x', n) AS BLOB)
    WHERE id >= x'02' AND id < x'03'"""
_HERS: Final = """SELECT s.n, s.patient, s.version, s.id, s.head, s.core
    FROM (SELECT DISTINCT source FROM reading WHERE patient = ?) r JOIN source s ON s.n = r.source
    WHERE s.core IS NOT NULL AND s.type = ?"""

Split: TypeAlias = tuple[int, bytes]
"""What the ids of a resource's readings begin with: the word `head`, and `core`."""


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
        found.update({coded[body]: source for body, source in _find(context, kind, list(coded)).items()})
    return found


def find_by_handle(context: Context, kind: str, handles: Iterable[int]) -> dict[int, Source]:
    """Those of some handles whose resource has no name in the cache."""
    if not _exists(context, _ANY_UNNAMED):
        return {}
    coded = {handle_to_bytes(handle).hex(): handle for handle in handles}
    return {coded[body]: source for body, source in _find(context, kind, list(coded)).items()}


def forget_handles(context: Context) -> None:
    """Trust no handle any more: what has no name yet is met again only by its readings' ids."""
    context.connection.exec_driver_sql(_FORGET_HANDLES)


def put_sources(context: Context, given: Mapping[str, Given]) -> tuple[dict[str, int], int]:
    """Put resources: reference → integer, and how many readings of earlier versions were taken away."""
    known = find_sources(context, given)
    splits = {reference: _split(context, reference, one) for reference, one in given.items()}
    known |= _unnamed(context, given, {key: split for key, split in splits.items() if key not in known})
    numbers: dict[str, int] = {reference: source.n for reference, source in known.items()}
    removed = sum(remove_readings(context, source) for source in known.values())
    writing = Writing(context)
    for reference, one in given.items():
        kind, _, logical_id = reference.partition("/")
        values = (
            context.words.number_of(one.version),
            *splits[reference],
            None if one.patient is None else context.patients.make(one.patient),
        )
        if reference in known:
            writing.change(known[reference].n, to_bytes(logical_id), values)
        else:
            numbers[reference] = writing.add(to_bytes(logical_id), context.words.make(kind), values)
    writing.end()
    return numbers, removed


class Writing:
    """Rows of the table, gathered and written in one go."""

    def __init__(self, context: Context) -> None:
        self._run = context.connection.exec_driver_sql
        self.last: int = self._run("SELECT coalesce(max(n), 0) FROM source").scalar_one()
        self.added: list[tuple[object, ...]] = []
        self._changed: list[tuple[object, ...]] = []

    def add(self, body: bytes, kind: int, values: tuple[int, int, bytes | None, int | None]) -> int:
        """A new row (values: version, head, core, patient); its integer."""
        self.last += 1
        self.added.append((self.last, body, kind, *values))
        return self.last

    def change(
        self, number: int, body: bytes | None, values: tuple[int, int, bytes | None, int | None]
    ) -> None:
        """Another version of a row; `body`: the bytes of its name, none where it keeps what it has."""
        self._changed.append((body, *values, number))

    def end(self) -> None:
        """Write what was gathered."""
        for statement, rows in ((_INSERT, self.added), (_UPDATE, self._changed)):
            if rows:
                self._run(statement, rows)


class Hers:
    """The resources of patients by what their readings' ids begin with, to find one that comes another
    way."""

    def __init__(self, context: Context, kind: str, lowest: bytes, below: bytes) -> None:
        """Of those only whose name's bytes lie in [lowest, below)."""
        self._context, self._type = context, context.words.find(kind)
        self._lowest, self._below = lowest, below
        self._of: dict[int, dict[Split, list[Source]]] = {}

    def take(self, patient: int | None, split: Split) -> Source | None:
        """One such resource, each once; none where she has none."""
        if patient is None or self._type is None:
            return None
        if patient not in self._of:
            self._of[patient] = self._read(patient)
        found = self._of[patient].get(split)
        return found.pop(0) if found else None

    def _read(self, patient: int) -> dict[Split, list[Source]]:
        found: dict[Split, list[Source]] = defaultdict(list)
        for row in self._context.connection.exec_driver_sql(_HERS, (patient, self._type)):
            n, of, version, body, head, core = row
            if self._lowest <= body < self._below:
                found[head, core].append(Source(n, of, version))
        return found


def without_a_name(context: Context, kind: str) -> Hers | None:
    """The unnamed ones; none where all have names."""
    return Hers(context, kind, b"\x02", b"\xff") if _exists(context, _ANY_UNNAMED) else None


def with_a_name(context: Context, kind: str) -> Hers | None:
    """The named ones, and those whose handles aren't trusted any more; none where there are none."""
    if not _exists(context, _ANY_NAMED, context.words.find(kind) or 0) and not _exists(context, _ANY_LEFT):
        return None
    return _Either(context, kind)


class _Either(Hers):
    """All but those with a trusted handle."""

    def __init__(self, context: Context, kind: str) -> None:
        super().__init__(context, kind, b"\x00", b"\x02")
        self._left = Hers(context, kind, b"\x03", b"\xff")

    def take(self, patient: int | None, split: Split) -> Source | None:
        return super().take(patient, split) or self._left.take(patient, split)


def remove_readings(context: Context, source: Source) -> int:
    """Take a resource's readings away, by looking through its patient's stretch.

    Dearer than an index, but an index costs 20 bytes a reading, and few resources ever change.
    """
    if source.patient is None:
        return 0
    return context.connection.exec_driver_sql(
        "DELETE FROM reading WHERE patient = ? AND source = ?", (source.patient, source.n)
    ).rowcount


def _find(context: Context, kind: str, coded: list[str]) -> dict[str, Source]:
    """By the bytes of their names, in hex."""
    type_number = context.words.find(kind)
    if type_number is None:
        return {}
    rows = context.connection.exec_driver_sql(_FIND, (json.dumps(coded), type_number))
    return {row[0]: Source(row[1], row[2], row[3]) for row in rows}


def _unnamed(
    context: Context, given: Mapping[str, Given], unknown: Mapping[str, tuple[int, bytes | None]]
) -> dict[str, Source]:
    """Those of the unknown that are in the cache without a name."""
    found: dict[str, Source] = {}
    unnamed = without_a_name(context, "Observation") if unknown else None
    for reference, (head, core) in unknown.items():
        patient = given[reference].patient
        if unnamed is None or core is None or patient is None or not reference.startswith("Observation/"):
            continue
        source = unnamed.take(context.patients.find(patient), (head, core))
        if source is not None:
            found[reference] = source
    return found


def _split(context: Context, reference: str, given: Given) -> tuple[int, bytes | None]:
    """Head and core, as the table has them."""
    base = common_base(reference, given.ids) if given.ids else reference
    head, core = ("", None) if base == reference else split_base(base)
    return context.words.number_of(head), core


def _exists(context: Context, query: str, *values: object) -> bool:
    return bool(context.connection.exec_driver_sql(query, values).scalar_one())
