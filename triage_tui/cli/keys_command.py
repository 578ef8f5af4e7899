"""`triage keys`: which of the console's keys this terminal delivers."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.failure import ExitCode, Failure
from triage_tui.cli.settings import settings_of
from triage_tui.wording import _

if TYPE_CHECKING:
    from triage_tui.screens.actions import Action

_ENDS = {"ctrl+c", "ctrl+d"}
_LOOK_S = 0.1
"""An escape sequence's bytes come together; after so long without more, esc was pressed by itself."""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("keys")(keys)


def keys(
    context: typer.Context,
    list_only: Annotated[bool, typer.Option("--list", help="Print the keys, and try nothing.")] = False,
) -> None:
    """Press the console's keys; ctrl+d ends. Exit 1 where one didn't arrive."""
    from triage_tui.cli.console_look import read_look

    settings = settings_of(context)
    wanted = _wanted(read_look(settings.folder, settings.look).keymap.keys)
    if list_only:
        for key, action in wanted.items():
            _say(f"{_shown(key)}: {_(action.help)} ({action.id})")
        return
    if not sys.stdin.isatty():
        raise Failure(_("`triage keys` needs a terminal. Use `triage keys --list` to read them."))
    missing = _try(wanted)
    if missing:
        _say(_("Didn't arrive: {keys}").format(keys=", ".join(_shown(key) for key in missing)))
        _say(_("Give these actions other keys in a keymap, or use another terminal."))
        raise typer.Exit(ExitCode.FAILED)
    _say(_("All of the console's keys arrived."))


def _wanted(given: object) -> dict[str, Action]:
    """Canonical name of each key of the console → its action."""
    from triage_tui.keymaps.checking import standard_keys
    from triage_tui.keymaps.keymap import Keymap
    from triage_tui.screens.actions import PLACES

    keymap = Keymap("", given) if isinstance(given, dict) else Keymap("")
    actions = {action.id: action.under(keymap) for place in PLACES.values() for action in place}
    return {key: action for action in actions.values() for key in standard_keys(action)}


def _shown(key: str) -> str:
    from triage_tui.keymaps.key_names import shown_key

    return shown_key(key)


def _try(wanted: dict[str, Action]) -> list[str]:
    """The keys that some terminals keep to themselves, less those that were pressed and arrived."""
    from triage_tui.keymaps.key_names import canonical, is_special

    missing = [key for key in wanted if is_special(key)]
    _say(_("Press these keys, in any order: {keys}").format(keys=" ".join(_shown(key) for key in missing)))
    _say(_("Letters and signs may be tried, too. ctrl+d ends."))
    for name, raw in _pressed():
        key = canonical(name)
        if key in _ENDS:
            break
        action = wanted.get(key)
        words = _(action.help) if action else _("not used by the console")
        _say(f"{_shown(key):<8} {words}  [{raw!r}]" if raw else f"{_shown(key):<8} {words}")
        if key in missing:
            missing.remove(key)
            if not missing:
                break
    return missing


def _pressed() -> Iterator[tuple[str, str]]:
    """Keys as the console would get them: Textual's name, and what the terminal sent."""
    from textual import events
    from textual._xterm_parser import XTermParser

    with _raw_terminal() as terminal:
        while True:
            sent = _burst(terminal)
            if not sent:
                return
            parser = XTermParser()
            found = [*parser.feed(sent), *parser.feed("")]
            names = [event.key for event in found if isinstance(event, events.Key)]
            for name in names:
                yield name, sent if len(names) == 1 else ""


def _burst(terminal: int) -> str:
    """What comes until nothing more does; nothing once the terminal has gone."""
    select.select([terminal], [], [])
    sent = b""
    while select.select([terminal], [], [], _LOOK_S)[0]:
        more = os.read(terminal, 1024)
        if not more:
            break
        sent += more
    return sent.decode(errors="replace")


@contextmanager
def _raw_terminal() -> Iterator[int]:
    """The terminal without its own line editing, put back as it was."""
    import termios
    import tty

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        tty.setraw(terminal, termios.TCSANOW)
        yield terminal
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _say(text: str) -> None:
    """A line; a raw terminal doesn't return to its beginning by itself."""
    end = "\r\n" if sys.stdout.isatty() else "\n"
    sys.stdout.write(text + end)
    sys.stdout.flush()
