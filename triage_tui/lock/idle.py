"""How long nobody has touched a key."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

DEFAULT_MIN: Final = 5
LONGEST_MIN: Final = 15


def seconds_since_boot() -> float:
    """A clock that nobody can set back and that goes on while the machine sleeps, where there is one."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Idle:
    """Time since the last key."""

    def __init__(self, minutes: int = DEFAULT_MIN, clock: Callable[[], float] = seconds_since_boot) -> None:
        """`minutes`: 1 to 15. `clock` gives seconds."""
        self._limit_s = minutes * 60
        self._clock = clock
        self._touched = clock()

    def touched(self) -> None:
        """A key was pressed."""
        self._touched = self._clock()

    @property
    def over(self) -> bool:
        """Whether it has been so long that the console locks."""
        return self._clock() - self._touched >= self._limit_s
