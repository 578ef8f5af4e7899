"""What filling the cache with readings costs, against the driver's bare `executemany` into the same
encrypted tables.

Both put the same pages of a simulated centre, one transaction each: `store_ratio` from entries of the feed
as they were decoded, `raw` from finished rows. Prints one JSON document, with the bytes a reading takes on
disk. Run from the project's root: `python benchmarks/cache_load.py [--patients N] [--days D]`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from fhir_r4.readings_feed import Page, Plain
from followup_server import simulator
from followup_server.bulk import loading
from followup_server.readings_feed.cursor import Filters, read_cursor
from followup_server.readings_feed.pages import page_of
from followup_server.storage.store import ResourceStore
from local_store import Store
from local_store.transaction import Transaction
from triage_tui.sync.intake import Intake

UNTIL = 1_780_000_000_000
KEY = bytes(range(32))


def feed(patients: int, days: int) -> list[Page]:
    """A whole snapshot of a simulated centre, without ids."""
    found: list[Page] = []
    with tempfile.TemporaryDirectory() as folder:
        store = ResourceStore(Path(folder) / "fhir.db", lambda: UNTIL)
        loading.load(store, simulator.centre(patients, days, 1, UNTIL))
        while not found or found[-1].more:
            cursor = read_cursor(found[-1].next) if found else None
            with store.reading() as connection:
                found.append(page_of(connection, "benchmark", Filters(with_ids=False), cursor))
        store.close()
    return found


def fill(store: Store, pages: list[Page]) -> float:
    """As a pull does it; seconds of processor."""
    start = time.process_time()
    for page in pages:
        with store.write() as tx:
            intake = Intake(tx, UNTIL)
            intake.take_entries([entry for entry in page.entries if isinstance(entry, Plain)])
            intake.finish()
    return time.process_time() - start


def fill_raw(store: Store, rows: dict[str, list[list[tuple[object, ...]]]]) -> float:
    """The driver alone, into a cache that knows the patients; seconds of processor."""
    with store.write() as tx:
        for some in rows["patient"]:
            _insert(tx, "patient", some)
    start = time.process_time()
    for page in range(len(rows["source"])):
        with store.write() as tx:
            for table in ("source", "reading"):
                _insert(tx, table, rows[table][page])
    return time.process_time() - start


def _insert(tx: Transaction, table: str, rows: list[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * len(rows[0]))
    tx.context.connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608


def rows_of(store: Store, pages: int) -> dict[str, list[list[tuple[object, ...]]]]:
    """All rows of a filled cache, in as many parts as there were pages."""
    tables = (("patient", "n"), ("source", "n"), ("reading", "patient, code, at, source, part"))
    found = {}
    with store.read() as snapshot:
        for table, order in tables:
            query = f"SELECT * FROM {table} ORDER BY {order}"  # noqa: S608
            rows = [tuple(row) for row in snapshot.context.connection.exec_driver_sql(query)]
            size = -(-len(rows) // pages)
            found[table] = [rows[start : start + size] for start in range(0, len(rows), size)]
    return found


def measure(patients: int, days: int) -> dict[str, float | int]:
    """All figures; the best of three."""
    pages = [page for page in feed(patients, days) if page.entries]
    loads, raws = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            with Store.create(Path(folder) / "filled", KEY) as filled:
                loads.append(fill(filled, pages))
                rows = rows_of(filled, len(pages))
                count = sum(map(len, rows["reading"]))
            size = (Path(folder) / "filled" / "cache.db").stat().st_size
            with Store.create(Path(folder) / "raw", KEY) as raw:
                raws.append(fill_raw(raw, rows))
    return {
        "readings": count,
        "store_ratio": round(min(loads) / min(raws), 2),
        "store_us_per_reading": round(min(loads) / count * 1e6, 2),
        "raw_us_per_reading": round(min(raws) / count * 1e6, 2),
        "disk_bytes_per_reading": round(size / count, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=100)
    parser.add_argument("--days", type=int, default=90)
    given = parser.parse_args()
    print(json.dumps(measure(given.patients, given.days)))


if __name__ == "__main__":
    main()
