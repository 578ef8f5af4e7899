"""Telling a fault to the log: what kind and where, but no message and no values, which may be health data."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Final

_FRAMES: Final = 12


def log_fault(log: logging.Logger, what: str) -> None:
    """Log the exception being handled: its types, and the code's places from outermost to innermost."""
    error = sys.exception()
    kinds, cause = [], error
    while cause is not None:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:] if error else []
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    log.error("%s: %s at %s", what, " from ".join(kinds), " > ".join(places))
