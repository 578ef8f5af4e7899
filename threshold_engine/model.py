"""What the engine takes and gives: readings, episodes, and why a level changed.

Source: the semantics of the threshold engine (docs/engine.md). Instants are integer milliseconds since
1970-01-01T00:00:00Z; decimal numbers are integer millionths, so that no binary fraction ever moves a
patient across a limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, TypeAlias

Instant: TypeAlias = int
"""Milliseconds since 1970-01-01T00:00:00Z."""

Clock: TypeAlias = Callable[[], Instant]
"""Gives the instant that counts as now. Passed in, never asked for."""

Scaled: TypeAlias = int
"""A decimal number in millionths: 82.3 is 82_300_000."""

Value: TypeAlias = int | str | bool
"""A reading's value: a `Scaled` number, a string or a boolean (test for `bool` before `int`)."""

ClearedBy: TypeAlias = Literal["reading", "plan", "pause"]
Direction: TypeAlias = Literal["below", "above", "rise", "fall"]


class Level(IntEnum):
    """How bad it is, in rising order."""

    GREEN = 0
    YELLOW = 1
    RED = 2

    @property
    def word(self) -> str:
        """The level as it is written in JSON: `green`, `yellow` or `red`."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a rule's level."""

    at: Instant
    level: Level
    reading: str | None
    """Id of the reading judged at that step; none for timers, plans and pauses."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A rule's time away from green, from its onset until it is cleared."""

    id: str
    """UUIDv5 of `<patient>/<rule>/<onset>`, the same on every machine."""
    patient: str
    rule: str
    onset: Instant
    level: Level
    """Now, or before clearing."""
    peak: Level
    cleared: Instant | None
    reason: ClearedBy | None
    """What cleared it; none while it is open."""
    changes: tuple[Change, ...]
    """Oldest first; the last is green where the episode is cleared."""


@dataclass(frozen=True, slots=True)
class Step:
    """One reading (or instant) judged by a rule during the rule's life."""

    at: Instant
    reading: str
    beyond: Level
    """What this step by itself is beyond, before `need` of `of`: green where within the limits."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one term of a `points` rule gave."""

    code: str
    value: Value
    """Of the newest reading of the code."""
    points: int
    usual: Scaled | None = None
    """For a rise or fall: the person's own median that it was counted from."""


@dataclass(frozen=True, slots=True)
class Because:
    """Why a rule changed its level, as data for the screens to put into words."""

    at: Instant
    level: Level
    kind: str
    """The rule's kind, or `implausible`."""
    codes: tuple[str, ...]
    """What was measured; several for `missing`, `points`, `score` and `count`."""
    direction: Direction | None = None
    limit: Scaled | None = None
    """The limit that was crossed or reached; for sums and counts the level's threshold."""
    measured: Value | None = None
    """What was compared with the limit: the value, statistic, rise, fall, sum or count."""
    beyond: int | None = None
    """How many of the last `of` readings were beyond."""
    need: int | None = None
    of: int | None = None
    readings: tuple[tuple[str, Instant, Value], ...] = ()
    """The readings that brought it about, oldest first: id, instant, value."""
    since: Instant | None = None
    """For `missing`: the last usable reading or whatever else the waiting is counted from."""
    shares: tuple[Share, ...] = ()
    """For `points`: what each term gave, in the plan's order; terms that gave nothing are left out."""
