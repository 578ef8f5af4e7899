"""`l`: lift her to the GP or somebody else. Budget: l, F12, j; the report is drafted already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import TextArea

from triage_tui.screens.console import console_of
from triage_tui.screens.loaded_form import LoadedForm
from triage_tui.widgets.marks import BOLD
from triage_tui.widgets.text_lines import TextLines, line
from triage_tui.wording import N_, _, clean
from triage_tui.wording.dates import when
from work_items import Centre, Escalation
from work_items.escalations import answer_due
from work_items.model import Band

if TYPE_CHECKING:
    from triage_tui.screens.session import Acts
    from triage_tui.widgets.subject import Subject

HELPERS: Final = (
    ("gp", N_("the GP")),
    ("legevakt", N_("the emergency clinic, 116 117")),
    ("113", N_("113, danger to life")),
    ("next-of-kin", N_("the next of kin")),
    ("home-care", N_("home care")),
)
"""In the order in which F6 goes through them; msgids."""


class EscalateForm(LoadedForm):
    """The draft to read and edit; F12 asks once, saying what it will do, and j does it."""

    NAME = "escalate"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f12", "sign", show=False, priority=True),
        Binding("f6", "helper", show=False, priority=True),
    ]

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self._chosen = 0
        self._drafted = ""
        """The draft as it came: only what was changed in it is kept."""
        self._asked = False

    @property
    def helper(self) -> str:
        """Whom to."""
        return HELPERS[self._chosen][0]

    def heading(self) -> str:
        """What the form does."""
        return _("Escalate")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        if self._asked:
            return [("j", _("send") if self.helper == "gp" else _("save"))]
        return [("F12", _("sign")), ("F6", _("to somebody else"))]

    def fields(self) -> Iterable[Widget]:
        """Whom to, and the report."""
        yield TextLines(id="whom")
        area = TextArea("", id="report", soft_wrap=True, show_line_numbers=False)
        area.cursor_blink = False
        yield area

    def on_mount(self) -> None:
        """Write at once; the draft comes in a moment."""
        super().on_mount()
        self._show_whom()
        self.set_focus(self._area)

    @property
    def _area(self) -> TextArea:
        return self.query_one("#report", TextArea)

    def load(self, acts: Acts) -> object:
        """The draft for whom it is to."""
        return self.draft or acts.isbar(self.subject.person.id, self.helper)

    def loaded(self, content: object) -> None:
        """Show the draft; what was typed meanwhile can't be, keys waited."""
        report = clean(str(content), multiline=True)
        self._drafted = "" if self.draft else report
        self._area.load_text(report)

    def _show_whom(self) -> None:
        person, word = self.subject.person, _(HELPERS[self._chosen][1])
        if self.helper == "gp" and person.gp:
            word = f"{word}, {clean(person.gp)}"
        if self.helper == "next-of-kin" and person.next_of_kin:
            kin = person.next_of_kin[0]
            word = ", ".join(clean(part) for part in (word, kin.name, kin.phone or "") if part)
        text = _("To: {whom}").format(whom=word)
        self.query_one("#whom", TextLines).show(lambda _width, _height: [line(f" {text}", BOLD)])

    def action_helper(self) -> None:
        """To the next of those who may help; a draft that wasn't changed is made anew for them."""
        self._take_back()
        self._chosen = (self._chosen + 1) % len(HELPERS)
        self._show_whom()
        if self.typed() == "":
            self.ask(lambda acts: acts.isbar(self.subject.person.id, self.helper))

    def typed(self) -> str:
        """The report, where she has changed it."""
        text = self._area.text
        return "" if text == self._drafted else text

    def action_sign(self) -> None:
        """Ask once: what goes out can't be called back."""
        if not self._area.text.strip():
            self.say(_("The report is empty. Write what it is about, or leave with esc."))
            return
        self._asked = True
        self.set_focus(None)
        self.say(self._question())
        self.show_keys()

    def _question(self) -> str:
        whom = _(HELPERS[self._chosen][1])
        if self.helper != "gp":
            words = _("Records that you have spoken with {whom}, and this text. j does it, esc goes back.")
            return words.format(whom=whom)
        now = console_of(self).now()
        due = answer_due(Escalation("", self.subject.band or Band.YELLOW, now), Centre())
        words = _(
            "Sends this to {whom}, and brings her back if no answer has come by {due}."
            " It can't be called back. j sends, esc goes back."
        )
        return words.format(whom=whom, due=when(due, now))

    def on_key(self, event: events.Key) -> None:
        """j does what was asked about; anything else goes back to the text."""
        if not self._asked:
            return
        event.stop()
        event.prevent_default()
        if event.key not in ("j", "y"):
            self._take_back()
            return
        patient, helper, text = self.subject.person.id, self.helper, self._area.text.strip()
        self.send(lambda acts: acts.escalate(patient, helper, text), _("Escalated"))

    def action_leave(self) -> None:
        """From the question back to the text; else leave, keeping what was changed."""
        if self._asked and not self.sending:
            self._take_back()
        else:
            super().action_leave()

    def _take_back(self) -> None:
        self._asked = False
        self.say("")
        self.show_keys()
        self.set_focus(self._area)
