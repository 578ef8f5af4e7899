"""What the server has published binds; this console's own finding counts where it knows something newer.

A console may lack a reading that the server had, be it for the moment of one page. So its own finding
replaces a published alert's state only where it is worse, or rests on something later than what was
published, or where what was published rests on a reading that is withdrawn here, or ended by one that says
something else here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from threshold_engine import Episode, Instant, Level
from work_items import PatientWork, Published, match_published
from work_items.bands import MISSING
from work_items.rises import kind_of, steps_beyond


@dataclass(slots=True)
class Bound:
    """The alerts to go by here."""

    episodes: list[Episode] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)
    """Published ones of which it is known here that the reading they began with was none."""
    differing: set[str] = field(default_factory=set)
    """Alerts that stand only here, or only there."""


@dataclass(frozen=True, slots=True)
class Binding:
    """How this console's findings and what is published go together, for one patient."""

    work: PatientWork
    """With what was computed here as its episodes."""
    here: frozenset[str]
    """Ids of the readings that are here."""
    withdrawn_here: frozenset[str]
    """Those of them that are withdrawn."""
    fetched_until: Instant | None
    only_worse: bool
    """The clock is off: nothing found here may clear or lower an alert."""

    def bound(self) -> Bound:
        """The alerts to go by."""
        since = self.work.complete_since
        matching = match_published(self.work.published, self.work.episodes, since)
        found = Bound()
        for match in matching.matches:
            computed, keeps = match.computed, match.keeps
            reaches_back = since is not None and computed.onset < since
            if keeps is None:
                if not reaches_back:
                    found.episodes.append(computed)
                    found.differing.update(_standing(computed))
            elif keeps.undone:
                found.differing.update(_standing(computed))  # withdrawn there: the server's word binds
            else:
                published = keeps.episode
                found.episodes.append(published if reaches_back else self._newer(published, computed))
                if (published.cleared is None) != (computed.cleared is None) and not reaches_back:
                    found.differing.add(published.id)
            # Which of two published alerts stays is the server's to say: here each goes on.
            found.episodes += (other.episode for other in match.merged)
        for one in matching.undone:
            self._only_there(one, found)
        return found

    def _only_there(self, one: Published, found: Bound) -> None:
        episode = one.episode
        if self._rests_on_withdrawn(episode.changes[0].reading) and not self.only_worse:
            found.withdrawn.add(episode.id)
        else:
            found.episodes.append(episode)
        if episode.cleared is None and not self._is_silence(episode):
            found.differing.add(episode.id)

    def _newer(self, published: Episode, computed: Episode) -> Episode:
        """The computed state under the published identity where it is to be believed; else the published."""
        shown = replace(computed, id=published.id)
        if not self._knows_more(published, computed):
            return published
        clears = computed.cleared is not None and published.cleared is None
        lowers = computed.level < published.level or computed.peak < published.peak
        return published if self.only_worse and (clears or lowers) else shown

    def _knows_more(self, published: Episode, computed: Episode) -> bool:
        last = published.changes[-1]
        if computed.peak > published.peak or computed.changes[-1].at > last.at:
            return True
        if self._rests_on_withdrawn(last.reading):
            return True
        if published.cleared is None or computed.cleared is not None:
            return False
        # Over there, standing here: what ended it says something else here, or something came after it.
        later = any(step.at > last.at for step in steps_beyond(computed, self.work))
        return later or last.reading in self.here

    def _rests_on_withdrawn(self, reading: str | None) -> bool:
        return reading in self.withdrawn_here

    def _is_silence(self, episode: Episode) -> bool:
        """Whether an alert says that readings were missing when nobody here could know."""
        if kind_of(episode.rule, self.work) != MISSING:
            return False
        return self.fetched_until is None or episode.onset > self.fetched_until


def _standing(episode: Episode) -> Iterator[str]:
    if episode.cleared is None and episode.level > Level.GREEN:
        yield episode.id
