"""The console: paints first, then loads the screens and opens the profile in a thread.

Nothing that is slow to import (the screens, the store, the HTTP client) is imported here: whoever starts the
app passes a function that opens the session.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from triage_tui.screens.actions import EVERYWHERE, bindings_of
from triage_tui.screens.console import Console
from triage_tui.screens.ending import end_by_signals
from triage_tui.screens.look import Look
from triage_tui.screens.messages import (
    DraftsSaved,
    Locked,
    ScreensLoaded,
    SessionOpened,
    SyncChanged,
    Trouble,
)
from triage_tui.screens.session import SessionError, SessionOpener
from triage_tui.wording import _

if TYPE_CHECKING:
    from types import ModuleType

    from textual.screen import Screen

    from triage_tui.sync.state import SyncState


class TriageApp(Console):
    """`triage`: the queue, the patients, and the acts."""

    CSS_PATH = "app.tcss"
    TITLE = "triage"
    BINDINGS: ClassVar = [
        *bindings_of(EVERYWHERE),
        # Textual's own ctrl+q quits from under a form and loses what was typed; its ctrl+c speaks English.
        Binding("ctrl+q,ctrl+c", "leave", show=False),
    ]
    ENABLE_SELECT_AUTO_SCROLL = False

    def __init__(self, open_session: SessionOpener, *, demo: bool = False, look: Look | None = None) -> None:
        """`open_session` runs in a thread; it raises SessionError where the profile can't be opened."""
        super().__init__(demo=demo, look=look)
        self.animation_level = "none"
        self.theme = "ansi-dark"
        self._open_session = open_session
        self._loaded = False
        self._marked: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """What stands there until the screens have loaded."""
        practice = Content.styled(" " + _("PRACTICE") + " ", "reverse") if self.demo else Content("")
        yield Static(Content.assemble(" ", practice, " TRIAGE   ", Content(_("opening …"))), id="opening")

    def on_mount(self) -> None:
        """Paint first, then load."""
        end_by_signals(self)
        self.call_after_refresh(self._load)

    @work(thread=True, group="open")
    def _load(self) -> None:
        from triage_tui.screens import locking, navigation  # noqa: PLC0415, F401 - after the first paint

        self.post_message(ScreensLoaded())
        try:
            session = self._open_session()
            self.drafts.load(session.drafts())
            self.post_message(SessionOpened(session, session.whoami(), session.sync_state()))
        except SessionError as error:
            self.post_message(Trouble(str(error)))

    def on_screens_loaded(self) -> None:
        """The screens are there: show the queue, which says what it waits for."""
        self._loaded = True
        _navigation().begin(self)

    def on_session_opened(self, message: SessionOpened) -> None:
        """The profile is open: read the queue."""
        self.session, self.me, self.sync = message.session, message.me, message.state
        self.demo = self.demo or message.session.demo
        _navigation().reload(self)
        _navigation().follow_clock(self)
        _locking().watch(self)

    def on_trouble(self, message: Trouble) -> None:
        """The profile can't be opened: the screen says why, for as long as it is so."""
        self.trouble = message.words
        _navigation().show_heads(self)

    def sync_changed(self, state: SyncState) -> None:
        """For the sync worker, from its own thread."""
        self.post_message(SyncChanged(state))

    def on_sync_changed(self, message: SyncChanged) -> None:
        """The sync worker has news."""
        if self._loaded:
            _navigation().on_sync_news(self, message)

    def slow_line(self, seconds: float) -> None:
        """The terminal took long to answer."""
        _navigation().slow_line(self, seconds)

    def on_resize(self, event: events.Resize) -> None:
        """The terminal may have become too small, or large enough."""
        if self._loaded:
            _navigation().fit_terminal(self, event.size)

    def show_patient(self, patient: str) -> None:
        """Open a patient."""
        _navigation().show_patient(self, patient)

    def show_neighbour(self, patient: str, step: int) -> bool:
        """Open the next patient who needs somebody, or the one before."""
        return bool(_navigation().show_neighbour(self, patient, step))

    def action_queue(self) -> None:
        """F2."""
        if self._loaded:
            _navigation().show_queue(self)

    def action_outbox(self) -> None:
        """F4."""
        if self._loaded:
            _navigation().show_outbox(self)

    def action_patients(self) -> None:
        """F3."""
        if self._loaded:
            _navigation().show_patients(self)

    def action_handover(self) -> None:
        """v."""
        if self._loaded:
            _navigation().show_handover(self)

    def action_search(self) -> None:
        """s."""
        if self._loaded:
            _navigation().search(self)

    def action_sync(self) -> None:
        """F5."""
        if self.session is not None:
            self.run_worker(self.session.wake_sync, thread=True, group="wake")

    def action_jump(self) -> None:
        """j."""
        if self._loaded:
            _navigation().jump(self)

    def action_help(self) -> None:
        """?."""
        if self._loaded:
            _navigation().show_help(self)

    def action_command_palette(self) -> None:
        """: or ctrl+p."""
        if self._loaded:
            _navigation().open_palette(self)

    def on_command_palette_opened(self) -> None:
        """The palette has its own text field."""
        _navigation().still_palette(self)

    def action_lock(self) -> None:
        """F9."""
        if self._loaded:
            _locking().lock(self, asked=True)

    def lock_if_idle(self) -> bool:
        """Lock where no key was pressed for too long. Whether it did."""
        return self._loaded and bool(_locking().lock_if_idle(self))

    def on_locked(self, message: Locked) -> None:
        """The profile is locked, or was when the console was last ended."""
        if message.view.locked:
            _locking().cover(self, message)

    def on_drafts_saved(self, _message: DraftsSaved) -> None:
        """Who has a draft is marked on the rows."""
        if self.drafts.patients != self._marked:
            self._marked = self.drafts.patients
            _navigation().reload(self)

    def unlocked(self) -> None:
        """The nurse is back: show what is new."""
        _navigation().reload(self)
        _navigation().show_heads(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While it is locked the console's own keys do nothing but leave."""
        return super().check_action(action, parameters) if not self.locked else action == "leave"

    def action_leave(self) -> None:
        """F10."""
        if self._loaded:
            _navigation().leave(self)
        else:
            self.exit()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette."""
        offered: Iterable[SystemCommand] = _navigation().commands(self, screen)
        return offered


def _navigation() -> ModuleType:
    """The screens and the ways between them; loaded by then, so this costs nothing."""
    from triage_tui.screens import navigation  # noqa: PLC0415 - not before the first paint

    return navigation


def _locking() -> ModuleType:
    """The lock; loaded with the screens."""
    from triage_tui.screens import locking  # noqa: PLC0415 - not before the first paint

    return locking
