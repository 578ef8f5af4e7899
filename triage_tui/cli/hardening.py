"""What a process that holds health data gives up before it reads any."""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def harden_process() -> None:
    """No core dumps, no reading by other processes of the same user, new files for the user only.

    Source: docs/security.md, "No health data leaks by the side door". On systems without one of these the
    others still hold.
    """
    os.umask(0o077)
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
