"""`r`: what a patient tells by phone. Budget: r, letter, value, enter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from triage_tui.screens.console import console_of
from triage_tui.screens.form import Form
from triage_tui.widgets.choice_lines import Choice, choice_lines
from triage_tui.widgets.text_lines import TextLines, line
from triage_tui.wording import _
from triage_tui.wording.dates import when
from triage_tui.wording.refusals import refusal_words
from triage_tui.wording.told import implausible_words, told_name, told_words

if TYPE_CHECKING:
    from triage_tui.acts.measured import Measured
    from triage_tui.widgets.subject import Subject

LETTERS: Final = (
    ("o", "spo2"),
    ("p", "pulse"),
    ("b", "bp"),
    ("r", "resp_rate"),
    ("t", "temperature"),
    ("v", "weight"),
    ("g", "glucose"),
    ("e", "pef"),
    ("f", "fev1"),
    ("i", "oxygen"),
    ("a", "consciousness"),
)
"""Letter → what can be typed in."""
_COLUMNS: Final = 2
_STEP_MS: Final = 15 * 60_000


class ReadingForm(Form):
    """First the measure by its letter, then the value; what can hardly be true is asked about once more."""

    NAME = "reading"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", show=False, priority=True),
        Binding("up", "earlier(1)", show=False),
        Binding("down", "earlier(-1)", show=False),
    ]

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self._code: str | None = None
        self._steps_back = 0
        self._doubted: str | None = None
        """The value that was asked about."""

    def heading(self) -> str:
        """What the form does."""
        return _("Reading told by phone")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("enter", _("save")), ("↑↓", _("when it was measured"))]

    def fields(self) -> Iterable[Widget]:
        """The measures, when, and the value."""
        yield TextLines(id="choices")
        yield TextLines(id="when")
        value = Input("", id="text", placeholder=_("Value"), select_on_focus=False)
        value.cursor_blink = False
        value.can_focus = False
        yield value

    def on_mount(self) -> None:
        """Choose first; a draft says which measure it was."""
        super().on_mount()
        self.query_one("#choices", TextLines).styles.height = -(-len(LETTERS) // _COLUMNS)
        code, _space, value = self.draft.partition(" ")
        if code:
            self._choose(code)
            self._input.value = value
        self._show()

    @property
    def _input(self) -> Input:
        return self.query_one("#text", Input)

    @property
    def _at(self) -> int:
        return console_of(self).now() - self._steps_back * _STEP_MS

    def _show(self) -> None:
        choices = [Choice(letter, told_name(code), code == self._code) for letter, code in LETTERS]
        self.query_one("#choices", TextLines).show(
            lambda width, _height: choice_lines(choices, width, _COLUMNS)
        )
        at = when(self._at, console_of(self).now())
        text = _("Measured now") if not self._steps_back else _("Measured {when}").format(when=at)
        self.query_one("#when", TextLines).show(lambda _width, _height: [line(f" {text}")])

    def _choose(self, code: str) -> None:
        self._code = code
        self._input.can_focus = True
        self.set_focus(self._input)

    def on_key(self, event: events.Key) -> None:
        """A letter chooses until the value has the keys."""
        code = dict(LETTERS).get(event.key)
        if self._input.has_focus or code is None:
            return
        event.stop()
        event.prevent_default()
        self._choose(code)
        self.say("")
        self._show()

    def action_earlier(self, steps: int) -> None:
        """A quarter of an hour earlier or later, never later than now."""
        self._steps_back = max(0, self._steps_back + steps)
        self._show()

    def typed(self) -> str:
        """Measure and value."""
        value = self._input.value.strip()
        return f"{self._code} {value}" if self._code and value else ""

    def action_save(self) -> None:
        """Save the reading."""
        if self._code is None:
            self.say(_("Choose by its letter what was measured."))
            return
        measured = self._read(self._code, self._input.value)
        if measured is None:
            return
        told = told_words([(part.code, part.value) for part in measured.parts])
        if not measured.plausible and self._doubted != self._input.value:
            self._doubted = self._input.value
            self.say(f"{told}. {implausible_words()} " + _("Enter once more if it was said so."))
            return
        patient, at = self.subject.person.id, self._at
        self.send(lambda acts: acts.reading(patient, measured, at), _("{told} saved").format(told=told))

    def _read(self, code: str, value: str) -> Measured | None:
        from triage_tui.acts.measured import read_measured  # noqa: PLC0415 - first paint doesn't need acts
        from triage_tui.acts.refused import ActRefused  # noqa: PLC0415

        try:
            return read_measured(code, value)
        except ActRefused as error:
            self.say(refusal_words(error.message_id, {**error.facts, "code": told_name(code)}, 0))
            return None
