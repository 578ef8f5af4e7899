"""What a made-up patient sends beside measurements: answered forms, messages, pictures.

Every day of a person has random numbers of its own, as in the diary of measurements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final, TypeAlias

from fhir_r4 import communications
from fhir_r4.raw import Raw, uuid_identifier
from followup_server.simulator import pictures, questionnaires
from followup_server.simulator.identity import dice, logical_id
from followup_server.simulator.measurements import local_date, local_instant
from followup_server.simulator.people import Person, Programme
from followup_server.simulator.questionnaires import Answer, FormName
from followup_server.simulator.stories import DAY, HOUR, Story
from threshold_engine.model import Instant

_WEEKLY: Final[dict[Programme, FormName]] = {
    "copd": "copd-daily",
    "heart_failure": "heart-failure-daily",
    "mental_health": "phq-9",
}
_SYMPTOMS: Final = ("copd-daily", "heart-failure-daily")
_FEELS_ILL: Final = 0.35
_ANSWERS: Final = 0.92
_WRITES: Final = 0.006
_HAS_WOUND: Final = 0.15
_PICTURE_EVERY: Final = 4
_WISH_FROM, _NO_ANSWER_FROM = 0.63, 0.95
_TEXTS: Final[dict[Programme, tuple[str, ...]]] = {
    "copd": (
        "Hei, jeg har begynt på prednisolon. Skal jeg fortsette med inhalasjonene som før?",
        "Klemmen på fingermåleren er løs. Kan jeg få en ny?",
        "Jeg er litt tettere enn vanlig, men har ikke feber.",
    ),
    "heart_failure": (
        "Skal jeg ta en ekstra vanndrivende når vekten går opp?",
        "Jeg blir svimmel når jeg reiser meg om morgenen.",
        "Jeg er bortreist i helga og får ikke veid meg.",
    ),
    "hypertension": (
        "Blodtrykket er høyt hos legen, men fint hjemme. Hva skal jeg tro på?",
        "Mansjetten virker ikke lenger, den slipper ut luft.",
    ),
    "diabetes": (
        "Jeg har hatt flere netter med lavt blodsukker. Skal jeg endre dosen?",
        "Når kommer nye teststrimler?",
    ),
    "wrist_fracture": ("Er det vanlig at hånda er stiv etter at gipsen er tatt av?",),
    "mental_health": ("Timen hos behandler er flyttet. Får jeg svare på skjemaet en dag senere?",),
}
_WITH_PICTURE: Final = "Sender et bilde av såret, slik vi avtalte."


@dataclass(frozen=True, slots=True)
class Filled:
    """An answered form."""

    form: FormName
    answers: tuple[tuple[str, Answer], ...]
    at: Instant
    received: Instant

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types of the resources that it gives."""
        score = ("Observation",) if self.form == "phq-9" else ()
        return ("QuestionnaireResponse", *score)

    def resources(self, seed: int, numbers: tuple[int, ...], patient: str) -> list[Raw]:
        """The answers, and the score where the form has one."""
        answers = dict(self.answers)
        found = [questionnaires.response(seed, numbers[0], patient, self.form, answers, self.at)]
        if self.form == "phq-9":
            points = sum(int(answer) for _, answer in self.answers)
            found.append(questionnaires.score(seed, numbers[1], numbers[0], patient, points, self.at))
        return found


@dataclass(frozen=True, slots=True)
class Wrote:
    """A message to the centre."""

    text: str
    at: Instant
    received: Instant

    kinds = ("Communication",)

    def resources(self, seed: int, numbers: tuple[int, ...], patient: str) -> list[Raw]:
        """The message."""
        logical = logical_id(seed, "Communication", numbers[0])
        raw = communications.message(
            logical, patient=patient, author=f"Patient/{patient}", at=self.at, text=self.text
        )
        return [{**raw, "id": logical, "identifier": [uuid_identifier(logical)]}]


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture of a wound."""

    size: float
    """0 is healed, 1 as large as it was."""
    at: Instant
    received: Instant

    kinds = ("Media",)

    def resources(self, seed: int, numbers: tuple[int, ...], patient: str) -> list[Raw]:
        """The picture, and what says what it is; both have the same number."""
        return pictures.media(seed, numbers[0], patient, self.size, self.at)


Sent: TypeAlias = Filled | Wrote | Pictured


class Letters:
    """What one person sends from day to day."""

    def __init__(self, seed: int, person: Person, story: Story) -> None:
        self._seed, self._person, self._story = seed, person, story
        random = dice(seed, "letters", person.n)
        self._weekday = random.randrange(7)
        self._has_wound = person.programme == "diabetes" and random.random() < _HAS_WOUND
        self._low = random.choice((0, 1, 1, 2))
        """How a person in low spirits usually answers."""

    def between(self, start: Instant, until: Instant) -> Iterator[Sent]:
        """What is sent with start < `at` ≤ until, whenever it was received; in order of `at`."""
        day, last = local_date(start), local_date(until)
        while day <= last:
            yield from (sent for sent in self.on(day) if start < sent.at <= until)
            day += timedelta(days=1)

    def on(self, day: date) -> list[Sent]:
        """Everything sent on a local date, in order of `at`."""
        random = dice(self._seed, "letter", self._person.n, day.toordinal())
        found: list[Sent] = []
        form = self._form(random, day)
        if form is not None:
            found.append(form)
        if random.random() < _WRITES:
            found.append(_wrote(random, day, random.choice(_TEXTS[self._person.programme])))
        if self._has_wound and day.toordinal() % _PICTURE_EVERY == self._person.n % _PICTURE_EVERY:
            found += self._picture(random, day)
        kept = [sent for sent in found if self._story.measures(sent.at)]
        return sorted(kept, key=lambda sent: (sent.at, sent.kinds))

    def _form(self, random: Random, day: date) -> Filled | None:
        form = _WEEKLY.get(self._person.programme)
        at = local_instant(day, 9 * 60 + random.randrange(180)) + random.randrange(60) * 1000
        severity = self._story.deterioration.severity(at) if self._story.deterioration else 0.0
        is_due = day.weekday() == self._weekday or severity > _FEELS_ILL
        if form is None or not is_due or random.random() > _ANSWERS:
            return None
        answers = _symptoms(random, form, severity) if form in _SYMPTOMS else self._spirits(random)
        return Filled(form, answers, at, at + random.randrange(2_000, 40_000))

    def _spirits(self, random: Random) -> tuple[tuple[str, Answer], ...]:
        points = [min(max(self._low + random.choice((-1, 0, 0, 0, 1)), 0), 3) for _ in range(8)]
        points.append(1 if random.random() < 0.03 else 0)
        return tuple((str(n), value) for n, value in enumerate(points, start=1))

    def _picture(self, random: Random, day: date) -> list[Sent]:
        size = max(0.1, 1 - (day.toordinal() % 60) / 60)
        at = local_instant(day, 10 * 60 + random.randrange(300))
        picture = Pictured(size, at, at + random.randrange(3_000, 90_000))
        with_words = day.toordinal() % (4 * _PICTURE_EVERY) < _PICTURE_EVERY
        return [picture, Wrote(_WITH_PICTURE, at + 60_000, at + 65_000)] if with_words else [picture]


def consultation_form(seed: int, person: Person, planned: Instant) -> Filled | None:
    """How the form four weeks after a fracture, under a plan from `planned` on, is answered, if it is.

    As published of such a programme: 63 % want no consultation, 32 % want one, 5 % don't answer.
    """
    random = dice(seed, "consultation", person.n)
    wish, waits = random.random(), random.expovariate(1 / 1.2)
    if wish >= _NO_ANSWER_FROM:
        return None
    at = planned + 28 * DAY + int(min(waits, 6) * DAY) // 1000 * 1000
    wants = wish >= _WISH_FROM
    answers: tuple[tuple[str, Answer], ...] = (
        ("wants-consultation", wants),
        ("fingers-blue-cold-numb", wants and random.random() < 0.08),
        ("pain-grows", wants and random.random() < 0.3),
        ("pain", random.randint(2, 7) if wants else random.randint(0, 3)),
    )
    return Filled("wrist-fracture", answers, at, at + 9_000)


def fracture_planned(seed: int, person: Person, until: Instant) -> Instant:
    """When the plan after a fracture came into force: some forms are just due, some long answered."""
    answers = dice(seed, "consultation", person.n).random() < _NO_ANSWER_FROM
    # Who doesn't answer was asked so long ago that it is missing by now.
    ago = dice(seed, "fracture", person.n).uniform(28.2 if answers else 35.3, 42)
    return (until - int(ago * DAY)) // HOUR * HOUR


def _symptoms(random: Random, form: FormName, severity: float) -> tuple[tuple[str, Answer], ...]:
    found: list[tuple[str, Answer]] = []
    for place, question in enumerate(questionnaires.FORMS[form].questions):
        # The first symptom comes first; the well have a bad day now and then.
        is_worse = severity > 0.4 + 0.15 * place and random.random() < 0.9
        is_worse = is_worse or random.random() < 0.02
        found.append((question.link, "worse" if is_worse else "as-usual"))
    return tuple(found)


def _wrote(random: Random, day: date, text: str) -> Wrote:
    at = local_instant(day, 8 * 60 + random.randrange(13 * 60)) + random.randrange(60) * 1000
    return Wrote(text, at, at + random.randrange(1_000, 20_000))
