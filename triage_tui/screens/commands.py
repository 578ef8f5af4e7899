"""What the palette offers: everything that a key does here, on the list, or on a screen underneath."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand

from triage_tui.screens.acting import ActingScreen
from triage_tui.screens.actions import EVERYWHERE, LIST, Action
from triage_tui.themes.theme import THEMES
from triage_tui.wording import _

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.screen import Screen

    from triage_tui.screens.console import Console


def actions_of(app: Console, screen: Screen[object]) -> Sequence[Action]:
    """Everything that a key does on a screen, with the keys of the keymap in use."""
    return [action.under(app.keymap) for action, _node in _held_by(app, screen)]


def commands_of(app: Console, screen: Screen[object]) -> Iterator[SystemCommand]:
    """The palette over `screen`; nothing of Textual's, whose screenshot would put names into a file."""
    listed = {"app.palette"}
    for below in _from_top(app, screen):
        for action, node in _held_by(app, below):
            if action.id not in listed:
                listed.add(action.id)
                title = f"{_(action.help)} ({action.under(app.keymap).shown})"
                yield SystemCommand(title, _(action.word), _runs(app, below, node, action))
    spare = _("Low bandwidth: off") if app.low_bandwidth else _("Low bandwidth: on")
    yield SystemCommand(spare, _("line"), partial(app.spare_line, not app.low_bandwidth))
    for theme in THEMES:
        yield SystemCommand(_(theme.words), _("colours"), partial(app.wear, theme))


def _from_top(app: Console, screen: Screen[Any]) -> list[Screen[Any]]:
    """The screen, and what esc would lead back to."""
    stack = list(app.screen_stack)
    below = stack[: stack.index(screen)] if screen in stack else []
    found = [screen]
    found += [each for each in reversed(below) if isinstance(each, ActingScreen)]
    return found


def _held_by(app: Console, screen: Screen[object]) -> list[tuple[Action, DOMNode]]:
    """A screen's actions, each with what it is done on."""
    found: list[tuple[Action, DOMNode]] = []
    if isinstance(screen, ActingScreen):
        found += [(action, screen) for action in screen.ACTIONS]
    lines = screen.focused
    if lines is not None and lines.is_on_screen and hasattr(lines, "action_page"):
        found += [(action, lines) for action in LIST]
    return found + [(action, app) for action in EVERYWHERE]


def _runs(
    app: Console, screen: Screen[object], node: DOMNode, action: Action
) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        while app.screen is not screen and len(app.screen_stack) > 1:
            await app.pop_screen()
        await app.run_action(action.call, node)

    return run
