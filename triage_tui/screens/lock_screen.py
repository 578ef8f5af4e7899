"""F9, or minutes without a key: nothing of the patients is shown until the nurse has shown who she is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from triage_tui.screens.console import console_of
from triage_tui.screens.head import practice_part, sync_parts
from triage_tui.screens.messages import LockAnswered, Locked, Trouble
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, KEY, PLAIN, WARNING
from triage_tui.widgets.text_lines import TextLines, line, wrap
from triage_tui.wording import _, clean, ngettext
from triage_tui.wording.dates import when

if TYPE_CHECKING:
    from threshold_engine.model import Instant
    from triage_tui.lock.unlocking import LockView

SHORTEST_PIN = 4


class LockScreen(Screen[bool]):
    """Opaque, over everything: what lies under it is neither drawn nor reached by a key."""

    CSS_PATH = "lock_screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "answer", show=False, priority=True)]

    def __init__(self, view: LockView, since: Instant, *, may_choose: bool) -> None:
        """`may_choose`: whoever sits here is the nurse, so she may choose a PIN where there is none."""
        super().__init__()
        self.view, self._since = view, since
        self._choosing = may_choose and not view.has_pin
        self._first: str | None = None
        """The PIN as it was typed first, while it is typed again."""
        self._asking = False

    def compose(self) -> ComposeResult:
        """Head, what to do, the secret, what was wrong, keys."""
        yield HeadLine(id="head")
        yield TextLines(id="ask")
        secret = Input(password=True, id="secret", select_on_focus=False)
        secret.cursor_blink = False
        yield secret
        yield TextLines(id="problem")
        yield HeadLine(id="keys", between="   ")

    def on_mount(self) -> None:
        """Ask at once."""
        self.show_head()
        self._ask()
        self.set_focus(self.query_one("#secret", Input))

    def show_head(self) -> None:
        """The sync goes on, and says so."""
        now = console_of(self).now()
        parts = [
            practice_part(console_of(self)),
            Part("TRIAGE", BOLD, keep=9),
            Part(self._locked_words(now), keep=8),
        ]
        self.query_one("#head", HeadLine).show(parts, sync_parts(console_of(self), now))

    def _locked_words(self, now: Instant) -> str:
        return _("locked since {when}").format(when=when(self._since, now)) if self._since else _("locked")

    def _ask(self, problem: str = "") -> None:
        self.query_one("#secret", Input).value = ""
        self._tell("#ask", self._question())
        self._tell("#problem", problem)
        enter = _("keep this PIN") if self._choosing else _("unlock")
        keys = [("enter", enter), ("F10", _("quit"))]
        self.query_one("#keys", HeadLine).show(
            [Part(f"{key} {word}", KEY if key == "enter" else PLAIN, keep=9) for key, word in keys]
        )

    def _tell(self, where: str, words: str) -> None:
        style = WARNING if where == "#problem" else PLAIN
        lines = self.query_one(where, TextLines)
        lines.styles.height = len(wrap(words, max(20, self.app.size.width - 4))) if words else 0
        lines.show(lambda width, _height: [line(f" {text}", style) for text in wrap(words, width - 2)])

    def _question(self) -> str:
        view = self.view
        if self._choosing and self._first is None:
            return _("Choose a PIN to unlock with, at least {n} characters.").format(n=SHORTEST_PIN)
        if self._choosing:
            return _("The same PIN once more.")
        if view.by_pin and view.by_passphrase:
            return _("Write the PIN or the passphrase.")
        if view.by_pin:
            return _("Write the PIN.")
        if view.by_passphrase:
            return _("Write the passphrase.")
        return _("No PIN opens it. Run `triage login`. Drafts and what is unsent are kept.")

    def action_answer(self) -> None:
        """Enter: choose the PIN, or try it."""
        secret = self.query_one("#secret", Input).value
        if self._asking or not secret:
            return
        if not self._choosing:
            self._try(secret)
        elif len(secret) < SHORTEST_PIN:
            self._ask(_("A PIN has at least {n} characters.").format(n=SHORTEST_PIN))
        elif self._first is None:
            self._first = secret
            self._ask()
        elif secret != self._first:
            self._first = None
            self._ask(_("The two weren't the same. Choose again."))
        else:
            self._asking = True
            console_of(self).ask(self, lambda session: LockAnswered(session.choose_pin(secret)), group="lock")

    def _try(self, secret: str) -> None:
        self._asking = True
        console_of(self).hold_keys()
        console_of(self).ask(self, lambda session: LockAnswered(session.unlock(secret)), group="lock")

    def on_locked(self, message: Locked) -> None:
        """The cache says that the profile is locked, and what opens it."""
        message.stop()
        self.view = message.view
        self._tell("#ask", self._question())

    def on_lock_answered(self, message: LockAnswered) -> None:
        """Right: away with the lock. Wrong: how many tries are left."""
        message.stop()
        self._asking = False
        console_of(self).release_keys()
        self.view = message.view
        if self._choosing:
            self._choosing = False
            self._ask(_("The PIN is kept. The screen is locked."))
        elif not self.view.locked:
            self.dismiss(True)
        else:
            self._ask(self._wrong())

    def _wrong(self) -> str:
        left = self.view.left
        if left and self.view.has_pin:
            words = ngettext("That was wrong. {n} try is left.", "That was wrong. {n} tries are left.", left)
            return words.format(n=left)
        return _("That was wrong.")

    def on_trouble(self, message: Trouble) -> None:
        """The cache couldn't be written: still locked."""
        message.stop()
        self._asking = False
        console_of(self).release_keys()
        self._ask(clean(message.words))
