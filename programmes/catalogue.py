"""The templates that come with the program, and how any is loaded: read, then tried out on the engine."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from importlib.resources import files

from programmes.basis import Basis
from programmes.propose import plan_for
from programmes.reading import parse_template
from programmes.template import Measure, Template, TemplateError
from threshold_engine.errors import PlanError
from threshold_engine.measures import plausible_range
from threshold_engine.numbers import unscaled
from threshold_engine.plans import read_plan

_RULE = re.compile(r"^versions\[0\]\.rules\[(\d+)\]")


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
    """A template from the text of a TOML file, its rules tried out on the engine. Raises TemplateError."""
    template = parse_template(name, text)
    plan, _ = plan_for(template, {m.code: _somebody(m) for m in template.measures}, "trial", 0)
    try:
        read_plan(plan)
    except PlanError as error:
        path = _RULE.sub(r"rule[\1]", error.path)
        raise TemplateError(name, path, f"the engine refuses it: {error.why}") from error
    return template


def _somebody(measure: Measure) -> Basis:
    """The basis of a person in the middle of what is plausible, so that every rule has its limits."""
    lowest, highest = plausible_range(measure.code) or (0, 0)
    middle = unscaled((lowest + highest) // 2) or Decimal(1)
    return Basis(measure.code, 14, 14, middle, middle, measure.floor)
