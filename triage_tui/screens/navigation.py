"""Which screen is on top, and how one comes to another.

Apart from `app.py` so that the screens load after the first paint, in the thread that opens the profile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.command import CommandPalette
from textual.geometry import Size
from textual.widgets import Input

from triage_tui.screens.acting import ActingScreen
from triage_tui.screens.actions import PALETTE
from triage_tui.screens.commands import actions_of, commands_of
from triage_tui.screens.handover_screen import HandoverScreen
from triage_tui.screens.help import Help
from triage_tui.screens.jump import Jump, points_of
from triage_tui.screens.line import slow_words
from triage_tui.screens.lock_screen import LockScreen
from triage_tui.screens.messages import SyncChanged
from triage_tui.screens.outbox_screen import OutboxScreen
from triage_tui.screens.palette import Palette
from triage_tui.screens.patient_screen import PatientScreen
from triage_tui.screens.patients_screen import PatientsScreen
from triage_tui.screens.queue_screen import QueueScreen
from triage_tui.screens.search import Search
from triage_tui.screens.too_small import TooSmall, too_small
from triage_tui.wording import _

PROGRESS_S: Final = 2.0
MINUTE_MS: Final = 60_000

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import SystemCommand
    from textual.screen import Screen

    from triage_tui.screens.console import Console
    from triage_tui.sync.state import SyncState


def begin(app: Console) -> None:
    """The queue is the first screen; on a terminal that is too small, what that says."""
    app.push_screen(QueueScreen())
    fit_terminal(app, app.size)


def slow_line(app: Console, seconds: float) -> None:
    """Propose to spare the line, where the keys stand."""
    screen = app.screen
    if isinstance(screen, ActingScreen):
        screen.say(slow_words(seconds, app.key(PALETTE)))


def fit_terminal(app: Console, size: Size) -> None:
    """Too small: one sentence over everything, until there's room again."""
    screen = app.screen
    if isinstance(screen, TooSmall):
        if too_small(size):
            screen.show(size)
        else:
            app.pop_screen()
    elif too_small(size):
        app.push_screen(TooSmall())


def show_queue(app: Console) -> None:
    """Back to the queue from wherever."""
    while not isinstance(app.screen, QueueScreen | TooSmall) and len(app.screen_stack) > 1:
        app.pop_screen()


def show_outbox(app: Console) -> None:
    """What is unsent, over whatever is open; there is one of it."""
    if not isinstance(app.screen, ActingScreen) or isinstance(app.screen, OutboxScreen):
        return
    app.push_screen(OutboxScreen())


def show_patients(app: Console) -> None:
    """All of the centre's patients, over whatever is open; there is one list of them."""
    if isinstance(app.screen, ActingScreen) and not isinstance(app.screen, PatientsScreen):
        app.push_screen(PatientsScreen())


def show_handover(app: Console) -> None:
    """The shift's report, over whatever is open."""
    if isinstance(app.screen, ActingScreen) and not isinstance(app.screen, HandoverScreen):
        app.push_screen(HandoverScreen())


def show_patient(app: Console, patient: str) -> None:
    """Open a patient; another one that is open gives way, so that esc always leads to the queue."""
    show_queue(app)
    app.push_screen(PatientScreen(patient))


def show_neighbour(app: Console, patient: str, step: int) -> bool:
    """Open the next patient of the queue whom no colleague has (`step` −1: the one before), if there is one.

    The queue's cursor goes with her, so that esc leads to the row of whoever was looked at last.
    """
    queue = next(screen for screen in app.screen_stack if isinstance(screen, QueueScreen))
    found = queue.rows.beside(patient, step, app.me)
    if found is None:
        return False
    queue.rows.move_to(found)
    show_patient(app, found)
    return True


def _nothing_fits(app: Console) -> bool:
    return isinstance(app.screen, TooSmall)


def search(app: Console) -> None:
    """Ask for a patient, and open her."""
    if _nothing_fits(app):
        return

    def chosen(patient: str | None) -> None:
        if patient is not None:
            show_patient(app, patient)

    app.push_screen(Search(), chosen)


def show_help(app: Console) -> None:
    """The keys of the screen shown."""
    if _nothing_fits(app):
        return
    app.push_screen(Help(actions_of(app, app.screen)))


def jump(app: Console) -> None:
    """Show letters beside what one can go to here, and go where one is pressed."""
    if not isinstance(app.screen, ActingScreen):
        return

    def chosen(go: Callable[[], object] | None) -> None:
        if go is not None:
            app.call_later(go)

    app.push_screen(Jump(points_of(app.screen)), chosen)


def open_palette(app: Console) -> None:
    """Everything that can be done, to be found by its words."""
    if not isinstance(app.screen, CommandPalette) and not _nothing_fits(app):
        app.push_screen(Palette(placeholder=_("What do you want to do?")))


def commands(app: Console, screen: Screen[object]) -> Iterable[SystemCommand]:
    """What the palette over a screen offers."""
    return commands_of(app, screen)


def still_palette(app: Console) -> None:
    """No blinking: it costs bytes for as long as the palette is open."""
    for text in app.screen.query(Input):
        text.cursor_blink = False


def leave(app: Console) -> None:
    """Quit; what was typed is kept, and offered at the next start."""
    app.exit()


def _acting(app: Console) -> list[ActingScreen]:
    return [screen for screen in app.screen_stack if isinstance(screen, ActingScreen)]


def reload(app: Console) -> None:
    """Read what the screens show from the cache again; under the lock nobody looks at them."""
    if app.locked:
        return
    for screen in _acting(app):
        screen.reload()


def follow_clock(app: Console) -> None:
    """What is said of time, deadlines and ages is drawn anew at each full minute, by one timer for all."""

    def minute() -> None:
        reload(app)
        follow_clock(app)

    app.set_timer((MINUTE_MS - app.now() % MINUTE_MS) / 1000, minute)


def show_heads(app: Console) -> None:
    """Draw freshness, banner and what the console waits for anew."""
    for screen in _acting(app):
        screen.show_head()
        screen.show_banner()
        if isinstance(screen, QueueScreen):
            screen.show_empty()
    if isinstance(app.screen, LockScreen):
        app.screen.show_head()


def _unsent(state: SyncState) -> tuple[int, int, int]:
    return state.pending, state.parked, state.conflicts


def sync_changed(app: Console, message: SyncChanged) -> None:
    """A round ended, or got further: the sync line tells; what was fetched is read."""
    before, app.sync = app.sync, message.state
    fetched = before is None or before.last_sync != message.state.last_sync
    sent = before is not None and _unsent(before) != _unsent(message.state)
    if fetched or sent or message.state.stage.key in ("pulling", "reckoning"):
        reload(app)
    show_heads(app)


def on_sync_news(app: Console, message: SyncChanged) -> None:
    """Progress may wait on a spared line; how fresh it is and how much is unsent may not."""
    shown, state = app.sync, message.state

    def show() -> None:
        sync_changed(app, message)

    if shown is not None and replace(state, stage=shown.stage) == shown:
        app.seldom("sync", show, every=PROGRESS_S)
    else:
        app.at_once("sync", show)
