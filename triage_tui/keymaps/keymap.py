"""A keymap: actions that have other keys than the standard ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Keymap:
    """Keys by action; actions that aren't named keep their standard keys."""

    name: str
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Action id → canonical names of its keys, the one to show first."""


STANDARD: Final = Keymap("standard")
