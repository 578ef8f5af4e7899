"""How many resources to ask for at a time: as many as come in a few seconds.

On a poor line a small page gets through between two cuts, and what has come is kept; on a good one a large
page saves round trips. A server's links say how large their pages are: a size is chosen where a walk begins.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

SMALLEST: Final = 25
AIM_S: Final = 4.0
"""What a page may take."""
_TELLING: Final = 50
"""Fewer resources say more about the round trip than about the line, unless even they take too long."""
_TOO_FEW: Final = 10
_LONGEST_WAY_S: Final = 2.0
_WAITED_AT_MOST: Final = 0.75
"""So much of a page's time may be put down to the round trip, which the quickest page tells."""


class PageSizes:
    """What one pull has measured, of each type and of all; `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._seen: dict[str, tuple[int, float]] = {}
        self._quickest = math.inf

    def saw(self, kind: str, resources: int, seconds: float) -> None:
        """A page of so many resources came in so many seconds."""
        self._quickest = min(self._quickest, seconds)
        tells = resources >= _TELLING or seconds > AIM_S or kind in self._seen
        if tells and resources >= _TOO_FEW:
            self._seen[kind] = resources, max(seconds, 0.001)

    def count(self, kind: str, most: int) -> int:
        """How many of a type to ask for, `most` at most; of a new type by the slowest of the others."""
        if not self._seen:
            return most
        known = self._seen.get(kind)
        rate = min(map(self._per_second, self._seen.values())) if known is None else self._per_second(known)
        return max(min(SMALLEST, most), min(most, int(rate * AIM_S)))

    def _per_second(self, seen: tuple[int, float]) -> float:
        """What the line itself bears: a long way is no reason for small pages, each of which would go it."""
        resources, seconds = seen
        return resources / (seconds - min(self._quickest, _WAITED_AT_MOST * seconds, _LONGEST_WAY_S))
