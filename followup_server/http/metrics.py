"""What the server counts, for Prometheus: requests, how long they take, what waits for the judge.

No label has anything of a patient in it: types, interactions and status codes only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one server."""

    def __init__(self, waiting: Callable[[], int]) -> None:
        """`waiting` says how many patients wait for the judge; asked each time the metrics are read."""
        self._waiting = waiting
        self._registry = CollectorRegistry()
        labels = ("method", "type", "interaction", "status")
        self._requests = Counter("triage_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "triage_request_seconds",
            "From a request's head to the end of its answer.",
            ("interaction",),
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._bytes = Counter(
            "triage_response_bytes", "Bytes of answers as sent.", ("interaction",), registry=self._registry
        )
        self.under_way = Gauge("triage_requests_under_way", "Requests under way.", registry=self._registry)
        self._queue = Gauge(
            "triage_judge_queue", "Patients who are due to be judged.", registry=self._registry
        )

    def answered(
        self, method: str, type_name: str, interaction: str, status: int, *, seconds: float, size: int
    ) -> None:
        """Count a request and its answer of `size` bytes."""
        self._requests.labels(method, type_name, interaction, str(status)).inc()
        self._seconds.labels(interaction).observe(seconds)
        self._bytes.labels(interaction).inc(size)

    def exposition(self) -> bytes:
        """All of it as Prometheus reads it. Asks the database how many wait."""
        self._queue.set(self._waiting())
        return generate_latest(self._registry)
