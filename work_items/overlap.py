"""Which computed alert is which published one (docs/fhir.md, "Judging")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from threshold_engine.model import Episode, Instant
from work_items.patient_work import Published


@dataclass(frozen=True, slots=True)
class Match:
    """A computed episode and the published ones that it is."""

    computed: Episode
    keeps: Published | None
    """Whose identity it keeps; none: it is new and is published under its own."""
    merged: tuple[Published, ...] = ()
    """Others that turn out to be the same alert."""


@dataclass(frozen=True, slots=True)
class Matching:
    """How published and computed episodes of one patient belong together."""

    matches: tuple[Match, ...]
    """One for each computed episode, in the order given, but for those taken as published."""
    undone: tuple[Published, ...]
    """Published ones that nothing computed stands for any more."""
    kept: tuple[Published, ...]
    """Published ones that reach back beyond the readings at hand, and so bind as they are."""


def match_published(
    published: Iterable[Published], computed: Sequence[Episode], complete_since: Instant | None = None
) -> Matching:
    """Match by rule and overlap in time (half-open intervals); equal ids always match.

    A published episode that has split is kept by its earliest part. Of several that are the same, the one
    with the earliest onset, then the smallest id, stays. Those already undone match by equal id only.
    All are of one patient. `complete_since`: before this, readings are missing.
    """
    living: list[Published] = []
    kept: list[Published] = []
    revivable: dict[str, Published] = {}
    for one in sorted(published, key=lambda p: (p.episode.onset, p.episode.id)):
        if one.undone:
            revivable[one.episode.id] = one
        elif complete_since is not None and one.episode.onset < complete_since:
            kept.append(one)
        else:
            living.append(one)
    own_ids = {episode.id for episode in computed}
    matches: dict[str, Match] = {}
    taken: set[str] = set()
    for episode in sorted(computed, key=lambda e: (e.onset, e.rule)):
        if any(_same(old.episode, episode) for old in kept):
            continue
        # A published id that is another computed episode's very own stays with that one: else two would
        # share it, after a kept identity's onset had moved and moved back.
        free = (one for one in living if one.episode.id == episode.id or one.episode.id not in own_ids)
        same = [one for one in free if one.episode.id not in taken and _same(one.episode, episode)]
        taken.update(one.episode.id for one in same)
        keeps = same[0] if same else revivable.get(episode.id)
        matches[episode.id] = Match(episode, keeps, tuple(same[1:]))
    return Matching(
        tuple(matches[episode.id] for episode in computed if episode.id in matches),
        tuple(one for one in living if one.episode.id not in taken),
        tuple(kept),
    )


def _same(published: Episode, computed: Episode) -> bool:
    if published.patient != computed.patient or published.rule != computed.rule:
        return False
    if published.id == computed.id:
        return True
    begins_before_end = computed.cleared is None or published.onset < computed.cleared
    ends_after_begin = published.cleared is None or computed.onset < published.cleared
    return begins_before_end and ends_after_begin
