"""`x`: mark one of her readings as wrong. ↑↓ picks it, a letter says why, enter marks it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from triage_tui.screens.console import console_of
from triage_tui.screens.picking_form import PickingForm
from triage_tui.widgets.choice_lines import Choice, choice_lines
from triage_tui.widgets.text_lines import TextLines
from triage_tui.wording import N_, _
from triage_tui.wording.dates import when
from triage_tui.wording.measures import short_name, value_with_unit

if TYPE_CHECKING:
    from local_store.views import ReadingView
    from triage_tui.widgets.subject import Subject

REASONS: Final = (
    ("p", N_("measured on somebody else")),
    ("t", N_("wrong measuring technique")),
    ("f", N_("a fault of the device")),
    ("s", N_("a slip while typing it in")),
)
_OTHER: Final = ("a", N_("another reason, to be written"))
_GONE: Final = ("entered-in-error", "cancelled")


class ReadingErrorForm(PickingForm):
    """The newest readings first; what is marked already isn't among them."""

    NAME = "reading-error"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "save", show=False, priority=True)]

    def __init__(self, subject: Subject, readings: Sequence[ReadingView]) -> None:
        super().__init__(subject)
        self._readings = [one for one in readings if one.status not in _GONE and "/" not in one.code]
        self._reason: str | None = None

    def heading(self) -> str:
        """What the form does."""
        return _("Reading that is wrong")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("enter", _("mark as wrong")), *super().keys()]

    def lines(self) -> Sequence[str]:
        """When, what, how much."""
        now = console_of(self).now()
        return [
            f"{when(one.effective, now)}  {short_name(one.code)} {value_with_unit(one.code, one.value)}"
            for one in self._readings
        ]

    def nothing(self) -> str:
        """Nothing to mark."""
        return _("There is no reading that could be marked.")

    def fields(self) -> Iterable[Widget]:
        """The readings, why, and a text."""
        yield from super().fields()
        yield TextLines(id="choices")
        text = Input(self.draft, id="text", placeholder=_("Why it is wrong"), select_on_focus=False)
        text.cursor_blink = False
        text.can_focus = False
        yield text

    def on_mount(self) -> None:
        """Pick first; a draft goes on being written."""
        super().on_mount()
        self.query_one("#choices", TextLines).styles.height = len(REASONS) + 1
        if self.draft:
            self._choose(_OTHER[0])
        self._show_reasons()

    @property
    def _text(self) -> Input:
        return self.query_one("#text", Input)

    def _choose(self, letter: str) -> None:
        self._reason = letter
        if letter == _OTHER[0]:
            self._text.can_focus = True
            self.set_focus(self._text)

    def _show_reasons(self) -> None:
        choices = [Choice(key, _(words), key == self._reason) for key, words in (*REASONS, _OTHER)]
        self.query_one("#choices", TextLines).show(lambda width, _height: choice_lines(choices, width))

    def on_key(self, event: events.Key) -> None:
        """A letter says why, until the text has the keys."""
        if self._text.has_focus or event.key not in dict((*REASONS, _OTHER)):
            return
        event.stop()
        event.prevent_default()
        self._choose(event.key)
        self.say("")
        self._show_reasons()

    def typed(self) -> str:
        """The reason that is written out."""
        return self._text.value

    def action_save(self) -> None:
        """Mark the reading."""
        if not self._readings:
            self.say(self.nothing())
            return
        if self._reason is None:
            self.say(_("Say why by a letter first."))
            return
        known = dict(REASONS).get(self._reason)
        reason = self.typed().strip() if known is None else _(known)
        if not reason:
            self.say(_("Write in a few words why."))
            return
        reading = self._readings[self.picked].id
        self.send(lambda acts: acts.reading_error(reading, reason), _("Marked as wrong"))
