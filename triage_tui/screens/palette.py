"""`:` or ctrl+p: Textual's palette, in the nurse's language."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette
from textual.widgets.option_list import Option

from triage_tui.wording import _


class Palette(CommandPalette):
    """Everything that can be done, to be found by its words."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual says "No matches found" in English only; this says it in ours."""
        self._stop_no_matches_countdown()
        self._no_matches_timer = self.set_timer(
            self._NO_MATCHES_COUNTDOWN, lambda: self._show_nothing_found(search_value)
        )

    def _show_nothing_found(self, search_value: str) -> None:
        if search_value:
            nothing = Option(_("Nothing by that name."), disabled=True, id=self._NO_MATCHES)
            self.query_one(CommandList).add_option(nothing)
        self._list_visible = bool(search_value)
