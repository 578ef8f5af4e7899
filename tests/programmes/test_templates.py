"""The templates that come with the program, and the format that others are to be written in."""

from __future__ import annotations

import pytest

from programmes import TemplateError, load_template, propose, read_template, template_names
from threshold_engine import UNITS, read_plan

_MINIMAL = """
title = "Prøve"

[baseline]
first = "P28D"
days = 10

[zone.green]
patient = "Som vanlig."
centre = "Følger."

[zone.yellow]
patient = "Ring."
centre = "Ringer."

[zone.red]
patient = "Ring straks."
centre = "Ringer straks."
"""
_WOUND = """
[[form]]
questionnaire = "http://example.org/Questionnaire/wrist"
label = "Håndledd"
every = "P7D"

[[rule]]
id = "wants-consultation"
kind = "answer"
code = "wrist/consultation"
yellow = ["yes"]

[[rule]]
id = "no-answer"
kind = "missing"
codes = ["wrist/consultation"]
every = "P7D"
grace = "P2D"
"""
_SCORE = """
[[score.worse]]
code = "spo2"
fall = [{ spreads = 2, points = 1 }]
baseline = "P28D"

[[rule]]
id = "worse"
kind = "points"
score = "worse"
yellow_at = 1
"""
_DERIVED = """
[[rule]]
id = "low"
kind = "limit"
code = "spo2"
red_below = { spreads = -3, lowest = 1, highest = 2, default = 2 }
"""
_MEASURE = """
[[measure]]
code = "spo2"
label = "Oksygenmetning"
every = "P1D"
at = ["08:00"]
floor = 1
ceiling = 2
step = 1
"""


PHQ9_SUM = "loinc.org|44261-6"


def test_the_nine_programmes_are_there() -> None:
    assert template_names() == (
        "cancer",
        "copd",
        "diabetes",
        "heart_failure",
        "home_dialysis",
        "hypertension",
        "mental_health",
        "pregnancy",
        "wrist_fracture",
    )


@pytest.mark.parametrize("name", template_names())
def test_something_is_measured_or_asked(name: str) -> None:
    template = load_template(name)
    assert template.measures or template.forms
    assert {measure.code for measure in template.measures} <= {*UNITS, PHQ9_SUM}


@pytest.mark.parametrize("name", template_names())
def test_rules_watch_what_the_programme_measures_or_asks(name: str) -> None:
    template = load_template(name)
    forms = {form.questionnaire.rpartition("/")[2] for form in template.forms}
    rules = read_plan(propose(template, [], 0, patient="p1").plan).versions[0].rules
    for code in {code for rule in rules for code in rule.codes}:
        asked, _, _ = code.partition("/")
        assert asked in forms or code in {measure.code for measure in template.measures}


@pytest.mark.parametrize("name", template_names())
def test_every_zone_says_what_the_patient_and_the_centre_do(name: str) -> None:
    template = load_template(name)
    assert [zone.colour for zone in template.zones] == ["green", "yellow", "red"]
    assert all(zone.patient and zone.centre for zone in template.zones)
    assert "116 117" in template.zones[2].patient + template.zones[2].centre
    assert "113" in template.zones[2].patient


@pytest.mark.parametrize("name", template_names())
def test_every_programme_notices_silence(name: str) -> None:
    assert any(rule.fixed["kind"] == "missing" for rule in load_template(name).rules)


def test_a_programme_of_forms_only_can_be_written() -> None:
    template = read_template("wrist_fracture", _MINIMAL + _WOUND)
    assert template.forms[0].every == "P7D"
    assert [rule.id for rule in template.rules] == ["wants-consultation", "no-answer"]


def test_an_unknown_template_names_those_there_are() -> None:
    with pytest.raises(TemplateError, match=r"nonsense.*copd, diabetes"):
        load_template("nonsense")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("title = ", "file"),
        (_MINIMAL.replace("first", "frist"), "baseline.frist"),
        (_MINIMAL.replace('"P28D"', '"P1M"'), "baseline.first"),
        (_MINIMAL.replace("zone.red", "zone.purple"), "zone.purple"),
        (_MINIMAL + "[[rule]]\nkind = 'missing'\n", "rule[0].id"),
        (_MINIMAL + _MEASURE.replace("floor = 1", "floor = true"), "measure[0].floor"),
        (_MINIMAL + _MEASURE.replace("step", "stride"), "measure[0].stride"),
        (_MINIMAL + _MEASURE.replace("ceiling = 2", "ceiling = 0.5"), "measure[0].floor"),
        (_MINIMAL + _DERIVED, "rule[0].code"),
        (_MINIMAL + _MEASURE + _DERIVED.replace("default = 2", "default = 3"), "rule[0].red_below"),
        (_MINIMAL + _MEASURE + _DERIVED.replace(", default = 2", ""), "rule[0].red_below"),
        (_MINIMAL + _MEASURE + _DERIVED.replace("lowest", "lowset"), "rule[0].red_below.lowset"),
        (_MINIMAL + _MEASURE + _DERIVED.replace("spreads = -3", "share = 0.5"), "rule[0].red_below"),
        (_MINIMAL + _MEASURE + _DERIVED.replace("spreads = -3, ", ""), "rule[0].red_below"),
        ("rule = 3\n" + _MINIMAL, "rule"),
        (_MINIMAL + _SCORE, "score.worse[0].code"),
        (
            _MINIMAL + _MEASURE + _SCORE.replace("spreads = 2", "spreads = -2"),
            "score.worse[0].fall[0].spreads",
        ),
        (_MINIMAL + _MEASURE + _SCORE.replace('score = "worse"', 'score = "wrose"'), "rule[0].score"),
        (_MINIMAL + _MEASURE + _SCORE.replace("yellow_at", "yelow_at"), "rule[0].yelow_at"),
        (_MINIMAL + _MEASURE + _SCORE.replace("baseline =", "base ="), "rule[0].terms[0].base"),
        (_MINIMAL + _WOUND.replace('every = "P7D"\ngrace', 'every = "1 week"\ngrace'), "rule[1].every"),
    ],
)
def test_a_mistake_is_refused_with_its_place(text: str, path: str) -> None:
    with pytest.raises(TemplateError) as refused:
        read_template("trial", text)
    assert refused.value.path == path
