"""Starts the console on views in memory, in a terminal that a test holds the other end of.

Usage: console_on_pty.py ROWS [odd] [ticking] [sparing] [THEME]. SIGUSR1 changes one visible row, as a sync
would; SIGUSR2 is a fault of the program. `ticking`: a full minute is four seconds away.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from dataclasses import replace

from practice_centre import NOW, PracticeSession, many, person, queue, spo2_because, sync_state

from local_store.views import QueueView
from triage_tui.app import TriageApp
from triage_tui.screens.look import Look
from triage_tui.themes.theme import THEMES

ODD = "Ola [/nope] \x1b]0;x\x07 \x9b31m[@click=app.bell]x[/] \u202eabc\r\n\x00"


def crash() -> None:
    """A fault whose words and locals name a patient."""
    patient = "Hansen, Nils"
    raise ValueError(patient)


class Ticking(PracticeSession):
    """Its time goes on."""

    def __init__(self, view: QueueView) -> None:
        super().__init__(view)
        self._first = time.monotonic_ns() // 1_000_000

    def now(self) -> int:
        return NOW + 56_000 + time.monotonic_ns() // 1_000_000 - self._first

    def queue(self) -> QueueView:
        return replace(self.view, now=self.now())


def main() -> None:
    """Run the console until it is told to leave."""
    rows = many(int(sys.argv[1]))
    words = set(sys.argv[2:])
    if "odd" in words:
        rows = [replace(row, person=person(row.row.patient, ODD, ODD, programme=ODD)) for row in rows]
    session = (Ticking if "ticking" in words else PracticeSession)(queue(rows))
    theme = next((theme for theme in THEMES if theme.name in words), THEMES[0])
    look = Look(theme=theme, low_bandwidth=True if "sparing" in words else None)
    app = TriageApp(lambda: session, look=look)

    def change() -> None:
        first = session.view.entries[1]
        task = first.row.items[0].task
        other = replace(first, because={task: spo2_because(79)}, owner_login="ola", owner_name="Ola Hansen")
        entries = (session.view.entries[0], other, *session.view.entries[2:])
        session.view = replace(session.view, entries=entries)
        state = sync_state(replace(session.view.status, last_sync=NOW - 3 * 60_000))
        app.sync_changed(state)

    # in a thread of its own, as the sync worker is
    signal.signal(signal.SIGUSR1, lambda _signal, _frame: threading.Thread(target=change).start())
    signal.signal(signal.SIGUSR2, lambda _signal, _frame: app.call_later(crash))
    app.run()
    sys.exit(128 + app.ended_by if app.ended_by else app.return_code)


if __name__ == "__main__":
    main()
