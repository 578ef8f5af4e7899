"""A rule's life as far as it has been judged, and how it is carried on by what comes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from threshold_engine.model import Because, Change, Instant, Level, Scaled, Step

FAR: Final = 10**40
"""Further away than any number that a reading or a plan can hold."""


@dataclass(frozen=True, slots=True)
class Life:
    """When a rule lives: from `start` up to `end`, or for good."""

    start: Instant
    end: Instant | None


Calm: TypeAlias = tuple[Scaled, Scaled]
"""Values, both ends included, that need no judging if one comes next: they can't change the level."""

NEVER_CALM: Final[Calm] = (1, 0)
ALWAYS_CALM: Final[Calm] = (-FAR, FAR)


class Kept(NamedTuple):
    """What a track has to remember between readings, beside the readings."""

    changes: tuple[Change, ...]
    marks: tuple[int, ...]
    """Whole numbers that mean something to its kind only."""


class Track(ABC):
    """One life of a rule: its changes of level so far. Whoever puts readings into its series tells it."""

    __slots__ = ("calm", "changes", "codes", "life", "stamp")

    def __init__(self, codes: tuple[str, ...], life: Life) -> None:
        self.codes = codes
        """The codes that it looks at, sorted."""
        self.life = life
        self.calm: Calm = NEVER_CALM
        """Which next readings may be left unjudged, if they come in order."""
        self.changes: list[Change] = []
        self.stamp = 0
        """Another number each time the changes become others."""

    @property
    def level(self) -> Level:
        """After the last change."""
        return self.changes[-1].level if self.changes else Level.GREEN

    @property
    def judged_at_least(self) -> Instant:
        """A reading up to this instant has to be told of, though it is the newest of its code."""
        return -FAR

    @abstractmethod
    def begin(self, now: Instant) -> None:
        """Judge all that is there, up to now."""

    def noted(self, at: Instant) -> None:  # noqa: B027 - most tracks look into their series only
        """A reading of one of its codes now stands, or stands no longer, at an instant: `arrived` follows."""

    @abstractmethod
    def arrived(self, at: Instant) -> None:
        """A reading of one of its codes now stands at an instant, or no longer does: judge from there on.

        What was judged before that instant stays.
        """

    def reach(self, since: Instant) -> Instant:
        """From when on readings have to be at hand to judge any step from `since` on, whatever comes there.

        The newest one of each code before that is needed too.
        """
        return since

    def restart(self, at: Instant, *, judged: bool = False) -> Instant:
        """From when it would judge anew if another reading stood at an instant.

        `judged`: also where that instant hasn't been judged yet but will have been.
        """
        return at

    def appended(self, at: Instant) -> None:
        """A reading has come in order, as the newest of its code, within the life."""
        self.arrived(at)

    @abstractmethod
    def steps(self) -> Sequence[Step]:
        """Each reading or instant that was judged, oldest first; none for timers."""

    @abstractmethod
    def because(self, change: Change) -> Because:
        """Why the level became what it did at a change that isn't green."""

    @abstractmethod
    def kept(self) -> Kept:
        """What `resume` needs."""

    @abstractmethod
    def resume(self, kept: Kept) -> None:
        """Go on from where another track of the same rule, life and readings was."""

    def add(self, change: Change) -> None:
        """Note a change that comes after all others."""
        self.changes.append(change)
        self.stamp += 1

    def cut(self, at: Instant) -> None:
        """Take away the changes from an instant on."""
        changes = self.changes
        while changes and changes[-1].at >= at:
            changes.pop()
            self.stamp += 1
