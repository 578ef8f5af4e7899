"""`k`: a phone or video call. Budgets: k i enter (no answer), k s text enter, k m enter (measure anew)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from triage_tui.screens.console import console_of
from triage_tui.screens.form import Form
from triage_tui.screens.messages import FormLoaded
from triage_tui.screens.session import ContactResult, Medium, Whom
from triage_tui.widgets.choice_lines import Choice, choice_lines
from triage_tui.widgets.text_lines import TextLines, line
from triage_tui.wording import _, clean
from triage_tui.wording.contacts import WITH
from triage_tui.wording.dates import HOUR, duration, when
from work_items import try_again_at


class ContactForm(Form):
    """First whether somebody answered, then what was said."""

    NAME = "contact"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "save", show=False, priority=True)]

    result: ContactResult | None = None
    medium: Medium = "phone"
    whom: Whom | None = None
    measure_anew = False
    """Whether she was asked to measure again: then she is back in the queue in an hour."""
    _link: str | None = None

    def heading(self) -> str:
        """What the form does."""
        return _("Contact")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("enter", _("save"))]

    def fields(self) -> Iterable[Widget]:
        """The choices, and the text, which only takes keys once `s` was pressed."""
        yield TextLines(id="choices")
        yield TextLines(id="link")
        text = Input(self.draft, id="text", placeholder=_("What was said"), select_on_focus=False)
        text.cursor_blink = False
        text.can_focus = False
        yield text

    def on_mount(self) -> None:
        """Choose first."""
        super().on_mount()
        self.query_one("#choices", TextLines).styles.height = 5
        self.query_one("#link", TextLines).display = False
        self._show_choices()

    def _try_again(self) -> str:
        now = console_of(self).now()
        if not self.subject.items:
            return _("no answer")
        at = try_again_at(max(item.band for item in self.subject.items), now)
        words = _("no answer: back in the queue in {duration}, {when}")
        return words.format(duration=duration(at - now), when=when(at, now))

    def _follow_up_at(self) -> int | None:
        """When she comes back; none where she needn't, or nothing is open to come back to."""
        if self.measure_anew:
            return console_of(self).now() + HOUR
        if not self.subject.items or self.result == "reached":
            return None
        return try_again_at(max(item.band for item in self.subject.items), console_of(self).now())

    def _show_choices(self) -> None:
        medium = _("by phone") if self.medium == "phone" else _("by video")
        whom = _(WITH[self.whom]) if self.whom else _("with the patient alone")
        now = console_of(self).now()
        anew = _("new measurement asked for: back in the queue at {when}").format(when=when(now + HOUR, now))
        choices = [
            Choice("i", self._try_again(), self.result == "no-answer"),
            Choice("s", _("somebody answered"), self.result == "reached" and not self.measure_anew),
            Choice("m", anew, self.measure_anew),
            Choice("v", _("{medium}; v changes").format(medium=medium)),
            Choice("w", _("{whom}; w changes").format(whom=whom)),
        ]
        self.query_one("#choices", TextLines).show(lambda width, _height: choice_lines(choices, width))

    def on_key(self, event: events.Key) -> None:
        """Letters choose until the text has the keys."""
        text = self.query_one("#text", Input)
        if text.has_focus:
            return
        if event.key == "v":
            self._change_medium()
        elif event.key == "w":
            after: list[Whom | None] = [None, "gp", "next-of-kin", "home-nurse", "hospital", "group"]
            self.whom = after[(after.index(self.whom) + 1) % len(after)]
        elif event.key in ("i", "s", "m"):
            self.measure_anew = event.key == "m"
            self.result = "no-answer" if event.key == "i" else "reached"
            if event.key == "s":
                text.can_focus = True
                self.set_focus(text)
        else:
            return
        event.stop()
        event.prevent_default()
        self.say("")
        self._show_choices()

    def _change_medium(self) -> None:
        self.medium = "video" if self.medium == "phone" else "phone"
        link = self.query_one("#link", TextLines)
        link.display = self.medium == "video" and self._link is not None
        if self.medium == "video" and self._link is None:
            console_of(self).ask(
                self, lambda session: FormLoaded(session.acting().centre_words().video_link), group="form"
            )

    def on_form_loaded(self, message: FormLoaded) -> None:
        """The centre's video room, where it has such a service."""
        message.stop()
        if isinstance(message.content, str):
            self._link = clean(message.content)
            room = _("Room: {link}").format(link=self._link)
            link = self.query_one("#link", TextLines)
            link.show(lambda _width, _height: [line(f" {room}")])
            link.display = self.medium == "video"

    def typed(self) -> str:
        """What was said."""
        return self.query_one("#text", Input).value

    def action_save(self) -> None:
        """Record the contact."""
        result, medium, whom, text = self.result, self.medium, self.whom, self.typed().strip()
        if result is None:
            self.say(_("Choose i (no answer), s (somebody answered) or m (measure anew) first."))
            return
        if self.measure_anew:
            text = text or _("Asked to measure again.")
        elif result == "reached" and not text:
            self.say(_("Write in a few words what was said."))
            return
        patient = self.subject.person.id
        follow_up = self._follow_up_at()
        self.send(
            lambda acts: acts.contact(
                patient, by=medium, result=result, text=text, about=(), follow_up=follow_up, whom=whom
            ),
            _("Contact saved: no answer") if result == "no-answer" else _("Contact saved"),
        )
