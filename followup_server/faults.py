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
    log.error("%s: %s", what, told(sys.exception()))


def told(error: BaseException | None) -> str:
    """An exception's types and the code's places from outermost to innermost."""
    kinds, cause = [], error
    while cause is not None:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:] if error else []
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{' from '.join(kinds)} at {' > '.join(places)}"
