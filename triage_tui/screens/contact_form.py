"""`k`: a phone or video call. Budgets: k i enter for no answer; k s, text, enter for reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from triage_tui.screens.console import console_of
from triage_tui.screens.form import Form
from triage_tui.screens.session import ContactResult, Medium
from triage_tui.widgets.marks import BOLD, KEY, PLAIN
from triage_tui.widgets.text_lines import TextLines
from triage_tui.wording import _
from triage_tui.wording.dates import duration, when
from work_items import try_again_at
from work_items.model import Band


class ContactForm(Form):
    """First whether somebody answered, then what was said."""

    NAME = "contact"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "save", show=False, priority=True)]

    result: ContactResult | None = None
    medium: Medium = "phone"

    def heading(self) -> str:
        """What the form does."""
        return _("Contact")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("enter", _("save"))]

    def fields(self) -> Iterable[Widget]:
        """The choices, and the text, which only takes keys once `s` was pressed."""
        yield TextLines(id="choices")
        text = Input(self.draft, id="text", placeholder=_("What was said"), select_on_focus=False)
        text.cursor_blink = False
        text.can_focus = False
        yield text

    def on_mount(self) -> None:
        """Choose first."""
        super().on_mount()
        self.query_one("#choices", TextLines).styles.height = 3
        self._show_choices()

    def _try_again(self) -> str:
        now = console_of(self).now()
        at = self._follow_up_at()
        if at is None:
            return _("no answer")
        words = _("no answer: back in the queue in {duration}, {when}")
        return words.format(duration=duration(at - now), when=when(at, now))

    def _follow_up_at(self) -> int | None:
        """When to ring again; none where nothing is open to come back to."""
        if not self.subject.items:
            return None
        worst = max((item.band for item in self.subject.items), default=Band.BLUE)
        return try_again_at(worst, console_of(self).now())

    def _show_choices(self) -> None:
        medium = _("by phone") if self.medium == "phone" else _("by video")
        rows = [
            ("i", self._try_again(), self.result == "no-answer"),
            ("s", _("somebody answered"), self.result == "reached"),
            ("v", _("{medium}; v changes").format(medium=medium), False),
        ]

        def drawing(_width: int, _height: int) -> list[Strip]:
            return [
                Strip(
                    [
                        Segment(" ▶ " if chosen else "   "),
                        Segment(key, KEY),
                        Segment(f"  {words}", BOLD if chosen else PLAIN),
                    ]
                )
                for key, words, chosen in rows
            ]

        self.query_one("#choices", TextLines).show(drawing)

    def on_key(self, event: events.Key) -> None:
        """Letters choose until the text has the keys."""
        text = self.query_one("#text", Input)
        if text.has_focus:
            return
        if event.key == "i":
            self.result = "no-answer"
        elif event.key == "s":
            self.result = "reached"
            text.can_focus = True
            self.set_focus(text)
        elif event.key == "v":
            self.medium = "video" if self.medium == "phone" else "phone"
        else:
            return
        event.stop()
        event.prevent_default()
        self.say("")
        self._show_choices()

    def typed(self) -> str:
        """What was said."""
        return self.query_one("#text", Input).value

    def action_save(self) -> None:
        """Record the contact."""
        result, medium, text = self.result, self.medium, self.typed().strip()
        if result is None:
            self.say(_("Choose i (no answer) or s (somebody answered) first."))
            return
        if result == "reached" and not text:
            self.say(_("Write in a few words what was said."))
            return
        patient = self.subject.person.id
        follow_up = self._follow_up_at() if result == "no-answer" else None
        self.send(
            lambda session: session.contact(
                patient, by=medium, result=result, text=text, about=(), follow_up=follow_up
            ),
            _("Contact saved: no answer") if result == "no-answer" else _("Contact saved"),
        )
