"""Starts the console on views in memory, in a terminal that a test holds the other end of.

Usage: console_on_pty.py ROWS. SIGUSR1 changes one visible row, as a sync would.
"""

from __future__ import annotations

import signal
import sys
import threading
from dataclasses import replace

from practice_centre import NOW, PracticeSession, many, person, queue, spo2_because, sync_state

from triage_tui.app import TriageApp

ODD = "Ola [/nope] \x1b]0;x\x07 \x9b31m[@click=app.bell]x[/] \u202eabc\r\n\x00"


def main() -> None:
    """Run the console until it is told to leave."""
    rows = many(int(sys.argv[1]))
    if len(sys.argv) > 2 and sys.argv[2] == "odd":
        rows = [replace(row, person=person(row.row.patient, ODD, ODD, programme=ODD)) for row in rows]
    session = PracticeSession(queue(rows))
    app = TriageApp(lambda: session)

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
    app.run()


if __name__ == "__main__":
    main()
