"""Finding a reading by its id alone, with the others that came in the same resource."""

from __future__ import annotations

from collections.abc import Iterator

from local_store.context import Context
from local_store.identifiers import split_base
from local_store.readings import stored_readings
from local_store.records import StoredReading
from local_store.sources import find_sources


def readings_beside(context: Context, reading_id: str) -> list[StoredReading]:
    """The reading of this id and the others of its resource; empty where the cache lacks it.

    Where a server has the resource twice, the one with the smaller reference. A look through all resources,
    for what is done seldom: an index would cost bytes for each reading.
    """
    found: dict[str, list[StoredReading]] = {}
    for patient in _patients(context, reading_id):
        for stored in stored_readings(context, patient, None):
            found.setdefault(stored.resource, []).append(stored)
    holding = {
        resource: beside
        for resource, beside in found.items()
        if any(one.reading.id == reading_id for one in beside)
    }
    return holding[min(holding)] if holding else []


def _patients(context: Context, reading_id: str) -> Iterator[str]:
    bases = dict.fromkeys((reading_id, reading_id.rpartition("#")[0]))
    numbers: set[int | None] = set()
    for base in filter(None, bases):
        head, core = split_base(base)
        rows = context.connection.exec_driver_sql(
            "SELECT patient FROM source WHERE core = ? AND head = ?", (core, context.words.find(head))
        )
        numbers |= {row[0] for row in rows}
        if base.count("/") == 1:
            numbers |= {source.patient for source in find_sources(context, [base]).values()}
    for number in sorted(number for number in numbers if number is not None):
        yield context.patients.text(number)
