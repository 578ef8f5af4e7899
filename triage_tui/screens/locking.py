"""When the console locks, and that what was open is there again afterwards.

The screens stay as they are under the lock, with row, form and text; none of them is drawn, since the lock is
opaque, and no key reaches them, since the lock is on top and the app's own keys are off meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_tui.lock.unlocking import LockView
from triage_tui.screens.lock_screen import LockScreen
from triage_tui.screens.messages import Locked
from triage_tui.screens.session import SessionError

if TYPE_CHECKING:
    from triage_tui.screens.console import Console

LOOKS_S: Final = 5.0
ALLOWED: Final = frozenset({"leave", "answer"})
"""What keys may do while the console is locked, beside writing the secret."""


def watch(app: Console) -> None:
    """Lock by itself from now on; what was locked when the console was last ended is locked still."""
    app.idle.touched()
    app.set_interval(LOOKS_S, lambda: lock_if_idle(app))
    app.ask(app, lambda session: Locked(session.lock_view(), asked=False), group="lock")


def lock_if_idle(app: Console) -> bool:
    """Lock where no key was pressed for too long. Whether it did."""
    if app.locked or app.session is None or app.acting or not app.idle.over:
        return False
    lock(app, asked=False)
    return True


def lock(app: Console, *, asked: bool) -> None:
    """Keep what was typed, cover the screen, and say in the cache that the profile is locked.

    `asked`: the nurse did it herself, so she may choose a PIN. An act under way is waited for.
    """
    session = app.session
    if app.locked or session is None or app.acting:
        return
    app.save_drafts()
    app.copy_to_clipboard("")
    try:
        view = session.lock_view()
    except SessionError:  # covered all the same; what opens it comes with the answer of `lock`
        view = LockView(locked=True, has_pin=False, by_passphrase=False)
        asked = False
    cover(app, Locked(view, asked=asked))
    app.ask(app.screen, lambda session: Locked(session.lock(), asked=asked), group="lock")


def cover(app: Console, message: Locked) -> None:
    """Put the lock on top of everything, once."""
    if app.locked:
        return
    app.locked = True

    def opened(_answer: bool | None) -> None:
        app.locked = False
        app.idle.touched()
        app.unlocked()

    may_choose = message.asked or app.demo
    app.push_screen(LockScreen(message.view, app.now(), may_choose=may_choose), opened)
