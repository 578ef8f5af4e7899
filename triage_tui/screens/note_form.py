"""`n`: a note about all of the patient's open items. Budget: n, text, F12."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import TextArea

from triage_tui.screens.form import Form
from triage_tui.wording import _


class NoteForm(Form):
    """Free text, signed by F12."""

    NAME = "note"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "sign", show=False, priority=True)]

    def heading(self) -> str:
        """What the form does."""
        return _("Note")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("F12", _("sign and save"))]

    def fields(self) -> Iterable[Widget]:
        """The text, with the draft from before."""
        area = TextArea(self.draft, id="text", soft_wrap=True, show_line_numbers=False)
        area.cursor_blink = False
        yield area

    def on_mount(self) -> None:
        """Write at once, after what the draft already says."""
        super().on_mount()
        area = self.query_one("#text", TextArea)
        self.set_focus(area)
        area.move_cursor(area.document.end)

    def typed(self) -> str:
        """The note."""
        return self.query_one("#text", TextArea).text

    def action_sign(self) -> None:
        """Save the note; an empty one isn't a note."""
        text = self.typed().strip()
        if not text:
            self.say(_("The note is empty. Write something, or leave with esc."))
            return
        patient = self.subject.person.id
        self.send(lambda acts: acts.note(patient, text, ()), _("Note saved"))
