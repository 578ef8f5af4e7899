"""Made-up patients: what they measure over 14 days and the weeks that follow, and what truly happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, sin, tau
from random import Random

from benchmarks.alarm_quality.baselines import BASELINES
from benchmarks.alarm_quality.courses import DAY, HOUR, Illness, fall_ill
from benchmarks.alarm_quality.measures import SLIPS, STEADINESS, Slip
from benchmarks.alarm_quality.worlds import World
from threshold_engine import Reading, parse_instant

START = parse_instant("2026-01-05T00:00:00Z")
FIRST_DAYS = 14
WEEKS = 8
MINUTE = 60_000
_LONG = {"mental_health": (63, 26)}
"""Days before the plan and weeks after it where the rhythm is weekly."""


@dataclass(frozen=True, slots=True)
class Patient:
    """Readings up to the plan and after it, and every real deterioration after it."""

    first: list[Reading]
    after: list[Reading]
    illnesses: tuple[Illness, ...]
    begins: int
    """When the plan is in force from, UTC ms."""
    ends: int


def patient(programme: str, world: World, seed: int, number: int) -> Patient:
    """One patient of a seed, the same each time."""
    random = Random(f"{programme}/{world.name}/{seed}/{number}")  # noqa: S311 - nothing secret
    first_days, weeks = _LONG.get(programme, (FIRST_DAYS, WEEKS))
    begins = START + first_days * DAY + 10 * HOUR
    ends = begins + weeks * 7 * DAY
    ill = tuple(_illnesses(programme, begins, ends, random))
    readings = list(_readings(programme, world, ill, ends, random))
    return Patient(
        [r for r in readings if r.effective <= begins],
        [r for r in readings if r.effective > begins],
        ill,
        begins,
        ends,
    )


def _illnesses(programme: str, begins: int, ends: int, random: Random) -> Iterator[Illness]:
    """None, one or two, each after the one before has long been over."""
    earliest = begins + int(random.uniform(1, 25) * DAY)
    while random.random() < 0.6:
        illness = fall_ill(programme, earliest, random)
        if illness.find_by >= ends:
            return
        yield illness
        earliest = illness.end + int(random.uniform(7, 21) * DAY)


def _readings(
    programme: str, world: World, ill: tuple[Illness, ...], ends: int, random: Random
) -> Iterator[Reading]:
    usual = {code: random.uniform(*span) for code, span in BASELINES[programme].items()}
    if world.some_measures and len(usual) > 1:
        for code in random.sample(sorted(usual), random.randrange(len(usual) // 2 + 1)):
            del usual[code]
    body = _Body(usual, world, random)
    hours = [random.uniform(6.5, 9), random.uniform(17, 20)][: world.sessions]
    day = 0
    while START + day * DAY < ends:
        body.wake()
        for session, hour in enumerate(hours):
            at = START + day * DAY + int((hour + random.gauss(0, 0.4)) * HOUR)
            if random.random() >= world.missed:
                yield from body.measure(at, ill, day, is_evening=session == 1)
        day += 1


class _Body:
    """A body from day to day, and the habits of who lives in it."""

    def __init__(self, usual: Mapping[str, float], world: World, random: Random) -> None:
        self._usual = usual
        self._world = world
        self._random = random
        self._unsteady = world.noise * random.lognormvariate(0, 0.25)
        self._form = dict.fromkeys(usual, 0.0)
        self._strain = 0.0
        self._phase = {code: random.random() for code in usual}
        self._trend = {code: random.uniform(-1, 1) for code in usual}
        self._n = 0

    def wake(self) -> None:
        """A new day's form: some of yesterday's, the rest new."""
        kept = self._world.persistence
        fresh = (1 - kept**2) ** 0.5
        self._strain = kept * self._strain + fresh * self._random.gauss(0, 1)
        for code in self._form:
            self._form[code] = kept * self._form[code] + fresh * self._random.gauss(0, 1)

    def measure(self, at: int, ill: tuple[Illness, ...], day: int, *, is_evening: bool) -> Iterator[Reading]:
        """A session; again after a minute, with the same cold finger, where the world does that."""
        random = self._random
        slip = random.choice(self._slips()) if random.random() < self._world.slips else None
        amount = random.random()
        repeats = 2 if random.random() < self._world.doubled else 1
        for repeat in range(repeats):
            for place, code in enumerate(self._usual):
                if day % STEADINESS[code].own_days == 0:
                    moment = at + repeat * MINUTE + place * 20_000
                    value = self._value(code, moment, ill, is_evening=is_evening)
                    if slip is not None and code in slip.adds:
                        least, most = slip.adds[code]
                        value += least + amount * (most - least)
                    yield self._shown(code, value, moment)

    def _slips(self) -> list[Slip]:
        return [slip for slip in SLIPS if set(slip.adds) & set(self._usual)] or [Slip("none", {})]

    def _value(self, code: str, at: int, ill: tuple[Illness, ...], *, is_evening: bool) -> float:
        steady, usual = STEADINESS[code], self._usual[code]
        wave = sin(tau * ((at - START) / (56 * DAY) + self._phase[code]))
        slow = wave + self._trend[code] * (at - START) / (56 * DAY)
        form = self._form[code] + steady.strain * self._strain
        off = steady.daily * (form * self._unsteady + self._world.drift * slow)
        off += self._random.gauss(0, steady.reading * self._unsteady)
        off += steady.evening if is_evening else 0.0
        level = usual + sum(illness.moved(code, usual, at) for illness in ill)
        return level * exp(off / usual) if steady.in_proportion else level + off

    def _shown(self, code: str, value: float, at: int) -> Reading:
        steady = STEADINESS[code]
        self._n += 1
        shown = round(min(max(value, steady.lowest), steady.highest) * 10**steady.decimals)
        return Reading(f"r{self._n}", "p", code, shown * 10 ** (6 - steady.decimals), at)
