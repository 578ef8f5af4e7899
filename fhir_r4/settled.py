"""Cursors behind which nothing can appear any more, so that an idle console doesn't fetch the same minute
again and again: after a bulk load that minute may hold every reading there is.

A row is stamped when its transaction begins to write and seen when it commits; the overlap of 60 s rests on
commits taking no longer than that. So a walk that began 60 s after its newest row was first seen has seen
everything up to that row. Elapsed time is counted by this process alone; no two clocks are compared.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from fhir_r4.walk import OVERLAP

_WAIT_S: Final = OVERLAP.total_seconds()
_WHOLE_AGAIN_S: Final = 900.0
"""The overlap is walked all the same this often: nothing rests for ever on one assumption."""


class Settled:
    """What one process has seen of each walk's cursor; `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._first_seen: dict[str, tuple[str, float]] = {}
        self._settled: dict[str, tuple[str, float]] = {}

    def walked(self, cursor: str, newest: str, began: float) -> None:
        """A walk that began at `began` has reached its end, and `newest` is the newest row."""
        known = self._first_seen.get(cursor)
        if known is None or known[0] != newest:
            self._first_seen[cursor] = (newest, self.clock())
        elif began - known[1] >= _WAIT_S:
            self._settled[cursor] = (newest, began)

    def is_settled(self, cursor: str, newest: str) -> bool:
        """Whether a walk from `newest` may do without the overlap."""
        known = self._settled.get(cursor)
        return known is not None and known[0] == newest and self.clock() - known[1] < _WHOLE_AGAIN_S
