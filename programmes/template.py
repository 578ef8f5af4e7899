"""What a programme's template says, as read from its TOML file (`reading.py`).

A template names the measures and forms of a programme with their schedule, the zones in the patient's
words, and the rules. A rule is written as the engine takes it, except that a limit may be a table that says
how it is found from the person's own first readings (`Derived`), and a step of points may be so many of the
person's own spreads (`Distance`). Nothing here knows one programme from another: a new one is a new file in
`templates/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

COLOURS = ("green", "yellow", "red")
LIMITS = ("yellow_below", "red_below", "yellow_above", "red_above")


class TemplateError(ValueError):
    """A template can't be used. `str()` says which, where in it, and what to change."""

    def __init__(self, name: str, path: str, why: str) -> None:
        super().__init__(f"programme template {name}: {path}: {why}")
        self.name = name
        self.path = path


@dataclass(frozen=True, slots=True)
class Derived:
    """How a limit is found: median + `spreads` × spread, or `share` × best, within `lowest` … `highest`."""

    spreads: Decimal | None
    share: Decimal | None
    """Of the person's best, such as 0.8 for peak flow; there is a limit as soon as there is a reading."""
    lowest: Decimal
    highest: Decimal
    default: Decimal | None
    """The limit where there are too few own readings: wide, but never outside what is safe."""
    width: Decimal | None
    """Instead of `default`, where no number fits all (weight): so far from what few readings there are.

    None where the limit is a share.
    """


@dataclass(frozen=True, slots=True)
class Distance:
    """How far from the usual a step of points lies: `spreads` × spread, and `points` from there on.

    Where there are too few own readings the measure's ceiling counts as the spread: wide and safe.
    """

    spreads: Decimal
    points: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured, how often, and how exact the instrument is."""

    code: str
    label: str
    every: str
    """ISO 8601 duration, as the engine reads it."""
    at: tuple[str, ...]
    """Times of day agreed with the patient, local, `HH:MM`."""
    floor: Decimal
    """Spread is never counted as less: the instrument's own noise, as a standard deviation."""
    ceiling: Decimal
    """Spread is never counted as more: a fall isn't harmless because the readings are unsteady."""
    step: Decimal
    """Limits are rounded to this, away from the median."""


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire that the programme sends out."""

    questionnaire: str
    """Canonical url; its last segment begins the codes of its answers, `<segment>/<linkId>`."""
    label: str
    every: str


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a score: the engine's members, its steps either the engine's or found for the person."""

    code: str
    fixed: Mapping[str, object]
    distances: Mapping[str, tuple[Distance, ...]]
    """`rise` or `fall` → its steps."""
    limits: Mapping[str, tuple[tuple[Derived, int], ...]]
    """`below` or `above` → its steps: a limit found from the first readings, and the points beyond it."""


@dataclass(frozen=True, slots=True)
class RuleTemplate:
    """A rule in the engine's members, its limits either numbers or `Derived`."""

    id: str
    fixed: Mapping[str, object]
    derived: Mapping[str, Derived]
    terms: tuple[Term, ...] = ()
    """Of the score that the rule names; several rules may judge one score."""


@dataclass(frozen=True, slots=True)
class Zone:
    """What a zone means: the patient's own words, and what the centre does."""

    colour: str
    patient: str
    centre: str


@dataclass(frozen=True, slots=True)
class Template:
    """A programme."""

    name: str
    title: str
    baseline: str
    """Duration from the first reading: readings after it don't shift the baseline."""
    baseline_days: int
    """Own limits need readings on at least so many days of it."""
    measures: tuple[Measure, ...]
    forms: tuple[Form, ...]
    zones: tuple[Zone, ...]
    """Green, yellow, red; `{rule.limit}` stands for the person's own limit."""
    rules: tuple[RuleTemplate, ...]

    def measure(self, code: str) -> Measure:
        """The measure of that engine code. Raises KeyError."""
        for measure in self.measures:
            if measure.code == code:
                return measure
        raise KeyError(code)
