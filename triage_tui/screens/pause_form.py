"""`P`: pause her plan for a stay in hospital and the like, or resume it. Budget: P, letter, text, enter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from triage_tui.screens.console import console_of
from triage_tui.screens.form import Form
from triage_tui.widgets.choice_lines import Choice, choice_lines
from triage_tui.widgets.text_lines import TextLines, line, wrap
from triage_tui.wording import N_, _
from triage_tui.wording.dates import DAY, when
from triage_tui.wording.pauses import pause_words

_SPANS: Final = (
    ("u", N_("until somebody resumes"), None),
    ("d", N_("for a day"), 1),
    ("t", N_("for three days"), 3),
    ("v", N_("for a week"), 7),
    ("a", N_("for good: ends the follow-up"), None),
)
_FOR_GOOD: Final = "a"
"""Letter, words and days."""


class PauseForm(Form):
    """From now on, for so long, because; where she is paused, enter resumes."""

    NAME = "pause"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "save", show=False, priority=True)]

    def heading(self) -> str:
        """What the form does."""
        return _("Resume") if self.subject.paused else _("Pause")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("enter", _("resume") if self.subject.paused else _("pause"))]

    def fields(self) -> Iterable[Widget]:
        """For how long, and why; or the pause that is going on."""
        yield TextLines(id="choices")
        if self.subject.paused is None:
            text = Input(self.draft, id="text", placeholder=_("Why"), select_on_focus=False)
            text.cursor_blink = False
            text.can_focus = False
            yield text

    def on_mount(self) -> None:
        """Choose first."""
        super().on_mount()
        self._span: str | None = None
        self._asked = False
        now, pause = console_of(self).now(), self.subject.paused
        choices = self.query_one("#choices", TextLines)
        if pause is None:
            choices.styles.height = len(_SPANS)
            self._show_spans()
            return
        words = pause_words(pause, now)
        said = f"{words[:1].upper()}{words[1:]}. " + _("Missing readings count again from now on.")
        choices.styles.height = len(wrap(said, max(20, self.app.size.width - 4)))
        choices.show(lambda width, _height: [line(f" {text}") for text in wrap(said, width - 2)])

    def _show_spans(self) -> None:
        now = console_of(self).now()

        def words(text: str, days: int | None) -> str:
            return text if days is None else f"{text}, {when(now + days * DAY, now)}"

        choices = [Choice(key, words(_(text), days), key == self._span) for key, text, days in _SPANS]
        self.query_one("#choices", TextLines).show(lambda width, _height: choice_lines(choices, width))

    def on_key(self, event: events.Key) -> None:
        """A letter says for how long, until the reason has the keys."""
        if self.subject.paused is not None:
            return
        text = self.query_one("#text", Input)
        if text.has_focus or event.key not in {key for key, _words, _days in _SPANS}:
            return
        event.stop()
        event.prevent_default()
        self._span, self._asked = event.key, False
        text.can_focus = True
        self.set_focus(text)
        self.say("")
        self._show_spans()

    def typed(self) -> str:
        """Why."""
        return "" if self.subject.paused else self.query_one("#text", Input).value

    def action_save(self) -> None:
        """Pause, or resume."""
        patient = self.subject.person.id
        if self.subject.paused is not None:
            self.send(lambda acts: acts.resume(patient), _("Resumed"))
            return
        days = next((days for key, _words, days in _SPANS if key == self._span), None)
        if self._span is None:
            self.say(_("Say by a letter for how long."))
            return
        reason = self.typed().strip()
        if not reason:
            self.say(_("Write in a few words why."))
            return
        if self._span == _FOR_GOOD:
            self._end(patient, reason)
            return
        start = console_of(self).now()
        until = None if days is None else start + days * DAY
        self.send(lambda acts: acts.pause(patient, start, until, reason), _("Paused"))

    def _end(self, patient: str, reason: str) -> None:
        """Asked once: the plan is over for everybody, and a new one has to be made to go on."""
        if not self._asked:
            self._asked = True
            self.say(_("Ends the follow-up: nothing is judged or missed any more. Enter once more to do it."))
            return
        self.send(lambda acts: acts.end_follow_up(patient, reason), _("Follow-up ended"))
