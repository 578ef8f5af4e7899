"""How a nurse wants her console: keys, colours, how much goes over the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from triage_tui.keymaps.keymap import STANDARD, Keymap
from triage_tui.themes.theme import TERMINAL, Theme


def _keep_nothing(_name: str, _value: str | bool) -> None:
    """For a console whose choices aren't kept."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was chosen before the console opened."""

    keymap: Keymap = STANDARD
    theme: Theme = TERMINAL
    low_bandwidth: bool | None = None
    """None: not chosen; proposed where the line turns out to be slow."""
    lock_after: int = 5
    """Minutes without a key until the console locks, 1 to 15."""
    keep: Callable[[str, str | bool], None] = _keep_nothing
    """Keeps a choice, `theme` or `low_bandwidth`, for the next time."""
