"""Keeping the server's memory together: glibc gives each thread a heap of its own, which stays half empty."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_M_ARENA_MAX: Final = -8  # malloc.h
_HEAPS: Final = 2


def share_heaps() -> None:
    """Have all threads share two heaps, where the C library is glibc; to be called before there are threads.

    With a heap a thread the server took 200 MB for what fits into 140.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:  # musl has none
        mallopt(_M_ARENA_MAX, _HEAPS)
