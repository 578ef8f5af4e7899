"""What goes wrong in each programme: which measures move by how much, how fast, and when it must be found.

A course may be the full picture or a partial one: not every exacerbation has fever. Sizes are rough means of
the literature that the templates cite; each patient's own is 0.8 to 1.3 times as strong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

DAY = 86_400_000
HOUR = 3_600_000
EVIDENT = 0.7
"""From this share of the full picture on it can be seen, and the time to find it runs."""


@dataclass(frozen=True, slots=True)
class Course:
    """A kind of deterioration."""

    name: str
    moves: Mapping[str, float]
    """By how much each measure moves at the worst."""
    worsening: tuple[float, float]
    """Days from the onset to the worst, least and most."""
    lasting: tuple[float, float] = (3, 5)
    recovering: tuple[float, float] = (2, 4)
    find_within: int = 48 * HOUR
    """From when it is evident until it must have been found."""
    reaches: Mapping[str, float] | None = None
    """Measures that go to a value, whatever the baseline."""


COURSES: Mapping[str, tuple[Course, ...]] = {
    "copd": (
        Course(
            "exacerbation",
            {"spo2": -6, "pulse": 16, "resp_rate": 6, "temperature": 0.7, "pef": -70},
            (1.5, 4),
        ),
        Course("breathless, no fever", {"spo2": -5, "resp_rate": 6, "pulse": 10, "pef": -80}, (2, 5)),
        Course("pneumonia", {"temperature": 1.7, "pulse": 20, "spo2": -4, "resp_rate": 6}, (0.7, 1.5)),
        Course("low saturation alone", {"spo2": -6}, (1, 3)),
    ),
    "heart_failure": (
        Course("fluid, slowly", {"weight": 3.2, "pulse": 9, "spo2": -2, "resp_rate": 3}, (5, 9)),
        Course("fluid, fast", {"weight": 3.2, "pulse": 12, "spo2": -3, "resp_rate": 4}, (2, 3.5)),
        Course("dried out", {"weight": -3.0, "bp_sys": -18, "bp_dia": -8, "pulse": 10}, (3, 6)),
        Course("fast rhythm", {"pulse": 45, "bp_sys": -12}, (0.2, 0.5)),
    ),
    "hypertension": (
        Course("rise", {"bp_sys": 28, "bp_dia": 13}, (2, 5), lasting=(5, 8)),
        Course("crisis", {"pulse": 8}, (0.5, 1.2), reaches={"bp_sys": 195, "bp_dia": 114}),
        Course("too low", {"bp_sys": -34, "bp_dia": -14, "pulse": 8}, (1, 2)),
    ),
    "diabetes": (
        Course("low", {}, (0.3, 1), lasting=(3, 4), recovering=(0.5, 1), reaches={"glucose": 3.0}),
        Course("very low", {}, (0.3, 0.6), lasting=(2, 3), recovering=(0.5, 1), reaches={"glucose": 2.3}),
        Course("high", {"glucose": 9}, (1, 3), lasting=(4, 6)),
        Course("very high", {}, (1, 2), reaches={"glucose": 24}),
    ),
    "cancer": (
        Course("fever", {"temperature": 2.0, "pulse": 18}, (0.3, 0.8), find_within=24 * HOUR),
        Course(
            "slow infection",
            {"temperature": 1.5, "pulse": 22, "resp_rate": 5, "bp_sys": -15, "spo2": -3},
            (1, 2),
        ),
        Course("dried out", {"weight": -3, "pulse": 16, "bp_sys": -18}, (2, 4)),
    ),
    "home_dialysis": (
        Course("fluid", {"weight": 2.8, "bp_sys": 24, "bp_dia": 10}, (2, 4)),
        Course("peritonitis", {"temperature": 1.5, "pulse": 18}, (0.5, 1.2), find_within=24 * HOUR),
        Course("too dry", {"weight": -2.4, "bp_sys": -28, "bp_dia": -10, "pulse": 12}, (2, 4)),
    ),
    "pregnancy": (
        Course("pre-eclampsia", {"bp_sys": 30, "bp_dia": 19}, (2, 5), lasting=(5, 8)),
        Course("severe", {}, (0.7, 1.5), reaches={"bp_sys": 166, "bp_dia": 113}, find_within=24 * HOUR),
    ),
    "mental_health": (
        Course(
            "depression",
            {"loinc.org|44261-6": 9},
            (10, 18),
            lasting=(21, 28),
            recovering=(10, 20),
            find_within=9 * DAY,
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Illness:
    """A deterioration that happens to somebody. Instants are UTC ms."""

    course: Course
    onset: int
    worsening: int
    lasting: int
    recovering: int
    strength: float

    @property
    def find_by(self) -> int:
        """When it must have been found."""
        return self.onset + int(EVIDENT * self.worsening) + self.course.find_within

    @property
    def end(self) -> int:
        """When all is as it was."""
        return self.onset + self.worsening + self.lasting + self.recovering

    def severity(self, at: int) -> float:
        """Share of the full picture, 0 to 1."""
        since, left = at - self.onset, self.end - at
        if since <= 0 or left <= 0:
            return 0.0
        return min(1.0, since / self.worsening, left / self.recovering)

    def moved(self, code: str, usual: float, at: int) -> float:
        """By how much a measure is moved at an instant."""
        reaches = self.course.reaches or {}
        full = reaches[code] - usual if code in reaches else self.course.moves.get(code, 0.0) * self.strength
        return full * self.severity(at)


def fall_ill(programme: str, onset: int, random: Random) -> Illness:
    """One of the programme's courses, beginning at an instant."""
    course = random.choice(COURSES[programme])
    days = (random.uniform(*each) for each in (course.worsening, course.lasting, course.recovering))
    worsening, lasting, recovering = (int(each * DAY) for each in days)
    return Illness(course, onset, worsening, lasting, recovering, random.uniform(0.8, 1.3))
