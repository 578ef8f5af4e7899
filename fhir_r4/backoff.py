"""How long to wait before the next try.

Full jitter (delay drawn evenly from zero to an exponentially growing bound): after an outage a centre's
consoles don't come back in step and knock the server over again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FIRST_BOUND_S = 1.0
LONGEST_BOUND_S = 300.0


@dataclass(slots=True)
class Backoff:
    """Delays for one worker; `draw` gives numbers in [0, 1), `random.random` outside tests."""

    draw: Callable[[], float]
    failures: int = 0

    def after_success(self) -> None:
        """Begin again from the shortest bound."""
        self.failures = 0

    def after_failure(self, retry_after_s: float | None = None) -> float:
        """Seconds to wait now.

        What the server asked for (`Retry-After`) is a lower bound: the jitter comes on top of it.
        """
        bound = min(LONGEST_BOUND_S, FIRST_BOUND_S * 2.0 ** min(self.failures, 30))
        self.failures += 1
        return (retry_after_s or 0.0) + self.draw() * bound
