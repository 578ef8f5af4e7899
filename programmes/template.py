"""A programme's template, as read from its TOML file.

A template names the measures and forms of a programme with their schedule, the zones in the patient's
words, and the rules. A rule is written as the engine takes it, except that a limit may be a table that says
how it is found from the person's own first readings (`Derived`). Nothing here knows one programme from
another: a new one is a new file in `templates/`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TypeVar

from threshold_engine.instants import parse_duration

COLOURS = ("green", "yellow", "red")
LIMITS = ("yellow_below", "red_below", "yellow_above", "red_above")

_T = TypeVar("_T")


class TemplateError(ValueError):
    """A template can't be used. `str()` says which, where in it, and what to change."""

    def __init__(self, name: str, path: str, why: str) -> None:
        super().__init__(f"programme template {name}: {path}: {why}")
        self.name = name
        self.path = path


@dataclass(frozen=True, slots=True)
class Derived:
    """How a limit is found: median + `spreads` × spread, kept within `lowest` … `highest`."""

    spreads: Decimal
    lowest: Decimal
    highest: Decimal
    default: Decimal | None
    """The limit where there are too few own readings: wide, but never outside what is safe."""
    width: Decimal | None
    """Instead of `default`, where no number fits all (weight): so far from what few readings there are."""


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
    label: str
    every: str


@dataclass(frozen=True, slots=True)
class RuleTemplate:
    """A rule in the engine's members, its limits either numbers or `Derived`."""

    id: str
    fixed: Mapping[str, object]
    derived: Mapping[str, Derived]


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


def template_names() -> tuple[str, ...]:
    """Names of the templates that come with the program, sorted."""
    folder = files("programmes") / "templates"
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    )


@cache
def load_template(name: str) -> Template:
    """The template of that name. Raises TemplateError where there is none."""
    if name not in template_names():
        raise TemplateError(name, "name", f"unknown; there are {', '.join(template_names())}")
    text = (files("programmes") / "templates" / f"{name}.toml").read_text("utf-8")
    return read_template(name, text)


def read_template(name: str, text: str) -> Template:
    """A template from the text of a TOML file. Raises TemplateError."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(name, "file", f"is not TOML: {error}") from error
    return _Reader(name).template(raw)


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name

    def template(self, raw: Mapping[str, object]) -> Template:
        self._only(raw, "file", {"title", "baseline", "measure", "form", "zone", "rule"})
        baseline = self._get(raw, "file", "baseline", dict)
        measures = tuple(self._measure(m, f"measure[{i}]") for i, m in self._tables(raw, "measure"))
        zones = self._get(raw, "file", "zone", dict)
        self._only(zones, "zone", set(COLOURS))
        return Template(
            name=self._name,
            title=self._get(raw, "file", "title", str),
            baseline=self._duration(baseline, "baseline", "first"),
            baseline_days=self._get(baseline, "baseline", "days", int),
            measures=measures,
            forms=tuple(self._form(f, f"form[{i}]") for i, f in self._tables(raw, "form")),
            zones=tuple(self._zone(zones, colour) for colour in COLOURS),
            rules=tuple(
                self._rule(r, f"rule[{i}]", {m.code for m in measures}) for i, r in self._tables(raw, "rule")
            ),
        )

    def _measure(self, raw: Mapping[str, object], path: str) -> Measure:
        self._only(raw, path, {"code", "label", "every", "at", "floor", "ceiling", "step"})
        times = self._get(raw, path, "at", list)
        floor, ceiling = self._number(raw, path, "floor"), self._number(raw, path, "ceiling")
        if not 0 < floor <= ceiling:
            raise TemplateError(self._name, f"{path}.floor", "must be above 0 and not above the ceiling")
        return Measure(
            code=self._get(raw, path, "code", str),
            label=self._get(raw, path, "label", str),
            every=self._duration(raw, path, "every"),
            at=tuple(str(time) for time in times),
            floor=floor,
            ceiling=ceiling,
            step=self._number(raw, path, "step"),
        )

    def _form(self, raw: Mapping[str, object], path: str) -> Form:
        self._only(raw, path, {"questionnaire", "label", "every"})
        return Form(
            questionnaire=self._get(raw, path, "questionnaire", str),
            label=self._get(raw, path, "label", str),
            every=self._duration(raw, path, "every"),
        )

    def _zone(self, zones: Mapping[str, object], colour: str) -> Zone:
        raw = self._get(zones, "zone", colour, dict)
        path = f"zone.{colour}"
        self._only(raw, path, {"patient", "centre"})
        return Zone(colour, self._get(raw, path, "patient", str), self._get(raw, path, "centre", str))

    def _rule(self, raw: Mapping[str, object], path: str, measured: set[str]) -> RuleTemplate:
        derived = {
            limit: self._derived(raw[limit], f"{path}.{limit}")
            for limit in LIMITS
            if _is_table(raw.get(limit))
        }
        if derived and raw.get("code") not in measured:
            raise TemplateError(self._name, f"{path}.code", "a limit is derived from it: add it as a measure")
        fixed = {member: value for member, value in raw.items() if member not in derived}
        return RuleTemplate(self._get(raw, path, "id", str), fixed, derived)

    def _derived(self, raw: object, path: str) -> Derived:
        assert isinstance(raw, dict)  # noqa: S101 - chosen by _is_table
        self._only(raw, path, {"spreads", "lowest", "highest", "default", "width"})
        if ("default" in raw) == ("width" in raw):
            raise TemplateError(
                self._name, path, "give one of default and width, for people with few readings"
            )
        default = self._number(raw, path, "default") if "default" in raw else None
        width = self._number(raw, path, "width") if "width" in raw else None
        spreads, lowest, highest = (self._number(raw, path, m) for m in ("spreads", "lowest", "highest"))
        if not lowest <= (default if default is not None else lowest) <= highest:
            raise TemplateError(self._name, path, "default must be from lowest to highest")
        return Derived(spreads, lowest, highest, default, width)

    def _tables(self, raw: Mapping[str, object], member: str) -> list[tuple[int, Mapping[str, object]]]:
        tables = raw.get(member, [])
        if not isinstance(tables, list) or not all(_is_table(table) for table in tables):
            raise TemplateError(self._name, member, f"must be tables, [[{member}]]")
        return list(enumerate(tables))

    def _duration(self, raw: Mapping[str, object], path: str, member: str) -> str:
        text = self._get(raw, path, member, str)
        try:
            parse_duration(text)
        except ValueError as error:
            raise TemplateError(self._name, f"{path}.{member}", str(error)) from error
        return text

    def _number(self, raw: Mapping[str, object], path: str, member: str) -> Decimal:
        value = raw.get(member)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise TemplateError(self._name, f"{path}.{member}", "must be a number")
        return Decimal(value)

    def _get(self, raw: Mapping[str, object], path: str, member: str, kind: type[_T]) -> _T:
        value = raw.get(member)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise TemplateError(self._name, f"{path}.{member}", f"must be given, as {kind.__name__}")
        return value

    def _only(self, raw: Mapping[str, object], path: str, known: set[str]) -> None:
        unknown = sorted(set(raw) - known)
        if unknown:
            raise TemplateError(
                self._name, f"{path}.{unknown[0]}", "unknown: a mistyped limit is a lost alarm"
            )


def _is_table(value: object) -> bool:
    return isinstance(value, dict)
