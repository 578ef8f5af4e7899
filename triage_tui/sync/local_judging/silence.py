"""What a console may say of readings that are missing: only what it has asked the server about.

After the last round that fetched everything nobody here knows whether she measured, so that a wait which
ended later is neither over nor in vain. A reading that came all the same (told by phone) counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from threshold_engine import Change, Episode, Instant, Level
from work_items.bands import MISSING


@dataclass(frozen=True, slots=True)
class Told:
    """Episodes with nothing in them that only our own silence tells."""

    episodes: tuple[Episode, ...]
    waits: Instant | None
    """The first end of a wait that was left out: to be judged again once everything up to then is here."""


def without_silence(
    episodes: Iterable[Episode], kinds: Mapping[str, str], fetched_until: Instant | None
) -> Told:
    """The episodes without what `missing` rules' timers did after `fetched_until`."""
    told: list[Episode] = []
    waits: list[Instant] = []
    for episode in episodes:
        if kinds.get(episode.rule) != MISSING:
            told.append(episode)
            continue
        known = [change for change in episode.changes if not _is_silence(change, fetched_until)]
        waits += (change.at for change in episode.changes if change not in known)
        if known == list(episode.changes):
            told.append(episode)
        elif known and known[0] == episode.changes[0]:
            told.append(_of(episode, tuple(known)))
    return Told(tuple(told), min(waits, default=None))


def _is_silence(change: Change, fetched_until: Instant | None) -> bool:
    timer = change.reading is None and change.level > Level.GREEN
    return timer and (fetched_until is None or change.at > fetched_until)


def _of(episode: Episode, changes: tuple[Change, ...]) -> Episode:
    levels = [change.level for change in changes if change.level > Level.GREEN]
    return replace(episode, level=levels[-1], peak=max(levels), changes=changes)
