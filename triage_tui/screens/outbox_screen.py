"""F4: what the server doesn't have. Conflicts first, then what it refused, then what waits, with why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.message import Message
from textual.strip import Strip

from triage_tui.screens.acting import ActingScreen
from triage_tui.screens.actions import OUTBOX, bindings_of
from triage_tui.screens.head import practice_part, sync_parts, who_and_when
from triage_tui.screens.mend_form import MendForm
from triage_tui.screens.question import Question
from triage_tui.screens.waiting import waiting_words
from triage_tui.screens.withdraw_form import WithdrawForm
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD
from triage_tui.widgets.subject import Subject, of_person
from triage_tui.widgets.text_lines import TextLines, line, rule, wrap
from triage_tui.widgets.unsent_list import UnsentList
from triage_tui.widgets.unsent_pane import pane_lines
from triage_tui.widgets.unsent_words import also_words, counts_words, mine_words
from triage_tui.wording import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local_store.unsent_view import UnsentAct, UnsentView
    from triage_tui.acts.done import ActDone
    from triage_tui.screens.actions import Action
    from triage_tui.screens.form import Form
    from triage_tui.screens.messages import ActSettled
    from triage_tui.screens.session import Acts


_KEYS: Final = {
    "conflict": ("mine", "theirs", "retry", "open", "back"),
    "parked": ("retry", "mend", "withdraw", "open", "back"),
    "pending": ("withdraw", "open", "back"),
    "gone": ("back",),
}
"""State of an act → the actions that make sense."""


@dataclass
class UnsentLoaded(Message):
    """The outbox was read from the cache."""

    view: UnsentView

    def can_replace(self, message: Message) -> bool:
        """A newer view replaces an older one."""
        return isinstance(message, UnsentLoaded)


class OutboxScreen(ActingScreen):
    """Unsent and conflicts."""

    CSS_PATH = "outbox_screen.tcss"
    ACTIONS = OUTBOX
    BINDINGS: ClassVar = bindings_of(OUTBOX)
    AUTO_FOCUS = "UnsentList"

    def __init__(self) -> None:
        super().__init__()
        self.view: UnsentView | None = None

    def compose(self) -> ComposeResult:
        """Head, counts, banner, list, pane, keys."""
        yield HeadLine(id="head")
        yield HeadLine(between="   ", id="counts")
        yield HeadLine(id="banner")
        yield TextLines(id="empty")
        yield UnsentList(id="list")
        yield TextLines(id="pane")
        yield HeadLine(between="   ", id="keys")

    @property
    def rows(self) -> UnsentList:
        """The acts."""
        return self.query_one(UnsentList)

    def on_mount(self) -> None:
        """Before the outbox is read the screen says what it is waiting for."""
        super().on_mount()
        self._show_empty()

    def subject(self) -> Subject | None:
        """Whom the act under the cursor is about."""
        act = self.rows.current
        return None if act is None or act.person is None else of_person(act.person)

    def reload(self) -> None:
        """Read the outbox in a thread."""
        self.console_app.ask(self, lambda session: UnsentLoaded(session.unsent()), group="unsent")
        self.show_head()
        self.show_banner()

    def on_unsent_loaded(self, message: UnsentLoaded) -> None:
        """Show another list; the cursor stays on its act."""
        self.view = view = message.view
        self.rows.display = bool(view.acts)
        self.query_one("#empty").display = not view.acts
        self.rows.show(view.acts, view.now)
        self._show_empty()
        of_state = [
            sum(act.state == state for act in view.acts) for state in ("conflict", "parked", "pending")
        ]
        self.query_one("#counts", HeadLine).show([Part(counts_words(*of_state), keep=9)])
        self.show_all()
        if view.acts and self.focused is None:
            self.rows.focus()

    def show_head(self) -> None:
        """Practice, what this is; nurse, time, freshness."""
        console, now = self.console_app, self.console_app.now()
        left = [practice_part(console), Part(_("UNSENT AND CONFLICTS"), BOLD, keep=6)]
        self.query_one("#head", HeadLine).show(
            left, [*who_and_when(console, now), *sync_parts(console, now)[:1]]
        )

    def usable(self) -> Sequence[Action]:
        """What can be done to the act under the cursor."""
        act = self.rows.current
        names = _KEYS["gone" if act is None or self.rows.is_gone else act.state]
        return [action for action in self.ACTIONS if action.id.removeprefix("outbox.") in names]

    def _show_empty(self) -> None:
        words = (
            waiting_words(self.console_app) if self.view is None else _("The server has all that you did.")
        )
        self.query_one("#empty", TextLines).show(
            lambda width, _height: [Strip([]), *[line(f"  {text}") for text in wrap(words, width - 4)]]
        )

    def on_unsent_list_moved(self, message: UnsentList.Moved) -> None:
        """Say what is to be known about the act under the cursor."""
        message.stop()
        act, view, gone = self.rows.current, self.view, self.rows.is_gone

        def drawing(width: int, height: int) -> list[Strip]:
            if act is None or view is None:
                return [rule(width)]
            if gone:
                return [rule(width), line(" " + _("It is no longer here: sent, withdrawn or settled."))]
            name = self._title(act)
            return [rule(width, name), *pane_lines(act, width, height - 1, view.now)]

        self.query_one("#pane", TextLines).show(drawing)
        self.show_keys()

    def _title(self, act: UnsentAct) -> str:
        if act.person is None:
            return ""
        return of_person(act.person).title(self.console_app.now())

    def _act(self, *states: str) -> UnsentAct | None:
        """The act under the cursor, where it is in one of these states; else why not is said."""
        act = self.rows.current
        if act is None:
            return None
        if self.rows.is_gone:
            self.say(_("It is no longer here: sent, withdrawn or settled."), warning=True)
            return None
        if act.state not in states:
            self.say(
                _("That is for conflicts.") if states == ("conflict",) else _("It waits, and needs no help."),
                warning=True,
            )
            return None
        return act

    def action_open(self) -> None:
        """Open the patient."""
        act = self.rows.current
        if act is not None and act.person is not None:
            self.console_app.show_patient(act.person.id)

    def action_back(self) -> None:
        """Back to where F4 was pressed."""
        self.app.pop_screen()

    def action_retry(self) -> None:
        """Try again."""
        act = self._act("parked", "conflict")
        if act is not None:
            self.console_app.act(self, lambda acts: acts.retry(act.op), _("Tried again"))

    def action_keep_mine(self) -> None:
        """Mine counts."""
        words = _("Yours counts: {act}. It is done to what the item is now. Go on?")
        self._settle(words, lambda acts, op: acts.keep_mine(op), _("Kept yours"))

    def action_keep_theirs(self) -> None:
        """Theirs counts."""
        words = _("Theirs counts, and yours is dropped: {act}. Notes and contacts stay. Go on?")
        self._settle(words, lambda acts, op: acts.keep_theirs(op), _("Kept theirs"))

    def _settle(self, words: str, call: Callable[[Acts, str], ActDone], said: str) -> None:
        act = self._act("conflict")
        if act is None:
            return
        also = also_words(self._resting_on(act), self.console_app.now()) if said == _("Kept theirs") else ""

        def answered(yes: bool | None) -> None:
            if yes:
                self.console_app.act(self, lambda acts: call(acts, act.op), said)

        question = words.format(act=mine_words(act, self.console_app.now()))
        self.app.push_screen(Question(self._title(act), f"{question} {also}".strip()), answered)

    def _resting_on(self, act: UnsentAct) -> list[tuple[str, int]]:
        """What is withdrawn with it: whatever waits for it and changes work."""
        if self.view is None:
            return []
        waiting = (other for other in self.view.acts if any(one.op == act.op for one in other.waits_for))
        return [(other.act, other.at) for other in waiting if other.act in ("complete", "shelve", "reopen")]

    def action_withdraw(self) -> None:
        """Take it back, with a reason."""
        act = self._act("parked", "conflict", "pending")
        if act is not None and act.person is not None:
            also = also_words(self._resting_on(act), self.console_app.now())
            self._open_form(WithdrawForm(of_person(act.person), act, also))

    def action_mend(self) -> None:
        """Correct its text."""
        act = self._act("parked")
        if act is None:
            return
        if not act.text or act.person is None:
            self.say(_("It has no text that can be corrected. Try it again, or withdraw it."), warning=True)
            return
        self._open_form(MendForm(of_person(act.person), act))

    def on_act_settled(self, message: ActSettled) -> None:
        """What is dealt with gives the cursor on to the next."""
        if message.done is not None:
            self.rows.pass_on(message.done.op)
        super().on_act_settled(message)

    def _open_form(self, form: Form) -> None:
        def closed(settled: ActSettled | None) -> None:
            if settled is not None:
                self.on_act_settled(settled)

        self.app.push_screen(form, closed)
