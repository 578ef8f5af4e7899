"""The console: opens the profile in a thread after the first paint, and holds the screens together.

Nothing that is slow to import (the store, the HTTP client) is imported here: whoever starts the app passes a
function that opens the session.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import SystemCommand
from textual.command import CommandPalette
from textual.screen import Screen
from textual.widgets import Input

from triage_tui.screens.acting import ActingScreen
from triage_tui.screens.actions import EVERYWHERE, Action, bindings_of
from triage_tui.screens.console import Console
from triage_tui.screens.help import Help
from triage_tui.screens.messages import SessionOpened, SyncChanged, Trouble
from triage_tui.screens.patient_screen import PatientScreen
from triage_tui.screens.question import Question
from triage_tui.screens.queue_screen import QueueScreen
from triage_tui.screens.search import Search
from triage_tui.screens.session import SessionError, SessionOpener
from triage_tui.screens.too_small import TooSmall, too_small
from triage_tui.wording import _, ngettext

if TYPE_CHECKING:
    from triage_tui.sync.state import SyncState


class TriageApp(Console):
    """`triage`: the queue, the patients, and the acts."""

    CSS_PATH = "app.tcss"
    TITLE = "triage"
    BINDINGS: ClassVar = bindings_of(EVERYWHERE)
    ENABLE_COMMAND_PALETTE = True
    ENABLE_SELECT_AUTO_SCROLL = False

    def __init__(self, open_session: SessionOpener, *, demo: bool = False) -> None:
        """`open_session` runs in a thread; it raises SessionError where the profile can't be opened."""
        super().__init__(demo=demo)
        self.animation_level = "none"
        self._open_session = open_session
        self.theme = "ansi-dark"

    def on_mount(self) -> None:
        """Paint first, then open the profile."""
        self.push_screen(QueueScreen())
        self.call_after_refresh(self._open)

    @work(thread=True, group="open", exit_on_error=True)
    def _open(self) -> None:
        try:
            session = self._open_session()
            self.post_message(SessionOpened(session, session.whoami(), session.sync_state()))
        except SessionError as error:
            self.post_message(Trouble(str(error)))

    def on_session_opened(self, message: SessionOpened) -> None:
        """The profile is open: read the queue."""
        self.session, self.me, self.sync = message.session, message.me, message.state
        self.demo = self.demo or message.session.demo
        self._reload_screens()

    def on_trouble(self, message: Trouble) -> None:
        """The profile can't be opened: the screen says why, for as long as it is so."""
        self.trouble = message.words
        for screen in self._acting():
            screen.show_all()
            if isinstance(screen, QueueScreen):
                screen.show_empty()

    def sync_changed(self, state: SyncState) -> None:
        """For the sync worker, from its own thread."""
        self.post_message(SyncChanged(state))

    def on_sync_changed(self, message: SyncChanged) -> None:
        """A round ended, or got further: the sync line tells; what was fetched is read."""
        before, self.sync = self.sync, message.state
        fetched = before is None or before.last_sync != message.state.last_sync
        sent = before is not None and before.pending != message.state.pending
        if fetched or sent or message.state.stage.key in ("pulling", "reckoning"):
            self._reload_screens()
        for screen in self._acting():
            screen.show_head()
            screen.show_banner()
            if isinstance(screen, QueueScreen):
                screen.show_empty()

    def _acting(self) -> list[ActingScreen]:
        return [screen for screen in self.screen_stack if isinstance(screen, ActingScreen)]

    def _reload_screens(self) -> None:
        for screen in self._acting():
            screen.reload()

    def on_resize(self, event: events.Resize) -> None:
        """Too small: one sentence over everything, until there's room again."""
        if too_small(event.size) and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())
            return
        if isinstance(self.screen, TooSmall):
            if too_small(event.size):
                self.screen.show(event.size)
            else:
                self.pop_screen()

    def show_patient(self, patient: str) -> None:
        """Open a patient; another one that is open gives way, so that esc always leads to the queue."""
        while isinstance(self.screen, PatientScreen):
            self.pop_screen()
        self.push_screen(PatientScreen(patient))

    def action_queue(self) -> None:
        """F2."""
        while not isinstance(self.screen, QueueScreen) and len(self.screen_stack) > 1:
            self.pop_screen()

    def action_search(self) -> None:
        """s."""

        def chosen(patient: str | None) -> None:
            if patient is not None:
                self.show_patient(patient)

        self.push_screen(Search(), chosen)

    def action_sync(self) -> None:
        """F5."""
        if self.session is not None:
            self.run_worker(self.session.wake_sync, thread=True, group="wake")

    def actions_here(self) -> list[Action]:
        """Everything that a key does on the screen shown."""
        screen = self.screen
        own = screen.ACTIONS if isinstance(screen, ActingScreen) else ()
        return [*own, *EVERYWHERE]

    def action_help(self) -> None:
        """?."""
        self.push_screen(Help(self.actions_here()))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: our actions and nothing of Textual's, whose screenshot would put names into a file."""
        own = screen.ACTIONS if isinstance(screen, ActingScreen) else ()
        for action in (*own, *EVERYWHERE):
            if action.id != "app.palette":
                title = f"{_(action.help)} ({action.shown})"
                yield SystemCommand(title, _(action.word), self._runs(screen, action))

    def _runs(self, screen: Screen[object], action: Action) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await self.run_action(action.call, self if action.call.startswith("app.") else screen)

        return run

    def action_command_palette(self) -> None:
        """: or ctrl+p."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("What do you want to do?")))

    def on_command_palette_opened(self) -> None:
        """No blinking: it costs bytes for as long as the palette is open."""
        for text in self.screen.query(Input):
            text.cursor_blink = False

    def action_leave(self) -> None:
        """F10: quit, after a question where something typed would be lost."""
        drafts = len(self.drafts)
        if not drafts:
            self.exit()
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.exit()

        words = ngettext(
            "{n} draft isn't saved and will be lost.", "{n} drafts aren't saved and will be lost.", drafts
        )
        self.push_screen(Question(_("Quit?"), words.format(n=drafts)), answered)
