"""How fast the server takes readings in, judged and on disk, over HTTP.

Single Observations on several connections, and bundles of 100, as resources a second and as milliseconds of
the server's processor for each; beside them requests for `metadata` on the same connections, which write
nothing, so that the ratio tells what taking in costs. First a reading of each patient to a server that has
just started and has nobody in memory (cold), against readings of patients whom it knows (warm). Prints one
JSON document. Run from the project's root: `python benchmarks/ingest.py [--patients N] [--readings N]`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import _centre

from fhir_r4.raw import encode

_RUN = time.time_ns()
"""No reading of an earlier run on the same database is sent again: all would be judged anew for it."""

Request = Callable[[random.Random], tuple[str, str, bytes | None] | None]
"""Makes a request; none where there is nothing more to send."""


@dataclass(frozen=True)
class Driven:
    """What driving a server with requests came to."""

    per_second: float
    median_ms: float
    cpu_ms: float
    """Milliseconds of the server's processor for each request."""


@dataclass(frozen=True)
class Driver:
    """Clients of a running server."""

    host: str
    port: int
    pid: int
    seconds: float
    name: str
    """Of what it sends, so that no two drivers send the same."""

    def drive(self, connections: int, request: Request) -> Driven:
        """Ask on several connections, each the next when it is answered."""
        begin = threading.Barrier(connections + 1)
        ended = threading.Event()

        def one(number: int) -> list[float]:
            chance = random.Random(f"{_RUN}/{self.name}/{number}")  # noqa: S311
            connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
            took = []
            begin.wait()
            while not ended.is_set():
                made = request(chance)
                if made is None:
                    break
                method, path, body = made
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
            start, cpu = time.perf_counter(), _centre.cpu_seconds(self.pid)
            wait(running, self.seconds)
            ended.set()
            took = [each for future in running for each in future.result()]
            elapsed, cpu = time.perf_counter() - start, _centre.cpu_seconds(self.pid) - cpu
        return Driven(len(took) / elapsed, statistics.median(took) * 1000, cpu / len(took) * 1000)


def metadata(_chance: random.Random) -> tuple[str, str, None]:
    """A request that writes nothing."""
    return "GET", "/fhir/metadata", None


def single(patients: int) -> Request:
    """One reading of anybody."""

    def made(chance: random.Random) -> tuple[str, str, bytes]:
        raw = _centre.reading(chance.randrange(patients), _centre.now_ms(), chance)
        return "POST", "/fhir/Observation", encode(raw)

    return made


def one_of_each(patients: int) -> Request:
    """One reading of each patient, in any order."""
    order = random.Random(2).sample(range(patients), patients)  # noqa: S311

    def made(chance: random.Random) -> tuple[str, str, bytes] | None:
        try:
            patient = order.pop()
        except IndexError:
            return None
        return "POST", "/fhir/Observation", encode(_centre.reading(patient, _centre.now_ms(), chance))

    return made


def bundle(patients: int, size: int) -> Request:
    """A batch of readings, each of anybody."""

    def made(chance: random.Random) -> tuple[str, str, bytes]:
        request = {"method": "POST", "url": "Observation"}
        people = [chance.randrange(patients) for _ in range(size)]
        readings = [_centre.reading(number, _centre.now_ms(), chance) for number in people]
        entries = [{"resource": raw, "request": request} for raw in readings]
        return "POST", "/fhir", encode({"resourceType": "Bundle", "type": "batch", "entry": entries})

    return made


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Serve a centre, and drive it."""
    with _centre.served_centre(options) as (host, port, pid):
        first = Driver(host, port, pid, 1, "first")
        first.drive(options.connections, metadata)  # it loads what it loads only once it is asked
        cold = Driver(host, port, pid, 60, "cold").drive(options.connections, one_of_each(options.patients))
        cold_mb = _centre.resident_mb(pid)
        Driver(host, port, pid, 1, "warming").drive(options.connections, single(options.patients))
        driver = Driver(host, port, pid, options.seconds, "measured")
        idle = driver.drive(options.connections, metadata)
        singles = driver.drive(options.connections, single(options.patients))
        bundles = driver.drive(4, bundle(options.patients, 100))
        return {
            "patients": options.patients,
            "readings": options.patients * options.readings,
            "metadata_per_s": round(idle.per_second),
            "cold_per_s": round(cold.per_second),
            "singles_per_s": round(singles.per_second),
            "bundled_per_s": round(bundles.per_second * 100),
            "single_ms": round(singles.median_ms, 1),
            "bundle_ms": round(bundles.median_ms, 1),
            "metadata_cpu_ms": round(idle.cpu_ms, 2),
            "cold_cpu_ms": round(cold.cpu_ms, 2),
            "single_cpu_ms": round(singles.cpu_ms, 2),
            "bundled_cpu_ms": round(bundles.cpu_ms / 100, 3),
            "cold_to_warm": round(cold.cpu_ms / singles.cpu_ms, 2),
            "single_to_metadata": round(singles.cpu_ms / idle.cpu_ms, 2),
            "bundled_to_metadata": round(bundles.cpu_ms / 100 / idle.cpu_ms, 2),
            "cold_mb": cold_mb,
            "server_mb": _centre.resident_mb(pid),
        }


def main() -> None:
    """Measure and print."""
    parser = _centre.parser(__doc__, patients=100, readings=100)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=3)
    print(json.dumps(measure(parser.parse_args())))


if __name__ == "__main__":
    main()
