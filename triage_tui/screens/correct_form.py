"""`c`: correct what one wrote. ↑↓ picks it, enter takes its text up, F12 signs the new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import TextArea

from triage_tui.screens.console import console_of
from triage_tui.screens.picking_form import PickingForm
from triage_tui.wording import _, clean
from triage_tui.wording.timeline import corrected_in, told

if TYPE_CHECKING:
    from local_store.views import TimelineEntry
    from triage_tui.widgets.subject import Subject

_WRITTEN = ("note", "contact", "message")


class CorrectForm(PickingForm):
    """One's own notes, contacts and messages that nothing corrects yet, the newest first."""

    NAME = "correct"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f12", "sign", show=False, priority=True),
        Binding("enter", "take_up", show=False),
    ]

    def __init__(self, subject: Subject, entries: Sequence[TimelineEntry], me: str | None) -> None:
        """`me`: the display name of whoever is logged in; whether it is hers the act itself checks."""
        super().__init__(subject)
        gone = corrected_in(entries)
        self._entries = [
            one
            for one in entries
            if one.kind in _WRITTEN and one.author == me and one.id not in gone and not one.inbound
        ]

    def heading(self) -> str:
        """What the form does."""
        return _("Correct")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("F12", _("sign and save")), ("enter", _("write")), *super().keys()]

    def lines(self) -> Sequence[str]:
        """As on the timeline."""
        now = console_of(self).now()
        return [told(one, now) for one in self._entries]

    def nothing(self) -> str:
        """Nothing of hers."""
        return _("You have written nothing here that could be corrected.")

    def fields(self) -> Iterable[Widget]:
        """The lines, and the text."""
        yield from super().fields()
        area = TextArea(self.draft, id="text", soft_wrap=True, show_line_numbers=False)
        area.cursor_blink = False
        area.can_focus = False
        yield area

    @property
    def _area(self) -> TextArea:
        return self.query_one("#text", TextArea)

    def on_mount(self) -> None:
        """Pick first."""
        super().on_mount()
        self._show_text()

    def action_pick(self, step: int) -> None:
        """Another line, with its text below."""
        super().action_pick(step)
        self._show_text()

    def _show_text(self) -> None:
        if self._entries:
            self._area.load_text(self.draft or clean(self._entries[self.picked].text, multiline=True))

    def action_take_up(self) -> None:
        """Write on, from the end of what it says."""
        if self._entries:
            self._area.can_focus = True
            self.set_focus(self._area)
            self._area.move_cursor(self._area.document.end)

    def typed(self) -> str:
        """The new text, where it is another."""
        old = self._entries[self.picked].text if self._entries else ""
        return "" if self._area.text == old else self._area.text

    def action_sign(self) -> None:
        """Save the correction."""
        if not self._entries:
            self.say(self.nothing())
            return
        text = self.typed().strip()
        if not text:
            self.say(_("Nothing is changed yet. Press enter, and write what it should say."))
            return
        corrected = self._entries[self.picked].id
        self.send(lambda acts: acts.correct(corrected, text), _("Corrected"))
