"""A week in seven cells: one block a day, a dot for a day without a reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from threshold_engine.model import Scaled

BLOCKS: Final = "▁▂▃▄▅▆▇"
NO_READING: Final = "·"


def sparkline(days: Mapping[str, Scaled], today: date, length: int = 7) -> str:
    """The last `length` days up to `today` of daily means, each scaled between the week's least and most."""
    values = [days.get((today - timedelta(days=back)).isoformat()) for back in range(length - 1, -1, -1)]
    known = [value for value in values if value is not None]
    if not known:
        return NO_READING * length
    low, high = min(known), max(known)
    return "".join(_block(value, low, high) for value in values)


def _block(value: Scaled | None, low: Scaled, high: Scaled) -> str:
    if value is None:
        return NO_READING
    if high == low:
        return BLOCKS[len(BLOCKS) // 2]
    return BLOCKS[(value - low) * (len(BLOCKS) - 1) // (high - low)]
