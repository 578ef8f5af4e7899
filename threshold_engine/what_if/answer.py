"""What a trial comes to: alarms by rule before and after, what goes and comes, and what was caught."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from threshold_engine.instants import DAY
from threshold_engine.model import Episode, Instant, Level, Scaled
from threshold_engine.numbers import ONE, divided
from threshold_engine.rule_reading import BUILT_IN
from threshold_engine.what_if.difference import Difference, difference

MONTH: Final = 30 * DAY
"""A patient-month."""


class Tally(NamedTuple):
    """How many alarms there were, by the worst level that each reached."""

    yellow: int = 0
    red: int = 0

    @property
    def both(self) -> int:
        """All of them."""
        return self.yellow + self.red


class RuleTally(NamedTuple):
    """One rule's alarms on both sides."""

    rule: str
    changed: bool
    """Whether the rule was changed, added or taken away for anybody."""
    before: Tally
    after: Tally


class Deterioration(NamedTuple):
    """A time when a patient is known to have got worse."""

    patient: str
    start: Instant
    end: Instant | None
    """None: it still goes on."""


class Caught(NamedTuple):
    """When the first alarm that stood during a deterioration began; none where there was none.

    Waiting for readings and doubting them doesn't count: `missing` and the built-in rule.
    """

    deterioration: Deterioration
    before: Instant | None
    after: Instant | None

    @property
    def later(self) -> int | None:
        """How many milliseconds later it would have come (below 0: earlier), where both sides had one."""
        return None if self.before is None or self.after is None else self.after - self.before


class Sides(NamedTuple):
    """What there is to know of one patient's two plans."""

    begin: Instant
    changed: frozenset[str]
    waiting: frozenset[str]
    """The present rules of kind `missing`."""
    waiting_instead: frozenset[str]
    """Of the changed rules those of kind `missing`."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer of a trial, or of a whole centre's."""

    now: Instant
    patients: int
    patient_time: int
    """Milliseconds tried, over all patients."""
    rules: tuple[RuleTally, ...]
    """By rule id; rules without any alarm on either side are left out, unless they were changed."""
    difference: Difference
    """Of the changed rules: the others give the same on both sides."""
    deteriorations: tuple[Caught, ...]
    """Those that reach into the patient's span, by patient and time."""

    @property
    def before(self) -> Tally:
        """All rules together."""
        return _sum(rule.before for rule in self.rules)

    @property
    def after(self) -> Tally:
        """All rules together."""
        return _sum(rule.after for rule in self.rules)

    def monthly(self, alarms: int) -> Scaled:
        """Alarms for each patient-month of 30 days, in millionths; 0 where no time was tried."""
        return divided(alarms * ONE * MONTH, self.patient_time) if self.patient_time > 0 else 0


def compared(
    sides: Mapping[str, Sides],
    before: Sequence[Episode],
    tried: Iterable[Episode],
    now: Instant,
    deteriorations: Iterable[Deterioration],
) -> WhatIf:
    """Put the answer together.

    `before` are all episodes under the present rules; `tried` those under the changed rules alone.
    """
    replaced = [episode for episode in before if episode.rule in sides[episode.patient].changed]
    instead = [episode for episode in tried if not episode.rule.startswith(BUILT_IN)]
    untouched = [episode for episode in before if episode.rule not in sides[episode.patient].changed]
    changed = frozenset(rule for side in sides.values() for rule in side.changed)
    return WhatIf(
        now=now,
        patients=len(sides),
        patient_time=sum(max(0, now - side.begin) for side in sides.values()),
        rules=_tallies(changed, before, [*untouched, *instead]),
        difference=difference(replaced, instead),
        deteriorations=_caught(sides, before, instead, deteriorations),
    )


def _tallies(
    changed: frozenset[str], before: Iterable[Episode], after: Iterable[Episode]
) -> tuple[RuleTally, ...]:
    counts: tuple[defaultdict[str, list[int]], ...] = tuple(defaultdict(lambda: [0, 0]) for _ in range(2))
    for count, episodes in zip(counts, (before, after), strict=True):
        for episode in episodes:
            count[episode.rule][episode.peak is Level.RED] += 1
    rules = sorted(changed.union(*counts))
    return tuple(
        RuleTally(rule, rule in changed, *(Tally(*count[rule]) for count in counts)) for rule in rules
    )


def _caught(
    sides: Mapping[str, Sides],
    before: Iterable[Episode],
    instead: Iterable[Episode],
    deteriorations: Iterable[Deterioration],
) -> tuple[Caught, ...]:
    """`instead`: the episodes of the changed rules."""
    known = sorted(
        (
            one
            for one in set(deteriorations)
            if one.patient in sides and (one.end is None or one.end > sides[one.patient].begin)
        ),
        key=lambda one: (one.patient, one.start, one.end is None, one.end or 0),
    )
    old: dict[str, list[Episode]] = {one.patient: [] for one in known}
    new: dict[str, list[Episode]] = {one.patient: [] for one in known}
    for episode in before if known else ():
        side = sides[episode.patient]
        if episode.patient in old and not _waits(episode, side.waiting):
            old[episode.patient].append(episode)
            if episode.rule not in side.changed:
                new[episode.patient].append(episode)
    for episode in instead if known else ():
        if episode.patient in new and not _waits(episode, sides[episode.patient].waiting_instead):
            new[episode.patient].append(episode)
    return tuple(Caught(one, _first(old[one.patient], one), _first(new[one.patient], one)) for one in known)


def _waits(episode: Episode, waiting: frozenset[str]) -> bool:
    """Whether it tells of readings and not of the patient."""
    return episode.rule in waiting or episode.rule.startswith(BUILT_IN)


def _first(episodes: Iterable[Episode], during: Deterioration) -> Instant | None:
    standing = (
        episode.onset
        for episode in episodes
        if (during.end is None or episode.onset <= during.end)
        and (episode.cleared is None or episode.cleared > during.start)
    )
    return min(standing, default=None)


def _sum(tallies: Iterable[Tally]) -> Tally:
    found = list(tallies)
    return Tally(sum(one.yellow for one in found), sum(one.red for one in found))
