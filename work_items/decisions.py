"""What the judge decides, as data: each decision becomes one or two writes of resources.

They are given in the order in which they are to be written, so that a writer that is cut off leaves
a state from which the next round decides the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from threshold_engine.model import Episode, Instant
from work_items.model import Band, Item, Mark


@dataclass(frozen=True, slots=True)
class PublishEpisode:
    """Create or update the DetectedIssue of `episode.id`: preliminary while open, final once cleared."""

    episode: Episode


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Set the DetectedIssue to entered-in-error."""

    episode: str
    same_as: str | None = None
    """The episode that it turned out to be the same as, to be referred to."""


@dataclass(frozen=True, slots=True)
class Raise:
    """Create a Task. `item.follows` names the one that it follows, if any."""

    item: Item


@dataclass(frozen=True, slots=True)
class Worsen:
    """Raise an open item's priority, move its respond-by nearer, or both."""

    task: str
    band: Band
    respond_by: Instant
    """Never later than it was."""
    marks: frozenset[Mark] = frozenset()
    """All of the item's marks from now on."""


@dataclass(frozen=True, slots=True)
class Lower:
    """A message was opened: its priority falls to `band`, its respond-by stays."""

    task: str
    band: Band


@dataclass(frozen=True, slots=True)
class SelfResolve:
    """Complete an item that nobody touched, outcome `self-resolved`, ended at `at`."""

    task: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Answered:
    """Complete a message item that was answered, outcome `contacted`, ended at `at`."""

    task: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel an item that nobody touched, since what it was raised for never was."""

    task: str
    at: Instant


@dataclass(frozen=True, slots=True)
class MarkWithdrawn:
    """What a touched item was raised for never was: it stays, so marked, for the nurse to close."""

    task: str


@dataclass(frozen=True, slots=True)
class Reinstate:
    """An item marked withdrawn stands again after all: take the mark away."""

    task: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Two Tasks are the same work: close `task` as cancelled with a reference to `into`.

    The owner, notes and outcome move over: `into` gets `owner` where it had none, is touched where
    either was, counts what is about `task` as about itself, and ends as `outcome` where `task` had been
    completed and `into` is no worse.
    """

    task: str
    into: str
    at: Instant
    """When the closing counts, for `task` where it is open."""
    owner: str | None = None
    owned_since: Instant | None = None
    touched: bool = False
    outcome: str | None = None
    closed_at: Instant | None = None


Decision: TypeAlias = (
    PublishEpisode
    | Withdraw
    | Raise
    | Worsen
    | Lower
    | SelfResolve
    | Answered
    | Cancel
    | MarkWithdrawn
    | Reinstate
    | Merge
)
