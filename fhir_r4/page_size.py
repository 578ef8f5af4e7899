"""How many resources to ask for at a time: as many as come in a few seconds.

On a poor line a small page gets through between two cuts, and what has come is kept; on a good one a large
page saves round trips. A server's links say how large their pages are: a size is chosen where a walk begins.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

SMALLEST: Final = 25
AIM_S: Final = 4.0
"""What a page may take."""
_TELLING: Final = 10
"""Fewer resources say more about the round trip than about the line."""


class PageSizes:
    """What one pull has measured, of each type and of all; `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._per_second: dict[str, float] = {}

    def saw(self, kind: str, resources: int, seconds: float) -> None:
        """A page of so many resources came in so many seconds."""
        if resources >= _TELLING:
            self._per_second[kind] = resources / max(seconds, 0.001)

    def count(self, kind: str, most: int) -> int:
        """How many of a type to ask for, `most` at most; of a new type by the slowest of the others."""
        slowest = min(self._per_second.values(), default=None)
        rate = self._per_second.get(kind, slowest)
        if rate is None:
            return most
        return max(min(SMALLEST, most), min(most, int(rate * AIM_S)))
