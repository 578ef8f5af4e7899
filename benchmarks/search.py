"""How long the server's common searches take over HTTP, however much is stored.

Medians in milliseconds of the client, beside a read of one resource, so that the ratio tells what the search
costs. Prints one JSON document. Run from the project's root: `python benchmarks/search.py`; at full size
`python benchmarks/search.py --patients 5000 --readings 400`, which takes ten minutes to fill.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import time

import _centre

OPEN = "/fhir/Task?status=requested,in-progress,on-hold&_count=500"
SEARCHES = {
    "open_tasks": f"{OPEN}&_sort=_lastUpdated",
    "open_tasks_of_one": f"{OPEN}&patient=Patient/p-7",
    "observations_1000": "/fhir/Observation?_count=1000&_sort=_lastUpdated",
    "observations_of_one": "/fhir/Observation?patient=Patient/p-7&_sort=-date&_count=200",
    "nothing_new": "/fhir/Observation?_lastUpdated=ge2999-01-01T00:00:00Z&_sort=_lastUpdated&_count=200",
}


def median_ms(host: str, port: int, path: str, rounds: int) -> float:
    """The median of several answers, after one that only warms up."""
    connection = http.client.HTTPConnection(host, port, timeout=600)
    took = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        connection.request("GET", path, headers=_centre.HEADERS)
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        took.append(time.perf_counter() - start)
    connection.close()
    return statistics.median(took[1:]) * 1000


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Serve a centre, and search it."""
    with _centre.served_centre(options) as (host, port, pid):
        one = median_ms(host, port, "/fhir/Patient/p-7", options.rounds)
        found = {name: median_ms(host, port, path, options.rounds) for name, path in SEARCHES.items()}
        return {
            "patients": options.patients,
            "readings": options.patients * options.readings,
            "read_ms": round(one, 1),
            **{f"{name}_ms": round(took, 1) for name, took in found.items()},
            **{f"{name}_to_read": round(took / one, 1) for name, took in found.items()},
            "server_mb": _centre.resident_mb(pid),
        }


def main() -> None:
    """Measure and print."""
    parser = _centre.parser(__doc__, patients=200, readings=50)
    parser.add_argument("--rounds", type=int, default=15)
    print(json.dumps(measure(parser.parse_args())))


if __name__ == "__main__":
    main()
