"""Made-up people: who they are, where they live, what they are followed up for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from followup_server.simulator import names
from followup_server.simulator.identity import dice
from followup_server.simulator.national_id import Sex, synthetic

Programme = Literal["copd", "heart_failure", "hypertension", "diabetes", "wrist_fracture", "mental_health"]
Standing = Literal["lives-alone", "oxygen", "interpreter"]

_YEAR = 2026
"""Ages are counted from here, so that a person is the same whenever the simulation ends."""

_AGES: dict[Programme, tuple[int, int]] = {
    "copd": (56, 86),
    "heart_failure": (60, 92),
    "hypertension": (42, 82),
    "diabetes": (38, 80),
    "wrist_fracture": (45, 88),
    "mental_health": (19, 70),
}
_SHARES: dict[Programme, int] = {"copd": 32, "heart_failure": 28, "hypertension": 22, "diabetes": 18}
_FORMS_ONLY: dict[Programme, float] = {"wrist_fracture": 0.05, "mental_health": 0.03}
"""Shares of those who measure nothing and answer forms."""
_RELATIONS = ("datter", "sønn", "ektefelle", "søster", "bror", "nabo")
_LANGUAGES = (("se", "nordsamisk"), ("fkv", "kvensk"), ("uk", "ukrainsk"))


@dataclass(frozen=True, slots=True)
class NextOfKin:
    """Whom to ring when the patient doesn't answer."""

    given: str
    family: str
    relation: str
    phone: str


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up patient."""

    n: int
    """From 1; the number in the ids of what is theirs."""
    given: str
    family: str
    sex: Sex
    birth_date: date
    national_number: str
    street: str
    place: names.Place
    phone: str
    kin: NextOfKin
    gp: int
    """Number of the GP, from 1."""
    programme: Programme
    warnings: tuple[Standing, ...]
    language: tuple[str, str]
    """BCP 47 code and name in Norwegian."""


def people(seed: int, patients: int) -> list[Person]:
    """The first so many people of a seed: the first 80 are the same people among 200."""
    taken: set[str] = set()
    return [_person(seed, n, taken) for n in range(1, patients + 1)]


def _person(seed: int, n: int, taken: set[str]) -> Person:
    random = dice(seed, "person", n)
    programme = random.choices(list(_SHARES), weights=list(_SHARES.values()))[0]
    programme = _forms_only(dice(seed, "forms-only", n)) or programme
    sex: Sex = random.choice(("female", "male"))
    is_sami = random.random() < 0.25
    given, family = _name(random, sex, is_sami=is_sami)
    birth_date = _birth_date(random, programme)
    place = random.choice(names.PLACES)
    warnings = _warnings(random, programme)
    return Person(
        n=n,
        given=given,
        family=family,
        sex=sex,
        birth_date=birth_date,
        national_number=_number(random, birth_date, sex, taken),
        street=f"{random.choice(names.STREETS)} {random.randint(1, 140)}",
        place=place,
        phone=_phone(2 * n),
        kin=_kin(random, n, family, is_sami=is_sami),
        gp=place.surgery * names.GPS_PER_SURGERY + random.randint(1, names.GPS_PER_SURGERY),
        programme=programme,
        warnings=warnings,
        language=_language(random, is_sami=is_sami, needs_interpreter="interpreter" in warnings),
    )


def _forms_only(random: Random) -> Programme | None:
    place = random.random()
    for programme, share in _FORMS_ONLY.items():
        if place < share:
            return programme
        place -= share
    return None


def _name(random: Random, sex: Sex, *, is_sami: bool) -> tuple[str, str]:
    women, men = (names.SAMI_WOMEN, names.SAMI_MEN) if is_sami else (names.WOMEN, names.MEN)
    given = random.choice(women if sex == "female" else men)
    return given, random.choice(names.SAMI_SURNAMES if is_sami else names.SURNAMES)


def _birth_date(random: Random, programme: Programme) -> date:
    youngest, oldest = _AGES[programme]
    first = date(_YEAR - oldest, 1, 1)
    return first + timedelta(days=random.randrange((oldest - youngest) * 365))


def _number(random: Random, birth_date: date, sex: Sex, taken: set[str]) -> str:
    start = random.randrange(1000)
    number = synthetic(birth_date, sex, start)
    while number in taken:
        start += 1
        number = synthetic(birth_date, sex, start)
    taken.add(number)
    return number


def _phone(n: int) -> str:
    """No Norwegian subscriber's number of eight digits begins with 0: nobody can be rung by mistake."""
    return f"+47 000 {n // 1000 % 100:02d} {n % 1000:03d}"


def _kin(random: Random, n: int, family: str, *, is_sami: bool) -> NextOfKin:
    relation = random.choice(_RELATIONS)
    sex: Sex = "female" if relation in ("datter", "søster") else "male"
    if relation in ("ektefelle", "nabo"):
        sex = random.choice(("female", "male"))
    given, other = _name(random, sex, is_sami=is_sami)
    return NextOfKin(given, other if relation == "nabo" else family, relation, _phone(2 * n + 1))


def _warnings(random: Random, programme: Programme) -> tuple[Standing, ...]:
    found: list[Standing] = []
    if random.random() < 0.38:
        found.append("lives-alone")
    if programme == "copd" and random.random() < 0.3:
        found.append("oxygen")
    if random.random() < 0.05:
        found.append("interpreter")
    return tuple(found)


def _language(random: Random, *, is_sami: bool, needs_interpreter: bool) -> tuple[str, str]:
    if needs_interpreter:
        return _LANGUAGES[0] if is_sami else random.choice(_LANGUAGES[1:])
    return ("se", "nordsamisk") if is_sami and random.random() < 0.5 else ("nb", "norsk bokmål")
