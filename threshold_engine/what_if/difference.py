"""Two sets of alarms side by side: which go, which come, which only move.

An alarm is an episode. Two of one patient and rule that overlap in time (half-open intervals) are the same
alarm, as they are between console and server (docs/fhir.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from threshold_engine.model import Episode

_Key: TypeAlias = tuple[str, str]


class Pair(NamedTuple):
    """The same alarm on both sides."""

    before: Episode
    after: Episode

    @property
    def alike(self) -> bool:
        """Whether it would have begun at the same instant and been as bad."""
        return self.before.onset == self.after.onset and self.before.peak is self.after.peak

    @property
    def later(self) -> int:
        """How many milliseconds later it would have begun; below 0: earlier."""
        return self.after.onset - self.before.onset


@dataclass(slots=True)
class Difference:
    """Every alarm of either side stands in exactly one of these; all sorted by (patient, onset, rule).

    So before − gone − merged = pairs = after − come − split.
    """

    gone: list[Episode] = field(default_factory=list)
    """Of before: no alarm of that rule would have stood at any time of it."""
    come: list[Episode] = field(default_factory=list)
    """Of after: no alarm of that rule stood at any time of it."""
    pairs: list[Pair] = field(default_factory=list)
    split: list[Episode] = field(default_factory=list)
    """Of after: further parts of an alarm that is paired already."""
    merged: list[Episode] = field(default_factory=list)
    """Of before: taken up by an alarm that is paired already."""

    @property
    def moved(self) -> list[Pair]:
        """The pairs that begin at another instant or are worse or milder."""
        return [pair for pair in self.pairs if not pair.alike]


def difference(before: Iterable[Episode], after: Iterable[Episode]) -> Difference:
    """Compare; both sides in any order, as judged of the same patients up to the same instant."""
    old, new = _by_rule(before), _by_rule(after)
    found = Difference()
    for key in sorted(old.keys() | new.keys()):
        _walk(old.get(key, ()), new.get(key, ()), found)
    for episodes in (found.gone, found.come, found.split, found.merged):
        episodes.sort(key=_place)
    found.pairs.sort(key=lambda pair: _place(pair.before))
    return found


def _walk(old: Sequence[Episode], new: Sequence[Episode], found: Difference) -> None:
    """Go through both sides of one rule in order of time; the earliest that overlap are a pair."""
    i = j = 0
    while i < len(old) or j < len(new):
        one = old[i] if i < len(old) else None
        other = new[j] if j < len(new) else None
        if one is not None and other is not None and _overlap(one, other):
            found.pairs.append(Pair(one, other))
            i, j = i + 1, j + 1
        elif other is None or (one is not None and one.onset < other.onset):
            assert one is not None  # noqa: S101 - else the loop had ended
            (found.merged if j and _overlap(one, new[j - 1]) else found.gone).append(one)
            i += 1
        else:
            (found.split if i and _overlap(other, old[i - 1]) else found.come).append(other)
            j += 1


def _overlap(one: Episode, other: Episode) -> bool:
    return (other.cleared is None or one.onset < other.cleared) and (
        one.cleared is None or other.onset < one.cleared
    )


def _by_rule(episodes: Iterable[Episode]) -> dict[_Key, list[Episode]]:
    found: defaultdict[_Key, list[Episode]] = defaultdict(list)
    for episode in episodes:
        found[episode.patient, episode.rule].append(episode)
    for mine in found.values():
        mine.sort(key=lambda episode: episode.onset)
    return found


def _place(episode: Episode) -> tuple[str, int, str]:
    return episode.patient, episode.onset, episode.rule
