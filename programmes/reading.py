"""A template read from the text of its TOML file, refused where anything in it is unknown or mistyped."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal

from programmes.template import (
    COLOURS,
    LIMITS,
    Derived,
    Distance,
    Form,
    Measure,
    RuleTemplate,
    Template,
    TemplateError,
    Term,
    Zone,
)
from programmes.toml_members import TomlMembers


def parse_template(name: str, text: str) -> Template:
    """A template from the text of a TOML file; the rules' own members are left to the engine to check.

    Raises TemplateError.
    """
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(name, "file", f"is not TOML: {error}") from error
    whole = TomlMembers(name, raw, "")
    whole.only({"title", "baseline", "measure", "form", "zone", "score", "rule"})
    baseline, zones = whole.table("baseline"), whole.table("zone")
    baseline.only({"first", "days"})
    zones.only(set(COLOURS))
    measures = tuple(map(_measure, whole.tables("measure")))
    codes = {measure.code for measure in measures}
    scores = _scores(whole, codes)
    return Template(
        name=name,
        title=whole.get("title", str),
        baseline=baseline.duration("first"),
        baseline_days=baseline.get("days", int),
        measures=measures,
        forms=tuple(map(_form, whole.tables("form"))),
        zones=tuple(_zone(zones, colour) for colour in COLOURS),
        rules=tuple(_rule(rule, codes, scores) for rule in whole.tables("rule")),
    )


def _measure(raw: TomlMembers) -> Measure:
    raw.only({"code", "label", "every", "at", "floor", "ceiling", "step"})
    floor, ceiling, step = (raw.number(member) for member in ("floor", "ceiling", "step"))
    if not 0 < floor <= ceiling:
        raise raw.refused("floor", "must be above 0 and not above the ceiling")
    if step <= 0:
        raise raw.refused("step", "must be above 0")
    return Measure(
        code=raw.get("code", str),
        label=raw.get("label", str),
        every=raw.duration("every"),
        at=tuple(str(time) for time in raw.get("at", list)),
        floor=floor,
        ceiling=ceiling,
        step=step,
    )


def _form(raw: TomlMembers) -> Form:
    raw.only({"questionnaire", "label", "every"})
    return Form(raw.get("questionnaire", str), raw.get("label", str), raw.duration("every"))


def _zone(zones: TomlMembers, colour: str) -> Zone:
    raw = zones.table(colour)
    raw.only({"patient", "centre"})
    return Zone(colour, raw.get("patient", str), raw.get("centre", str))


def _scores(whole: TomlMembers, measured: set[str]) -> dict[str, tuple[Term, ...]]:
    if "score" not in whole.raw:
        return {}
    raw = whole.table("score")
    return {name: tuple(_term(term, measured) for term in raw.tables(name)) for name in raw.raw}


def _term(raw: TomlMembers, measured: set[str]) -> Term:
    code = raw.get("code", str)
    distances: dict[str, tuple[Distance, ...]] = {}
    limits: dict[str, tuple[tuple[Derived, int], ...]] = {}
    for form in ("rise", "fall"):
        steps = raw.tables(form) if form in raw.raw else []
        if any("spreads" in step.raw for step in steps):
            distances[form] = tuple(map(_distance, steps))
    for form in ("below", "above"):
        steps = raw.tables(form) if form in raw.raw else []
        if any(isinstance(step.raw.get("at"), dict) for step in steps):
            limits[form] = tuple(map(_step, steps))
    found = {*distances, *limits}
    if found and code not in measured:
        raise raw.refused("code", "its steps are found from readings of it: add it as a measure")
    return Term(
        code, {name: value for name, value in raw.raw.items() if name not in found}, distances, limits
    )


def _step(raw: TomlMembers) -> tuple[Derived, int]:
    raw.only({"at", "points"})
    return _derived(raw.table("at")), raw.get("points", int)


def _distance(raw: TomlMembers) -> Distance:
    raw.only({"spreads", "points"})
    spreads = raw.number("spreads")
    if spreads <= 0:
        raise raw.refused("spreads", "must be above 0: rise and fall say which way")
    return Distance(spreads, raw.get("points", int))


def _rule(raw: TomlMembers, measured: set[str], scores: Mapping[str, tuple[Term, ...]]) -> RuleTemplate:
    derived = {limit: _derived(raw.table(limit)) for limit in LIMITS if isinstance(raw.raw.get(limit), dict)}
    if derived and raw.raw.get("code") not in measured:
        raise raw.refused("code", "a limit is derived from it: add it as a measure")
    fixed = {name: value for name, value in raw.raw.items() if name not in derived and name != "score"}
    terms: tuple[Term, ...] = ()
    if raw.raw.get("kind") == "points":
        score = raw.get("score", str)
        if score not in scores:
            raise raw.refused("score", f"unknown: write its terms as [[score.{score}]]")
        terms = scores[score]
    elif "score" in raw.raw:
        fixed["score"] = raw.raw["score"]
    return RuleTemplate(raw.get("id", str), fixed, derived, terms)


def _derived(raw: TomlMembers) -> Derived:
    raw.only({"spreads", "share", "lowest", "highest", "default", "width"})
    if ("spreads" in raw.raw) == ("share" in raw.raw):
        raise raw.refused(None, "give one of spreads and share: how the limit is found")
    few = [member for member in ("default", "width") if member in raw.raw]
    if len(few) != ("spreads" in raw.raw):
        raise raw.refused(
            None, "with spreads, give one of default and width, for people with few readings; with share none"
        )
    spreads, share, default, width = (
        raw.number(member) if member in raw.raw else None
        for member in ("spreads", "share", "default", "width")
    )
    lowest, highest = raw.number("lowest"), raw.number("highest")
    if not lowest <= (lowest if default is None else default) <= highest:
        raise raw.refused(None, "default must be from lowest to highest")
    return Derived(spreads, share, lowest, highest, default, width)
