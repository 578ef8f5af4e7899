"""The line to the terminal: how slow it is, and what is done about it.

A terminal answers "where is your cursor?" once it has got all that was sent before: the answer's time is the
line's delay and the time that the first screen took together. On a spared line less is sent: news of the
sync's progress and the pane under the list are drawn seldom, and the mouse no more tells of each move.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from triage_tui.screens.dressed import Dressed
from triage_tui.screens.look import Look
from triage_tui.screens.short_output import ShortDriver
from triage_tui.wording import _
from triage_tui.wording.numbers import rounded

if TYPE_CHECKING:
    from textual import events
    from textual.driver import Driver

SLOW_S: Final = 0.3
"""A screen that takes longer than this to be there and told of is a slow line's."""
PANE_S: Final = 0.4
_WHERE: Final = "\x1b[6n"
_MOVES_OFF, _MOVES_ON = "\x1b[?1003l", "\x1b[?1003h"


class OnALine(Dressed):
    """Knows how slow the line is, and spares it where the nurse says so."""

    def __init__(self, look: Look, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(look)
        self.low_bandwidth = bool(look.low_bandwidth)
        self._monotonic = monotonic
        self._asked_at: float | None = None
        self._waiting: dict[str, Callable[[], object]] = {}

    def get_driver_class(self) -> type[Driver]:
        """Textual asks how the terminal is written to."""
        return ShortDriver

    def on_resize(self, _event: events.Resize) -> None:
        """A terminal of another size may show anything; Textual calls this beside the app's own."""
        if isinstance(self._driver, ShortDriver):
            self._driver.lines.forget()

    def begin_line(self) -> None:
        """When the first screen has been sent: spare the line, or find out whether that is wanted."""
        if self.low_bandwidth:
            self._send(_MOVES_OFF)
        elif self.look.low_bandwidth is None:
            self._asked_at = self._monotonic()
            self._send(_WHERE)

    def on_cursor_position(self, _event: events.CursorPosition) -> None:
        """The terminal's answer: propose to spare a line that is slow."""
        asked, self._asked_at = self._asked_at, None
        if asked is not None and self._monotonic() - asked > SLOW_S:
            self.slow_line(self._monotonic() - asked)

    def slow_line(self, seconds: float) -> None:
        """Say that the line is slow, and what can be done."""
        raise NotImplementedError

    def spare_line(self, spare: bool) -> None:
        """Send little from now on, or everything at once again; the choice is kept."""
        self.low_bandwidth = spare
        self.look.keep("low_bandwidth", spare)
        self._send(_MOVES_OFF if spare else _MOVES_ON)

    def seldom(self, what: str, call: Callable[[], object], *, every: float = PANE_S) -> None:
        """Do `call` at once; on a spared line the last of the kind `what`, once in `every` seconds."""
        if not self.low_bandwidth:
            self.at_once(what, call)
            return
        if what not in self._waiting:

            def last() -> None:
                self._waiting.pop(what, lambda: None)()

            self.set_timer(every, last)
        self._waiting[what] = call

    def at_once(self, what: str, call: Callable[[], object]) -> None:
        """Do `call`, and none of the kind `what` that still waits: it is older."""
        self._waiting.pop(what, None)
        call()

    def _send(self, sequence: str) -> None:
        driver = self._driver
        if driver is not None and not self.is_headless:
            driver.write(sequence)
            driver.flush()


def slow_words(seconds: float, palette_key: str) -> str:
    """`Linja er treg (0,8 s). : Sparsom linje sender mindre.`"""
    words = _("The line is slow ({seconds} s). {key} “Low bandwidth: on” sends less.")
    return words.format(seconds=rounded(round(seconds * 1_000_000), 1), key=palette_key)
