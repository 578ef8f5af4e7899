"""`w` on F4: why an act is taken back. Budget: w, text, enter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from triage_tui.screens.console import console_of
from triage_tui.screens.form import Form
from triage_tui.widgets.text_lines import TextLines, line, wrap
from triage_tui.widgets.unsent_words import mine_words
from triage_tui.wording import _

if TYPE_CHECKING:
    from local_store.unsent_view import UnsentAct
    from triage_tui.widgets.subject import Subject


class WithdrawForm(Form):
    """What is taken back, what falls with it, and why."""

    NAME = "withdraw"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "sign", show=False, priority=True)]

    def __init__(self, subject: Subject, act: UnsentAct, also: str) -> None:
        super().__init__(subject)
        self._act, self._also = act, also

    def heading(self) -> str:
        """What the form does."""
        return _("Withdraw")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("enter", _("withdraw"))]

    def fields(self) -> Iterable[Widget]:
        """What it is about, and the reason."""
        yield TextLines(id="choices")
        text = Input(self.draft, id="text", placeholder=_("Why"), select_on_focus=False)
        text.cursor_blink = False
        yield text

    def on_mount(self) -> None:
        """Write at once."""
        super().on_mount()
        words = f"{mine_words(self._act, console_of(self).now())}. {self._also}".strip()
        told = self.query_one("#choices", TextLines)
        told.styles.height = len(wrap(words, max(20, self.app.size.width - 4)))
        told.show(lambda width, _height: [line(f" {part}") for part in wrap(words, width - 2)])
        self.set_focus(self.query_one("#text", Input))

    @property
    def _draft_key(self) -> tuple[str, str]:
        return (self.subject.person.id, f"{self.NAME}-{self._act.op}")

    def typed(self) -> str:
        """The reason."""
        return self.query_one("#text", Input).value

    def action_sign(self) -> None:
        """Take it back; a reason has to be given."""
        reason, op = self.typed().strip(), self._act.op
        if not reason:
            self.say(_("Say why in a few words, or leave with esc."))
            return
        self.send(lambda acts: acts.withdraw(op, reason), _("Withdrawn"))
