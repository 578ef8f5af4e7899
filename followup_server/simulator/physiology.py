"""How a made-up body is from day to day: its own baseline, its noise, and what an illness does to it.

Everything is in the units of `threshold_engine.UNITS`. The sizes are rough means of the clinical literature
(GOLD report for exacerbations, ESC guidelines for heart failure and blood pressure, ADA for glucose).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sin, tau
from random import Random
from typing import NamedTuple

from followup_server.simulator.identity import dice
from followup_server.simulator.people import Person
from followup_server.simulator.stories import Deterioration, Kind
from threshold_engine.model import Instant

DAY_MS = 86_400_000


class Noise(NamedTuple):
    """Standard deviations of good and bad days and of single readings, and the instrument's range."""

    daily: float
    reading: float
    lowest: float
    highest: float
    decimals: int


NOISE: Mapping[str, Noise] = {
    "spo2": Noise(0.8, 1.0, 62, 100, 0),
    "pulse": Noise(3.5, 4.5, 35, 190, 0),
    "resp_rate": Noise(0.8, 1.3, 8, 48, 0),
    "temperature": Noise(0.1, 0.17, 34.5, 41.2, 1),
    "bp_sys": Noise(4.5, 6.5, 70, 250, 0),
    "bp_dia": Noise(3.0, 4.0, 40, 145, 0),
    "weight": Noise(0.3, 0.25, 35, 220, 1),
    "glucose": Noise(0.8, 1.0, 1.7, 33.0, 1),
}

_EVENING: Mapping[str, float] = {"temperature": 0.2, "bp_sys": -3, "glucose": 1.4, "pulse": 2}
"""By how much the evening differs from the morning."""


class Effect(NamedTuple):
    """What the full picture of an illness does to a measure: so much more, or as far as a value."""

    by: float | None = None
    to: float | None = None

    def on(self, baseline: float) -> float:
        """The change of a measure with that baseline."""
        return self.by if self.by is not None else (self.to or baseline) - baseline


EFFECTS: Mapping[Kind, Mapping[str, Effect]] = {
    "exacerbation": {
        "spo2": Effect(by=-8.5),
        "pulse": Effect(by=24),
        "resp_rate": Effect(by=9),
        "temperature": Effect(by=1.5),
    },
    "decompensation": {"weight": Effect(by=4.2), "pulse": Effect(by=14), "bp_sys": Effect(by=-6)},
    "pressure-crisis": {"bp_sys": Effect(to=198), "bp_dia": Effect(to=116), "pulse": Effect(by=8)},
    "low-glucose": {"glucose": Effect(to=2.4)},
    "high-glucose": {"glucose": Effect(to=22.5)},
}


class Slip(NamedTuple):
    """Wrong measuring technique: how often, and what it adds (cold fingers, shoes on, no rest first)."""

    chance: float
    least: float
    most: float


SLIPS: Mapping[str, Slip] = {
    "spo2": Slip(0.015, -6, -3),
    "weight": Slip(0.02, 0.8, 1.8),
    "bp_sys": Slip(0.02, 14, 26),
    "glucose": Slip(0.015, 2, 5),
}


class Nonsense(NamedTuple):
    """What a broken sensor or a slipped decimal point shows, and how often."""

    value: float
    chance: float


IMPOSSIBLE: Mapping[str, Nonsense] = {
    "spo2": Nonsense(8, 0.003),
    "pulse": Nonsense(7, 0.0005),
    "weight": Nonsense(7, 0.003),
    "bp_sys": Nonsense(31, 0.0005),
    "glucose": Nonsense(0.1, 0.0005),
    "temperature": Nonsense(3.7, 0.001),
    "resp_rate": Nonsense(99, 0.0005),
}


@dataclass(frozen=True, slots=True)
class Body:
    """One person's physiology and habits."""

    baseline: Mapping[str, float]
    adherence: float
    """Chance that an agreed measurement is made."""
    morning: int
    """Usual time of measuring, minutes after midnight, local."""
    evening: int
    phase: float
    """Where in the slow wave of four weeks this body is, 0 to 1."""

    def value(self, code: str, at: Instant, day_off: float, is_evening: bool, random: Random) -> float:
        """A healthy reading: baseline, slow wave, the day's form (standard normal `day_off`), noise."""
        noise = NOISE[code]
        wave = 0.5 * noise.daily * sin(tau * (at / (28 * DAY_MS) + self.phase))
        evening = _EVENING.get(code, 0.0) if is_evening else 0.0
        return self.baseline[code] + wave + evening + noise.daily * day_off + random.gauss(0, noise.reading)

    def change(self, code: str, at: Instant, illness: Deterioration | None) -> float:
        """What the illness adds at an instant."""
        if illness is None:
            return 0.0
        effect = EFFECTS[illness.kind].get(code)
        return effect.on(self.baseline[code]) * illness.severity(at) if effect else 0.0


def body(seed: int, person: Person) -> Body:
    """The body of one person of a seed."""
    random = dice(seed, "body", person.n)
    return Body(
        baseline=_baseline(random, person),
        adherence=random.triangular(0.86, 0.995, 0.97),
        morning=int(random.triangular(6 * 60, 9 * 60, 7 * 60 + 20)),
        evening=int(random.triangular(16 * 60 + 30, 20 * 60, 17 * 60 + 30)),
        phase=random.random(),
    )


def instrument(code: str, value: float) -> int:
    """What the instrument shows of a value: in tenths, within its range, rounded to its decimals."""
    noise = NOISE[code]
    within = min(max(value, noise.lowest), noise.highest)
    return round(within) * 10 if noise.decimals == 0 else round(within * 10)


def _baseline(random: Random, person: Person) -> dict[str, float]:
    if person.programme == "copd":
        spo2 = random.uniform(89, 91) if "oxygen" in person.warnings else random.gauss(93.5, 1.2)
        return {
            "spo2": min(max(spo2, 89), 96),
            "pulse": random.uniform(68, 88),
            "resp_rate": random.uniform(15, 19),
            "temperature": random.uniform(36.3, 36.8),
        }
    if person.programme == "heart_failure":
        weight = random.gauss(84, 13) if person.sex == "male" else random.gauss(72, 12)
        return {
            "weight": min(max(weight, 48), 150),
            "bp_sys": random.uniform(108, 132),
            "bp_dia": random.uniform(62, 78),
            "pulse": random.uniform(60, 82),
        }
    if person.programme == "hypertension":
        return {
            "bp_sys": random.uniform(126, 147),
            "bp_dia": random.uniform(74, 88),
            "pulse": random.uniform(60, 80),
        }
    return {"glucose": random.uniform(6.6, 9.2)} if person.programme == "diabetes" else {}
