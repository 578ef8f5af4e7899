"""What looks at a code, and which readings of it need no looking at.

Most readings are well within all limits of a patient who is well. For each code a watch knows the numbers
that can't change anything, whichever rule looks at them, so that such a reading costs an append.
"""

from __future__ import annotations

from typing import NamedTuple

from threshold_engine.measures import plausible_range
from threshold_engine.model import Instant, Scaled
from threshold_engine.series import Series
from threshold_engine.track import ALWAYS_CALM, FAR, NEVER_CALM, Life, Track


class Lived(NamedTuple):
    """A rule's life with how it went so far."""

    rule: str
    life: Life
    track: Track


class Watch:
    """A code's columns, and which next readings of it need no judging since they can't change anything."""

    __slots__ = (
        "_alive",
        "_code",
        "_edge",
        "_series",
        "after",
        "high",
        "least",
        "low",
        "most",
        "patience",
        "readings",
        "times",
        "tracks",
        "values",
    )

    def __init__(self, code: str, series: Series) -> None:
        self._code = code
        self._series = series
        self.times, self.readings, self.values = series.times, series.readings, series.numbers.values
        self.tracks: list[Lived] = []
        self._alive: list[Track] = []
        self._edge: Instant | None = None
        self.after: Instant = -FAR
        """Readings after this instant come in order, and within the lives that are on now."""
        self.least, self.most = plausible_range(code) or ALWAYS_CALM
        """Numbers that are plausible; none where the code also has values of other types."""
        self.patience: int | None = None
        """How long after a reading of this code nothing is missed, where only one rule waits for anything."""
        self.low: Scaled = 1
        self.high: Scaled = 0

    def watch(self, lived: Lived) -> None:
        """Let a life of a rule look at this code."""
        self.tracks.append(lived)
        self._edge = None

    def look(self, edge: Instant) -> None:
        """See anew what is calm, for readings that come after `edge`, the newest edge of a version."""
        if edge != self._edge:
            self._edge = edge
            self._alive = [
                track
                for _, life, track in self.tracks
                if life.start <= edge and (life.end is None or life.end > edge)
            ]
        self.after = max(edge, self.times[-1]) if self.times else edge
        for track in self._alive:
            self.after = max(self.after, track.judged_at_least)
        if not self._series.all_numbers:
            self.least, self.most = NEVER_CALM
        self._narrow()

    def appended(self) -> tuple[str, ...]:
        """Have the newest reading judged; gives the codes of the rules whose level has changed."""
        at, value = self.times[-1], self.values[-1]
        changed: tuple[str, ...] = ()
        for track in self._alive:
            low, high = track.calm
            if low <= value <= high:
                continue
            before = track.stamp
            track.appended(at)
            if track.stamp != before:
                changed += track.codes
        self._narrow()
        return changed

    def _narrow(self) -> None:
        """Calm is what is calm to every rule."""
        low, high = self.least, self.most
        for track in self._alive:
            calm_low, calm_high = track.calm
            low, high = max(low, calm_low), min(high, calm_high)
        self.low, self.high = low, high
