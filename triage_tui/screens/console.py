"""What all screens share: the open session, the sync's last picture, drafts, and the way into threads.

Rule for threads: a worker calls the session and posts a message; it never touches a widget. Widgets change
only in message handlers, on the event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from rich.text import Text
from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import WorkerFailed

from triage_tui.lock.idle import Idle
from triage_tui.screens.drafts import Drafts
from triage_tui.screens.line import OnALine
from triage_tui.screens.look import Look
from triage_tui.screens.messages import ActSettled, DraftsSaved, Trouble
from triage_tui.screens.session import Acts, Session, SessionError
from triage_tui.wording.faults import fault_words
from triage_tui.wording.refusals import refusal_words

if TYPE_CHECKING:
    from local_store.views import Nurse
    from threshold_engine.model import Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.sync.state import SyncState


class ProgramError(Exception):
    """A fault of the program, as far as it may be told: its cause's message and locals may name a patient."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(fault_words(error))

    def __rich__(self) -> Text:
        """What stands on the terminal when the console has stopped."""
        return Text(str(self))


class Console(OnALine):
    """The app as the screens know it."""

    def __init__(self, *, demo: bool = False, look: Look | None = None) -> None:
        super().__init__(look or Look())
        self.demo = demo
        """Whether this is practice: marked on every screen. The session knows it, too."""
        self.session: Session | None = None
        """None until the profile is open."""
        self.me: Nurse | None = None
        """Who acts; none while nobody is logged in."""
        self.sync: SyncState | None = None
        """The last picture of the sync, or none before the first."""
        self.trouble: str | None = None
        """Why the profile can't be used, as a plain sentence."""
        self.ended_by: int | None = None
        """The signal that ended the console, if one did."""
        self.drafts = Drafts()
        """What was typed and neither saved nor thrown away."""
        self.idle = Idle(self.look.lock_after)
        self.locked = False
        """Whether the lock lies over everything."""
        self._asked = count(1)
        self._answered: dict[str, int] = {}
        """What is read again and again → the number of the question whose answer was given last."""
        self._answering = Lock()

    def now(self) -> Instant:
        """The instant that counts as now; 0 before the session is open."""
        return self.session.now() if self.session else 0

    def show_patient(self, patient: str) -> None:
        """Open a patient's screen."""
        raise NotImplementedError

    def show_neighbour(self, patient: str, step: int) -> bool:
        """Open the next patient of the queue who needs somebody; False where there is none."""
        raise NotImplementedError

    @property
    def acting(self) -> bool:
        """Whether keys wait for an act to end."""
        return self._held

    async def on_event(self, event: events.Event) -> None:
        """A key that comes too late locks instead of doing what it says."""
        if isinstance(event, events.Key | events.Paste | events.MouseDown) and not event.is_forwarded:
            if self.lock_if_idle():
                return
            self.idle.touched()
        await super().on_event(event)

    def lock_if_idle(self) -> bool:
        """Lock where no key was pressed for too long. Whether it did."""
        raise NotImplementedError

    def unlocked(self) -> None:
        """The nurse is back: show what is new."""
        raise NotImplementedError

    def save_drafts(self) -> None:
        """Write what was typed to the cache, in a thread."""

        def save(session: Session) -> Message:
            self.drafts.save(session)
            return DraftsSaved()

        self.ask(self.screen, save, group="drafts", exclusive=False)

    def ask(
        self, asker: MessagePump, call: Callable[[Session], Message], *, group: str, exclusive: bool = True
    ) -> None:
        """Run `call` in a thread and post what it gives to `asker`; nothing before the session is open.

        `exclusive`: only the newest answer counts. A thread that was overtaken read an older cache, which
        must not stand on the screen after the newer.
        """
        session = self.session
        if session is None:
            return
        group = f"{group}-{id(asker)}"
        asked = next(self._asked)

        def work() -> None:
            try:
                answer = call(session)
            except SessionError as error:
                answer = Trouble(str(error))
            with self._answering:
                if exclusive and asked < self._answered.get(group, 0):
                    return
                self._answered[group] = asked
                asker.post_message(answer)

        self.run_worker(work, thread=True, group=group, exclusive=exclusive, name=group)

    def act(self, asker: MessagePump, call: Callable[[Acts], ActDone], said: str) -> None:
        """Run an act in a thread; `ActSettled` goes to `asker`. Acts are never cancelled half way."""

        def settled(session: Session) -> Message:
            from triage_tui.acts.refused import ActRefused  # noqa: PLC0415 - first paint doesn't need acts

            try:
                return ActSettled(said, call(session.acting()))
            except ActRefused as error:
                return ActSettled(said, None, refusal_words(error.message_id, error.facts, session.now()))

        self.ask(asker, settled, group="act", exclusive=False)

    def copy_to_clipboard(self, text: str) -> None:
        """Cut and paste work inside the console; nothing goes to the terminal's clipboard unasked."""
        self._clipboard = text

    def _set_pointer_shape(self, shape: str) -> None:
        """No pointer shapes: the console sends the terminal no operating system commands (OSC) at all."""

    def _handle_exception(self, error: Exception) -> None:
        """Stop without Textual's traceback, whose locals are the patients on the screen."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        fault = ProgramError(cause)
        fault.__cause__ = cause
        super()._handle_exception(fault)


def console_of(node: MessagePump) -> Console:
    """The app that a screen or widget belongs to."""
    app: App[Any] = node.app
    return cast("Console", app)
