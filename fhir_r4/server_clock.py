"""How far the server's clock is from ours, by its Date headers."""

from __future__ import annotations

from threshold_engine.model import Instant


class ServerClock:
    """The offset server minus here, measured by the quickest answer so far.

    A Date header has whole seconds (so it means the middle of its second), and was written somewhere between
    the request's going out and the answer's coming in: the quicker an answer, the better what it says. A
    measurement is forgotten after a while, since clocks drift and are set.
    """

    FORGOTTEN_AFTER_MS = 15 * 60_000

    def __init__(self) -> None:
        self._offset: int | None = None
        self._round_trip = 0
        self._measured_at: Instant = 0

    @property
    def offset_ms(self) -> int | None:
        """Server minus here, in milliseconds; none before the first answer with a Date."""
        return self._offset

    def saw(self, date: Instant | None, sent: Instant, came: Instant) -> None:
        """An answer that was asked for at `sent` and came at `came`, by our clock."""
        round_trip = came - sent
        if date is None or round_trip < 0:
            return
        stale = came - self._measured_at > self.FORGOTTEN_AFTER_MS or came < self._measured_at
        if self._offset is None or stale or round_trip <= self._round_trip:
            offset = date + 500 - (sent + came) // 2
            # what lies within the measurement's own error is no offset
            self._offset = 0 if abs(offset) <= 500 + (round_trip + 1) // 2 else offset
            self._round_trip = round_trip
            self._measured_at = came
