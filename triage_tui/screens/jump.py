"""`j`: a letter beside each thing on the screen that one can go to; the letter goes there.

A thing that one can go to is a row of a list, a tab, or a text that scrolls. Whatever widget has such things
tells where they are by `jump_points`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Final, Protocol, TypeAlias, runtime_checkable

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

LETTERS: Final = "asdfghjklqwertyuiopzxcvbnmASDFGHJKLQWERTYUIOPZXCVBNM"
"""The easiest first."""

Point: TypeAlias = tuple[Offset, Callable[[], object]]
"""Where on the screen the letter goes, and what going there does."""


@runtime_checkable
class HasPoints(Protocol):
    """A widget on which one can go to several things."""

    def jump_points(self) -> Iterable[Point]:
        """Where they are on the screen, and how one goes there."""


def points_of(screen: Screen[Any]) -> Iterator[Point]:
    """Everything on a screen that one can go to."""
    for widget in screen.walk_children(Widget):
        if not widget.is_on_screen:
            continue
        if isinstance(widget, HasPoints):
            yield from widget.jump_points()
        elif widget.focusable:
            yield widget.region.offset, widget.focus


class Jump(ModalScreen[Callable[[], object] | None]):
    """The letters over the screen; gives what the chosen one does. Any other key ends it."""

    CSS = """
    Jump { background: transparent; }
    Jump Static {
        position: absolute; width: 1; height: 1; color: ansi_black; background: ansi_bright_yellow;
        text-style: bold;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, points: Iterable[Point]) -> None:
        super().__init__()
        self._points = dict(zip(LETTERS, points, strict=False))

    def compose(self) -> ComposeResult:
        """A letter a thing."""
        self._drawn_for = self.app.size
        for letter, (where, _go) in self._points.items():
            mark = Static(Content(letter))
            mark.styles.offset = where
            yield mark

    def on_key(self, event: events.Key) -> None:
        """Go there."""
        event.stop()
        _where, go = self._points.get(event.character or "", (None, None))
        self.dismiss(go)

    def on_resize(self, event: events.Resize) -> None:
        """Things have moved: the letters would stand beside others."""
        if event.size != self._drawn_for and self.is_current:
            self.action_leave()

    def action_leave(self) -> None:
        """Stay."""
        self.dismiss(None)
