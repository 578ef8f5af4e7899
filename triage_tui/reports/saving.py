"""A report as a file: readable by its owner alone, and never over something that is there."""

from __future__ import annotations

import os
from pathlib import Path


def save(text: str, file: Path) -> None:
    """Write a new file of mode 0600.

    Raises:
        OSError: It is there already, or its folder isn't, or can't be written.
    """
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
        out.write(text)
