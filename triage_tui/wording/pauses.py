"""A pause of the follow-up in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_tui.wording.dates import when
from triage_tui.wording.language import gettext as _
from triage_tui.wording.safe_text import clean

if TYPE_CHECKING:
    from typing import Protocol

    from threshold_engine.model import Instant

    class Pause(Protocol):
        """What a pause tells (local_store's Pause, which wording doesn't import)."""

        @property
        def start(self) -> Instant: ...
        @property
        def end(self) -> Instant | None: ...
        @property
        def reason(self) -> str: ...


def pause_words(pause: Pause, now: Instant) -> str:
    """`satt på pause fra 09:31 til fredag 12:00: innlagt`: readings are judged, none is missed."""
    start = when(pause.start, now)
    if pause.end is None:
        text = _("paused since {start}").format(start=start)
    else:
        text = _("paused from {start} until {end}").format(start=start, end=when(pause.end, now))
    return f"{text}: {clean(pause.reason)}" if pause.reason else text
