"""The console ends as by F10 when it is told to, or when its terminal goes: the terminal is left clean.

By itself Python ends at once at SIGTERM and SIGHUP, and leaves the terminal without echo, on the alternate
screen and with the mouse captured.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from triage_tui.screens.console import Console

SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP)


def end_by_signals(app: Console) -> None:
    """From now on these signals end the app, which says by which in `ended_by`."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, _end, app, number)


def _end(app: Console, number: signal.Signals) -> None:
    app.ended_by = number
    app.exit()
