"""A small panel over the patient: who it is in its title, esc leaves it and keeps the draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from local_store.records import Draft
from triage_tui.screens.console import console_of
from triage_tui.screens.messages import ActSettled, Trouble
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, KEY, WARNING
from triage_tui.widgets.text_lines import TextLines, line, wrap
from triage_tui.wording import _, clean
from triage_tui.wording.dates import when
from triage_tui.wording.explain import taken_words

if TYPE_CHECKING:
    from threshold_engine.model import Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.screens.session import Acts
    from triage_tui.widgets.subject import Subject


SAVED_AFTER_S: Final = 0.5
"""What is typed is in the cache at most so long after it was."""


class Form(ModalScreen[ActSettled | None]):
    """What every form has: title, the owner where it is somebody else, a line for refusals, its keys."""

    CSS_PATH = "form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, priority=True)]
    NAME: ClassVar[str] = ""
    """Names the draft."""

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject
        self.sending = False
        self._problem = ""
        self._settled: ActSettled | None = None
        """What was saved by it."""
        self._closed = False
        self._untouched: str | None = ""
        """What stood here before anything was typed, where that is no draft."""
        self._saving: Timer | None = None

    def heading(self) -> str:
        """What the form does, before the patient's name."""
        raise NotImplementedError

    def fields(self) -> Iterable[Widget]:
        """The form's own widgets."""
        raise NotImplementedError

    def keys(self) -> Sequence[tuple[str, str]]:
        """Keys and words of the form's last line."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Title, owner, fields, refusal, keys."""
        with Vertical(id="form"):
            yield HeadLine(id="form-title", between=" — ")
            yield TextLines(id="form-owner")
            yield TextLines(id="form-draft")
            yield from self.fields()
            yield TextLines(id="form-problem")
            yield HeadLine(id="form-keys", between="   ")

    def on_mount(self) -> None:
        """Fill in the lines around the fields."""
        now = console_of(self).now()
        title = self.query_one("#form-title", HeadLine)
        title.show(
            [Part(self.heading(), BOLD, keep=1), Part(self.subject.title(now), BOLD, keep=9, least=20)]
        )
        owner = self.query_one("#form-owner", TextLines)
        owner.display = self.subject.others
        if self.subject.others:
            held = taken_words(
                clean(self.subject.owner_name or ""), self.subject.owned_since, confirmed=True, now=now
            )
            owner.show(lambda width, _height: [line(f" {text}", BOLD) for text in wrap(held, width - 2)])
        self._show_draft(now)
        self.say("")
        self.show_keys()

    def _show_draft(self, now: Instant) -> None:
        """That what stands here was written before, and when."""
        kept = console_of(self).drafts.get(self._draft_key)
        self._untouched = None if kept else self.typed()
        told = self.query_one("#form-draft", TextLines)
        told.display = kept is not None
        if kept is not None:
            words = _("draft from {when}").format(when=when(kept.at, now))
            told.show(lambda _width, _height: [line(f" {words}", BOLD)])

    def show_keys(self) -> None:
        """Draw the key line anew."""
        keys = [*self.keys(), ("esc", _("leave, keep the draft"))]
        parts = [
            Part(f"{key} {word}", KEY if i == 0 else Part("").style, keep=9 - i)
            for i, (key, word) in enumerate(keys)
        ]
        self.query_one("#form-keys", HeadLine).show(parts)

    def say(self, problem: str) -> None:
        """Show why it can't be done, or nothing."""
        self._problem = problem
        lines = self.query_one("#form-problem", TextLines)
        lines.display = bool(problem)
        lines.styles.height = len(wrap(problem, max(20, self.app.size.width - 4))) if problem else 0
        lines.show(
            lambda width, _height: [
                Strip([Segment(" "), Segment(t, WARNING)]) for t in wrap(problem, width - 2)
            ]
        )

    def send(self, call: Callable[[Acts], ActDone], said: str) -> None:
        """Do the act in a thread, once however often the key is pressed."""
        if not self.sending and self._settled is None:
            self.sending = True
            console_of(self).hold_keys()
            app, key = console_of(self), self._draft_key
            self.keep_draft(self.typed())
            app.act(self, lambda acts: app.drafts.sign(acts, key, call), said)

    def on_act_settled(self, message: ActSettled) -> None:
        """Saved: close and forget the draft. Refused: say why and stay."""
        message.stop()
        self._sent()
        if message.done is None:
            self.say(message.refused or "")
            return
        self._settled = message
        self.on_screen_resume()

    def on_screen_resume(self) -> None:
        """Close once saved; what lies over the form (a terminal too small) would be closed in its stead."""
        if self._settled is not None and self.app.screen is self and not self._closed:
            self._closed = True
            self.dismiss(self._settled)

    def on_trouble(self, message: Trouble) -> None:
        """The cache couldn't be written: what was typed stays."""
        message.stop()
        self._sent()
        self.say(clean(message.words))

    def _sent(self) -> None:
        self.sending = False
        console_of(self).release_keys()

    @property
    def _draft_key(self) -> tuple[str, str]:
        return (self.subject.person.id, self.NAME)

    @property
    def draft(self) -> str:
        """What was typed here for this patient before, and not saved."""
        kept = console_of(self).drafts.get(self._draft_key)
        return kept.text if kept else ""

    def keep_draft(self, text: str) -> bool:
        """Remember what was typed for this patient, in memory. Whether it is to be saved."""
        if self._settled is not None or text == self._untouched:
            return False
        self._untouched = None
        patient, form = self._draft_key
        app = console_of(self)
        return app.drafts.put(Draft(patient, form, text, app.now()))

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        """Something was typed."""
        message.stop()
        self._typing()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Something was typed."""
        message.stop()
        self._typing()

    def _typing(self) -> None:
        """Keep it at once in memory, and in the cache a moment later."""
        if self.keep_draft(self.typed()) and self._saving is None and not self.sending:
            self._saving = self.set_timer(SAVED_AFTER_S, self._save)

    def _save(self) -> None:
        self._saving = None
        if not self.sending:
            console_of(self).save_drafts()

    def typed(self) -> str:
        """What stands in the form's text field."""
        raise NotImplementedError

    def action_leave(self) -> None:
        """Leave; what was typed is kept."""
        self.keep_draft(self.typed())
        app = console_of(self)
        self.dismiss(None)
        app.save_drafts()  # what comes of it is told on the screen underneath
