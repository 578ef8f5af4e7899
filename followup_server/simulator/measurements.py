"""What a made-up patient measures: habits, missed days, slips, broken sensors, readings that arrive late.

Every day of a person has its own random numbers, so a day is the same however long the simulation is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zlib import crc32

from fhir_r4.raw import Raw
from followup_server.simulator.identity import dice
from followup_server.simulator.observations import OSLO, observation
from followup_server.simulator.people import Person, Programme
from followup_server.simulator.physiology import IMPOSSIBLE, SLIPS, Body, body, instrument
from followup_server.simulator.stories import DAY, HOUR, Story
from threshold_engine.model import Instant

MINUTE = 60_000

_MORNING: dict[Programme, tuple[tuple[str, ...], ...]] = {
    "copd": (("spo2",), ("pulse",), ("resp_rate",), ("temperature",)),
    "heart_failure": (("weight",), ("bp_sys", "bp_dia"), ("pulse",)),
    "hypertension": (("bp_sys", "bp_dia"), ("pulse",)),
    "diabetes": (("glucose",),),
    "wrist_fracture": (),
    "mental_health": (),
}
"""One Observation each; two codes are a panel."""

_EVENING: dict[Programme, tuple[tuple[str, ...], ...]] = {
    "copd": (("spo2",), ("pulse",)),
    "heart_failure": (("bp_sys", "bp_dia"), ("pulse",)),
    "hypertension": (("bp_sys", "bp_dia"), ("pulse",)),
    "diabetes": (("glucose",),),
    "wrist_fracture": (),
    "mental_health": (),
}
_MINUTES_IN: dict[str, int] = {"resp_rate": 1, "temperature": 3, "bp_sys": 6, "pulse": 0, "glucose": 0}
_PULSE_WITH_CUFF = 6

_FEELS_ILL = 0.35
_MEASURES_WHEN_ILL = 0.98
_MEASURES_AGAIN_WHEN_ILL = 0.75
_LATE = 0.025
_MEASURES_AGAIN = 0.7
_DELIVERED_TWICE = 4
"""Of a thousand messages, which devices and gateways send again when they get no answer."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement as it leaves the device; a blood pressure has two values."""

    values: tuple[tuple[str, int], ...]
    """Engine code and value in tenths."""
    at: Instant
    received: Instant
    message: str
    """The device's message id, unique for the person; the same where a message is delivered twice."""

    kinds = ("Observation",)

    def resources(self, seed: int, numbers: tuple[int, ...], patient: str) -> list[Raw]:
        """The measurement as an Observation; `patient` is the Patient's logical id."""
        return [observation(seed, numbers[0], patient, self)]


class Diary:
    """What one person measures from day to day."""

    def __init__(self, seed: int, person: Person, story: Story) -> None:
        self._seed = seed
        self._person = person
        self._story = story
        self._body: Body = body(seed, person)

    def between(self, start: Instant, until: Instant) -> Iterator[Measured]:
        """Measurements with start < `at` ≤ until, whenever they were received; in order of `at`."""
        day, last = local_date(start), local_date(until)
        while day <= last:
            for measured in self.on(day):
                if start < measured.at <= until:
                    yield measured
            day += timedelta(days=1)

    def on(self, day: date) -> list[Measured]:
        """Everything measured on a local date, in order of `at`."""
        random = dice(self._seed, "day", self._person.n, day.toordinal())
        form = random.gauss(0, 1)
        late = 45 if day.weekday() >= 5 else 0
        morning = local_instant(day, max(self._body.morning + late + int(random.gauss(0, 16)), 1))
        evening = local_instant(day, self._body.evening + int(random.gauss(0, 25)))
        found: list[Measured] = []
        if random.random() < max(self._body.adherence, self._ill(morning, _MEASURES_WHEN_ILL)):
            self._session(random, morning + random.randrange(60_000), form, found, is_evening=False)
        twice_daily = self._body.adherence if self._person.programme == "diabetes" else 0.0
        if random.random() < max(twice_daily, self._ill(evening, _MEASURES_AGAIN_WHEN_ILL)):
            self._session(random, evening + random.randrange(60_000), form, found, is_evening=True)
        kept = [measured for measured in found if self._story.measures(measured.at)]
        return sorted(kept, key=lambda measured: (measured.at, measured.message, measured.received))

    def _ill(self, at: Instant, chance: float) -> float:
        """The chance that a patient who feels worse measures, as the plan's yellow zone says; else 0."""
        illness = self._story.deterioration
        return chance if illness and illness.severity(at) > _FEELS_ILL else 0.0

    def _session(
        self, random: Random, begins: Instant, form: float, found: list[Measured], *, is_evening: bool
    ) -> None:
        lag = int(random.uniform(4, 90) * 1000)
        if random.random() < _LATE:
            lag = int(random.uniform(0.5 * HOUR, 60 * HOUR))
        programme = self._person.programme
        for codes in (_EVENING if is_evening else _MORNING)[programme]:
            at = begins + _minutes_in(programme, codes[0]) * MINUTE
            readings = self._readings(random, codes, at, form, is_evening=is_evening)
            for repeat, values in enumerate(readings):
                taken = at + repeat * int(random.uniform(5, 9) * MINUTE)
                self._note(found, values, taken, taken + lag)

    def _readings(
        self, random: Random, codes: tuple[str, ...], at: Instant, form: float, *, is_evening: bool
    ) -> list[tuple[tuple[str, int], ...]]:
        """What the device shows, and what it shows when the patient doubts that and measures again."""
        true = {code: self._true(random, code, at, form, is_evening=is_evening) for code in codes}
        shown = tuple((code, instrument(code, value)) for code, value in true.items())
        first = codes[0]
        slip = SLIPS.get(first)
        wrong: int | None = None
        if random.random() < IMPOSSIBLE[first].chance:
            wrong = round(IMPOSSIBLE[first].value * 10)
        elif slip is not None and random.random() < slip.chance:
            wrong = instrument(first, true[first] + random.uniform(slip.least, slip.most))
        if wrong is None:
            return [shown]
        mistaken = ((first, wrong), *shown[1:])
        return [mistaken, shown] if random.random() < _MEASURES_AGAIN else [mistaken]

    def _true(self, random: Random, code: str, at: Instant, form: float, *, is_evening: bool) -> float:
        body = self._body
        well = body.value(code, at, form if code != "spo2" else -form, is_evening, random)
        return well + body.change(code, at, self._story.deterioration)

    def _note(
        self, found: list[Measured], values: tuple[tuple[str, int], ...], at: Instant, received: Instant
    ) -> None:
        message = f"SIM{self._seed}-{self._person.n:05d}-{at // 1000}-{values[0][0]}"
        found.append(Measured(values, at // 1000 * 1000, received, message))
        chance = crc32(message.encode())  # no dice: they would fall otherwise for all that comes after
        if chance % 1000 < _DELIVERED_TWICE:
            again = received + 5_000 + chance % 3_600_000
            found.append(Measured(values, at // 1000 * 1000, again, message))


def local_date(at: Instant) -> date:
    """The date in Norway at an instant."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(OSLO).date()


def local_instant(day: date, minute: int) -> Instant:
    """The instant at which so many minutes have passed of a local date."""
    hour, minutes = divmod(min(minute, 24 * 60 - 20), 60)
    local = datetime(day.year, day.month, day.day, hour, minutes, tzinfo=OSLO)
    return int(local.timestamp()) * 1000


def _minutes_in(programme: Programme, code: str) -> int:
    if code == "pulse" and programme != "copd":
        return _PULSE_WITH_CUFF
    return _MINUTES_IN.get(code, 0)


def baseline_weeks(diary: Diary, start: Instant, days: int) -> list[Measured]:
    """The first readings, from before the simulation begins, which the person's limits are taken from."""
    return list(diary.between(start - days * DAY, start))
