"""The keys of everything that moves by lines."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding

from triage_tui.wording import N_

LINE_KEYS: Final = (
    Binding("up", "move(-1)", N_("A line up"), show=False, id="list.up"),
    Binding("down", "move(1)", N_("A line down"), show=False, id="list.down"),
    Binding("pageup", "page(-1)", N_("A screen up"), show=False, id="list.page-up"),
    Binding("pagedown", "page(1)", N_("A screen down"), show=False, id="list.page-down"),
    Binding("home", "move(-1000000)", N_("To the top"), show=False, id="list.top"),
    Binding("end", "move(1000000)", N_("To the bottom"), show=False, id="list.bottom"),
)
