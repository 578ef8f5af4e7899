"""`s`: any patient in the cache, by name or number. Budget: s, text, enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input

from triage_tui.screens.console import console_of
from triage_tui.screens.messages import PatientsFound, Trouble
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, KEY, PLAIN
from triage_tui.widgets.text_lines import TextLines
from triage_tui.wording import _, clean
from triage_tui.wording.dates import when
from triage_tui.wording.people import who

if TYPE_CHECKING:
    from local_store.views import PersonLine

SHOWN = 10
"""Lines of the answer; more of them means: write more."""


class Search(ModalScreen[str | None]):
    """Gives the chosen patient's id."""

    CSS_PATH = "form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("enter", "choose", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._found: Sequence[PersonLine] = ()
        self._answered = ""
        self._chosen = 0
        self._open_when_found = False

    def compose(self) -> ComposeResult:
        """Title, text, answers, keys."""
        with Vertical(id="form"):
            yield HeadLine(id="form-title")
            text = Input(id="text", placeholder=_("Name or number"), select_on_focus=False)
            text.cursor_blink = False
            yield text
            yield TextLines(id="choices")
            yield HeadLine(id="form-keys", between="   ")

    def on_mount(self) -> None:
        """Write at once."""
        self.query_one("#form-title", HeadLine).show([Part(_("Search for a patient"), BOLD)])
        keys = [Part("enter " + _("open"), KEY), Part("↑↓ " + _("choose")), Part("esc " + _("leave"))]
        self.query_one("#form-keys", HeadLine).show(keys)
        self.set_focus(self.query_one("#text", Input))
        self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while it is typed; the cache is near."""
        event.stop()
        query = event.value.strip()
        if not query:
            self._answer("", ())
            return
        console_of(self).ask(self, lambda s: PatientsFound(query, tuple(s.find(query))), group="search")

    def on_patients_found(self, message: PatientsFound) -> None:
        """Show the answer, unless more was typed meanwhile."""
        message.stop()
        if message.query == self._query:
            self._answer(message.query, message.lines)

    def on_trouble(self, message: Trouble) -> None:
        """The cache couldn't be read."""
        message.stop()
        self.query_one("#form-title", HeadLine).show([Part(clean(message.words), BOLD)])

    @property
    def _query(self) -> str:
        return self.query_one("#text", Input).value.strip()

    def _answer(self, query: str, lines: Sequence[PersonLine]) -> None:
        self._answered, self._found, self._chosen = query, lines, 0
        self._show()
        if self._open_when_found:
            self._open_when_found = False
            if self.app.screen is self:  # a terminal too small over it would be closed instead
                self.action_choose()

    def _show(self) -> None:
        now = console_of(self).now()
        shown = self._found[:SHOWN]
        strips = []
        for i, found in enumerate(shown):
            person = found.person
            chosen = i == self._chosen
            words = who(person.name, person.birth_date, person.national_id, now)
            last = (
                _("last reading {when}").format(when=when(found.last_reading, now))
                if found.last_reading
                else ""
            )
            extra = " · ".join(part for part in (clean(found.plan or _("no valid plan")), last) if part)
            strips.append(
                Strip(
                    [
                        Segment(" ▶ " if chosen else "   "),
                        Segment(words, BOLD if chosen else PLAIN),
                        Segment(f" · {extra}"),
                    ]
                )
            )
        if len(self._found) > SHOWN:
            more = _("{n} more: write more of the name").format(n=len(self._found) - SHOWN)
            strips.append(Strip([Segment(f"   {more}")]))
        if not strips and self._answered:
            strips.append(Strip([Segment("   " + _("Nobody in the cache by that name or number."))]))
        choices = self.query_one("#choices", TextLines)
        choices.styles.height = max(1, len(strips))
        choices.show(lambda _width, _height: strips)

    def action_step(self, step: int) -> None:
        """Another of the answers."""
        if self._found:
            self._chosen = (self._chosen + step) % min(len(self._found), SHOWN)
            self._show()

    def action_choose(self) -> None:
        """Open the chosen patient; wait for the answer where it isn't there yet."""
        if self._query != self._answered:
            self._open_when_found = True
        elif self._found:
            self.dismiss(self._found[self._chosen].person.id)

    def action_leave(self) -> None:
        """Nobody."""
        self.dismiss(None)
