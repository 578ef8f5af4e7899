"""The app in a nurse's own keys and colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.filter import LineFilter

from triage_tui.screens.key_order import OneKeyAtATime
from triage_tui.screens.look import Look
from triage_tui.themes.recolour import filters_of

if TYPE_CHECKING:
    from triage_tui.screens.actions import Action
    from triage_tui.themes.theme import Theme


class Dressed(OneKeyAtATime):
    """Keys by a keymap, colours by a theme."""

    def __init__(self, look: Look) -> None:
        super().__init__(ansi_color=True)
        self.look = look
        self.keymap = look.keymap
        """Which keys do what."""
        self._recolouring = self._filters_for(look.theme)

    def on_mount(self) -> None:
        """Hand the keymap to Textual, which was checked when it was read."""
        self.set_keymap({action: ",".join(keys) for action, keys in self.keymap.keys.items()})

    def key(self, action: Action) -> str:
        """The key of an action as the nurse reads it, under her keymap."""
        return action.under(self.keymap).shown

    def _filters_for(self, theme: Theme) -> list[LineFilter]:
        """NO_COLOR is stronger than any theme."""
        return [] if self.no_color else filters_of(theme)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What each line goes through on its way to the terminal."""
        return [*super().get_line_filters(), *self._recolouring]

    def wear(self, theme: Theme) -> None:
        """Change the colours at once, and keep the choice."""
        self._recolouring = self._filters_for(theme)
        self.look.keep("theme", theme.name)
        for screen in self.screen_stack:
            for node in screen.walk_children(with_self=True):
                node.refresh()
