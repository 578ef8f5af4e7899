"""What a reading of a simulated centre costs: on the wire and in processor time, as ratios to FHIR as JSON.

On the wire: the bodies of a full walk over Observation search, 200 a page and packed by gzip, against those
of the compact feed with and without ids. In time: writing pages against parsing the same Observations' JSON,
and reading them against parsing and mapping that JSON. Prints one JSON document. Run from the project's
root: `python -m benchmarks.readings_feed [--patients N] [--days D]`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from fhir_r4.observations import observed_of
from fhir_r4.raw import Raw, encode
from fhir_r4.raw import decode as decode_json
from fhir_r4.readings_feed import Page, Plain, decode, observed_in
from fhir_r4.readings_feed import encode as encode_page
from followup_server import simulator
from followup_server.bulk import loading
from followup_server.http.app import create_app
from followup_server.readings_feed.cursor import Filters, read_cursor
from followup_server.readings_feed.pages import page_of
from followup_server.storage.store import ResourceStore

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

UNTIL = 1_780_000_000_000


def seconds(what: Callable[[], object]) -> float:
    """The best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        what()
        best = min(best, time.perf_counter() - start)
    return best


def pages(store: ResourceStore, *, with_ids: bool) -> list[Page]:
    """A whole snapshot."""
    found: list[Page] = []
    while not found or found[-1].more:
        cursor = read_cursor(found[-1].next) if found else None
        with store.reading() as connection:
            found.append(page_of(connection, "benchmark", Filters(with_ids=with_ids), cursor))
    return found


def search_bodies(store: ResourceStore) -> Iterator[bytes]:
    """The bodies of Observation search, page by page."""
    client = TestClient(create_app(store, auth="none", clock=lambda: UNTIL), base_url="http://127.0.0.1/fhir")
    url: str | None = "/Observation?_sort=_lastUpdated&_count=200"
    while url:
        body = client.get(url).content
        yield body
        links = {link["relation"]: link["url"] for link in json.loads(body)["link"]}
        url = links.get("next")


def measure(patients: int, days: int) -> dict[str, float | int]:
    """All figures."""
    with tempfile.TemporaryDirectory() as folder:
        store = ResourceStore(Path(folder) / "fhir.db", lambda: UNTIL)
        loading.load(store, simulator.centre(patients, days, 1, UNTIL))
        with_ids, without = pages(store, with_ids=True), pages(store, with_ids=False)
        raws: list[Raw] = []
        fhir = 0
        for body in search_bodies(store):
            fhir += len(gzip.compress(body, 5))
            raws += [entry["resource"] for entry in decode_json(body)["entry"]]  # type: ignore[attr-defined]
        store.close()
    entries = [entry for page in with_ids for entry in page.entries if isinstance(entry, Plain)]
    readings = sum(len(entry.parts) for entry in entries)
    packed = [encode_page(page) for page in with_ids]
    bodies = [encode(raw) for raw in raws]
    parse = seconds(lambda: [decode_json(body) for body in bodies])
    judge = seconds(lambda: [observed_of(raw, judged_at=UNTIL) for raw in raws])
    write = seconds(lambda: [encode_page(page) for page in with_ids])
    read = seconds(lambda: [list(observed_in(e)) for p in packed for e in decode(p).entries])  # type: ignore[arg-type]
    compact = sum(map(len, packed))
    handles_only = sum(len(encode_page(page)) for page in without)
    return {
        "readings": readings,
        "observations": len(raws),
        "fhir_gzip_bytes_per_reading": round(fhir / readings, 1),
        "feed_bytes_per_reading": round(compact / readings, 2),
        "feed_without_ids_bytes_per_reading": round(handles_only / readings, 2),
        "fhir_to_feed": round(fhir / compact, 1),
        "fhir_to_feed_without_ids": round(fhir / handles_only, 1),
        "write_ns_per_reading": round(write / readings * 1e9),
        "read_ns_per_reading": round(read / readings * 1e9),
        "write_to_parsing_json": round(write / parse, 2),
        "read_to_parsing_and_mapping_json": round(read / (parse + judge), 2),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=60)
    parser.add_argument("--days", type=int, default=90)
    given = parser.parse_args()
    print(json.dumps(measure(given.patients, given.days)))


if __name__ == "__main__":
    main()
