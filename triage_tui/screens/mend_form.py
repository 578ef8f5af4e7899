"""`e` on F4: another text for what the server refused. Budget: e, text, F12."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import TextArea

from triage_tui.screens.form import Form
from triage_tui.widgets.answer_words import answer_words
from triage_tui.wording import _, clean

if TYPE_CHECKING:
    from local_store.unsent_view import UnsentAct
    from triage_tui.widgets.subject import Subject


class MendForm(Form):
    """What was written, to be corrected, with the server's answer under it."""

    NAME = "mend"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "sign", show=False, priority=True)]

    def __init__(self, subject: Subject, act: UnsentAct) -> None:
        super().__init__(subject)
        self._act = act

    def heading(self) -> str:
        """What the form does."""
        return _("Correct and send again")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("F12", _("sign and send"))]

    def fields(self) -> Iterable[Widget]:
        """The text as it was refused, or the draft from before."""
        area = TextArea(
            self.draft or clean(self._act.text, multiline=True),
            id="text",
            soft_wrap=True,
            show_line_numbers=False,
        )
        area.cursor_blink = False
        yield area

    def on_mount(self) -> None:
        """Write at once, after what it says."""
        super().on_mount()
        area = self.query_one("#text", TextArea)
        self.set_focus(area)
        area.move_cursor(area.document.end)
        self.say(answer_words(self._act.answer or ""))

    @property
    def _draft_key(self) -> tuple[str, str]:
        return (self.subject.person.id, f"{self.NAME}-{self._act.op}")

    def typed(self) -> str:
        """The text."""
        return self.query_one("#text", TextArea).text

    def action_sign(self) -> None:
        """Send it again; an empty text is none."""
        text, op = self.typed().strip(), self._act.op
        if not text:
            self.say(_("There is no text. Write it, or withdraw the act instead."))
            return
        self.send(lambda acts: acts.mend(op, text), _("Corrected, and sent again"))
