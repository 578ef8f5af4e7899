"""How fast the server takes readings in, judged and on disk, over HTTP.

Single Observations on several connections, and bundles of 100, as resources a second; beside them requests
for `metadata` on the same connections, which do nothing, so that the ratio tells what taking in costs. Prints
one JSON document. Run from the project's root: `python benchmarks/ingest.py [--patients N] [--readings N]`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import _centre

from fhir_r4.raw import encode

Request = Callable[[random.Random], tuple[str, str, bytes | None]]


def drive(host: str, port: int, connections: int, seconds: float, request: Request) -> tuple[float, float]:
    """Requests a second over all connections, and the median milliseconds that one takes."""
    begin = threading.Barrier(connections + 1)
    ended = threading.Event()

    def one(number: int) -> list[float]:
        chance = random.Random(number)  # noqa: S311
        connection = http.client.HTTPConnection(host, port, timeout=60)
        took = []
        begin.wait()
        while not ended.is_set():
            method, path, body = request(chance)
            start = time.perf_counter()
            connection.request(method, path, body, _centre.HEADERS)
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status < 300, content
            took.append(time.perf_counter() - start)
        connection.close()
        return took

    with ThreadPoolExecutor(connections) as pool:
        running = [pool.submit(one, number) for number in range(connections)]
        begin.wait()
        start = time.perf_counter()
        time.sleep(seconds)
        ended.set()
        took = [each for future in running for each in future.result()]
        elapsed = time.perf_counter() - start
    return len(took) / elapsed, statistics.median(took) * 1000


def single(patients: int) -> Request:
    """One reading of anybody."""

    def made(chance: random.Random) -> tuple[str, str, bytes]:
        raw = _centre.reading(chance.randrange(patients), _centre.now_ms(), chance)
        return "POST", "/fhir/Observation", encode(raw)

    return made


def bundle(patients: int, size: int) -> Request:
    """A batch of readings, each of anybody."""

    def made(chance: random.Random) -> tuple[str, str, bytes]:
        entries = [
            {
                "resource": _centre.reading(chance.randrange(patients), _centre.now_ms(), chance),
                "request": {"method": "POST", "url": "Observation"},
            }
            for _ in range(size)
        ]
        return "POST", "/fhir", encode({"resourceType": "Bundle", "type": "batch", "entry": entries})

    return made


def measure(options: argparse.Namespace, database: str) -> dict[str, object]:
    """Fill the database, serve it, and drive it."""
    _centre.fill(database, options.patients, options.readings)
    with _centre.served(database) as (host, port, pid):
        idle = drive(
            host, port, options.connections, options.seconds / 2, lambda _: ("GET", "/fhir/metadata", None)
        )
        singles = drive(host, port, options.connections, options.seconds, single(options.patients))
        bundles = drive(host, port, 4, options.seconds, bundle(options.patients, 100))
        return {
            "patients": options.patients,
            "readings": options.patients * options.readings,
            "metadata_per_s": round(idle[0]),
            "singles_per_s": round(singles[0]),
            "single_ms": round(singles[1], 1),
            "single_to_metadata": round(idle[0] / singles[0], 2),
            "bundled_per_s": round(bundles[0] * 100),
            "bundle_ms": round(bundles[1], 1),
            "server_mb": _centre.resident_mb(pid),
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=100)
    parser.add_argument("--readings", type=int, default=100, help="stored of each patient at the start")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--database", help="an empty one; by default SQLite in a temporary folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(options, options.database or f"{folder}/fhir.db")))


if __name__ == "__main__":
    main()
