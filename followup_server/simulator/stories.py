"""What happens to whom: who stays well, who gets worse and when, who stops measuring.

A story is dealt from a deck of twenty, so that every twenty patients hold the same mixture, and a morning's
queue looks like one whatever the seed. Instants are UTC milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from followup_server.simulator.identity import dice
from followup_server.simulator.people import Person, Programme
from threshold_engine.model import Instant

HOUR = 3_600_000
DAY = 24 * HOUR

Kind = Literal["exacerbation", "decompensation", "pressure-crisis", "low-glucose", "high-glucose"]
Plot = Literal["well", "worse-now", "mild-now", "worse-before", "mild-before", "silent"]

_SHARES: dict[Plot, int] = {
    "worse-now": 1,
    "mild-now": 1,
    "silent": 1,
    "worse-before": 3,
    "mild-before": 2,
    "well": 12,
}
_DECK = tuple(plot for plot, cards in _SHARES.items() for _ in range(cards))
FORMS_ONLY: frozenset[Programme] = frozenset(("wrist_fracture", "mental_health"))
"""Programmes whose patients measure nothing: what happens to them shows in their answers alone."""

_EVIDENT = 0.7
_MILD = 0.55
_SETTLED = 3 * DAY
"""What happened before is over by so long before the end."""


@dataclass(frozen=True, slots=True)
class Deterioration:
    """Getting worse, staying so, and getting better, as a share of the full picture."""

    kind: Kind
    begins: Instant
    worsening: int
    """Milliseconds from the beginning to the worst."""
    lasting: int
    recovering: int
    strength: float
    """1 is the full picture; a mild one is less."""

    @property
    def evident(self) -> Instant:
        """When it shows: from here on the centre should be told within 48 hours."""
        return self.begins + int(self.worsening * _EVIDENT)

    @property
    def ends(self) -> Instant:
        """When all is as it was."""
        return self.begins + self.worsening + self.lasting + self.recovering

    @property
    def is_mild(self) -> bool:
        """Whether it may pass unnoticed."""
        return self.strength < 0.9

    def severity(self, at: Instant) -> float:
        """Share of the full picture at an instant, 0 to `strength`."""
        since = at - self.begins
        if since <= 0 or at >= self.ends:
            return 0.0
        if since < self.worsening:
            return self.strength * since / self.worsening
        left = self.ends - at
        return self.strength * min(1.0, left / self.recovering)


@dataclass(frozen=True, slots=True)
class Away:
    """A stay in hospital or the like, during which nothing is measured, and the plan is paused."""

    begins: Instant
    ends: Instant | None
    """None: nobody knows yet."""

    def holds(self, at: Instant) -> bool:
        """Whether it lasts at an instant."""
        return self.begins <= at and (self.ends is None or at < self.ends)


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to one patient."""

    plot: Plot
    deterioration: Deterioration | None = None
    silent_from: Instant | None = None
    away: Away | None = None

    def measures(self, at: Instant) -> bool:
        """Whether anything is measured and answered at all at an instant."""
        silent = self.silent_from is not None and at >= self.silent_from
        return not silent and (self.away is None or not self.away.holds(at))


def story(seed: int, person: Person, start: Instant, until: Instant) -> Story:
    """The story of one patient of a seed, for a simulation of [start, until]."""
    if person.programme in FORMS_ONLY:
        return Story("well")
    block, place = divmod(person.n - 1, len(_DECK))
    deck = list(_DECK)
    dice(seed, "deck", block).shuffle(deck)
    random = dice(seed, "story", person.n)
    plot = deck[place]
    if plot == "silent":
        ago = random.choice((random.uniform(2.6, 3.5), random.uniform(3.5, 9)))
        return Story(plot, silent_from=until - int(ago * DAY))
    if plot in ("worse-now", "mild-now"):
        return Story(plot, _happening(random, person.programme, until, mild=plot == "mild-now"))
    if plot in ("worse-before", "mild-before"):
        past = _past(random, person.programme, start, until, mild=plot == "mild-before")
        return Story(plot, past) if past else Story("well")
    return Story("well", away=_away(dice(seed, "away", person.n), start, until))


def _away(random: Random, start: Instant, until: Instant) -> Away | None:
    """Of those who are well a few are in hospital, or have been."""
    chance, length = random.random(), int(random.uniform(2, 5) * DAY)
    if chance < 0.03:
        begins = until - int(random.uniform(1, 6) * DAY)
        return Away(begins, None if random.random() < 0.5 else until + length)
    latest = until - length - _SETTLED
    if chance < 0.07 and latest > start + DAY:
        begins = random.randrange(start + DAY, latest)
        return Away(begins, begins + length)
    return None


def _happening(random: Random, programme: Programme, until: Instant, *, mild: bool) -> Deterioration:
    made = _deterioration(random, programme, mild=mild)
    evident_ago = int((random.uniform(12, 40) if mild else random.uniform(24, 46)) * HOUR)
    begins = until - evident_ago - made.evident
    # It isn't over before the centre has had the chance to hear of it.
    lasting = max(made.lasting, evident_ago + DAY)
    return replace(made, begins=begins, lasting=lasting)


def _past(
    random: Random, programme: Programme, start: Instant, until: Instant, *, mild: bool
) -> Deterioration | None:
    made = _deterioration(random, programme, mild=mild)
    earliest, latest = start + 2 * DAY, until - _SETTLED - made.ends
    if latest <= earliest:
        return None
    return replace(made, begins=earliest + int(random.random() * (latest - earliest)))


def _deterioration(random: Random, programme: Programme, *, mild: bool) -> Deterioration:
    strength = random.uniform(_MILD - 0.05, _MILD + 0.05) if mild else random.uniform(1.0, 1.3)
    kind, worsening, lasting, recovering = _course(random, programme)
    return Deterioration(kind, 0, int(worsening * DAY), int(lasting * DAY), int(recovering * DAY), strength)


def _course(random: Random, programme: Programme) -> tuple[Kind, float, float, float]:
    """Kind, and days of worsening, lasting and recovering."""
    if programme == "copd":
        return "exacerbation", random.uniform(1.5, 3.5), random.uniform(2.5, 4), random.uniform(2, 5)
    if programme == "heart_failure":
        return "decompensation", random.uniform(2.5, 4), random.uniform(2.5, 4), random.uniform(2, 5)
    if programme == "hypertension":
        return "pressure-crisis", random.uniform(0.5, 1.2), random.uniform(2.5, 4), random.uniform(1, 3)
    if random.random() < 0.4:
        return "low-glucose", random.uniform(0.3, 0.8), random.uniform(2.5, 3.5), random.uniform(0.3, 0.8)
    return "high-glucose", random.uniform(1, 2), random.uniform(2.5, 4), random.uniform(1, 2)
