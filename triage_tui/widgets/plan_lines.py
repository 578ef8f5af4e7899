"""The plan as text: what each zone means for this person, who approved it, the limits in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.strip import Strip

from threshold_engine.model import Instant, Level
from triage_tui.widgets.marks import BOLD, LEVEL_STYLES
from triage_tui.widgets.text_lines import line, rule, wrap
from triage_tui.wording import _, clean
from triage_tui.wording.bands import level_in_sentence, level_sign, level_word
from triage_tui.wording.dates import full_date, local_day
from triage_tui.wording.measures import long_name, measure, with_unit
from triage_tui.wording.numbers import number
from triage_tui.wording.plan_problems import plan_problem

if TYPE_CHECKING:
    from local_store.views import LimitSpan, PatientView, PlanView

_LEVELS: Final = {"red": Level.RED, "yellow": Level.YELLOW, "green": Level.GREEN}


def _approved(plan: PlanView) -> str:
    version = "?" if plan.version is None else plan.version
    parts = [clean(plan.title), _("version {version}").format(version=version)]
    if plan.approved_by:
        words = _("approved by {name}").format(name=clean(plan.approved_by))
        if plan.approved_at is not None:
            words += f" {full_date(local_day(plan.approved_at))}"
        parts.append(words)
    else:
        parts.append(_("not approved by the GP"))
    return " · ".join(parts)


def limit_words(code: str, span: LimitSpan) -> str:
    """`gul under 92, rød under 88`."""
    told = [
        (span.yellow_below, Level.YELLOW, _("{colour} under {limit}")),
        (span.red_below, Level.RED, _("{colour} under {limit}")),
        (span.yellow_above, Level.YELLOW, _("{colour} over {limit}")),
        (span.red_above, Level.RED, _("{colour} over {limit}")),
    ]
    return ", ".join(
        words.format(
            colour=level_in_sentence(level),
            limit=with_unit(code, number(value, min(1, measure(code).decimals))),
        )
        for value, level, words in told
        if value is not None
    )


def plan_lines(view: PatientView, width: int, now: Instant) -> list[Strip]:
    """The whole plan."""
    plan = view.plan
    if plan is None:
        return [line(" " + _("No valid plan."), BOLD)]
    strips = [line(f" {text}", BOLD) for text in wrap(_approved(plan), width - 2)]
    if plan.problem:
        strips += [line(f" {text}", BOLD) for text in wrap(plan_problem(plan.problem), width - 2)]
    for colour in ("red", "yellow", "green"):
        for zone in (zone for zone in plan.zones if zone.colour == colour):
            level = _LEVELS[colour]
            strips += [rule(width), line(f" {level_sign(level)} {level_word(level)}", LEVEL_STYLES[level])]
            for words in (
                _("Patient: {text}").format(text=clean(zone.patient_does, multiline=True)),
                _("Centre: {text}").format(text=clean(zone.centre_does, multiline=True)),
            ):
                strips += [line(f" {text}") for text in wrap(words, width - 2, "  ")]
    strips.append(rule(width, _("limits in force")))
    in_force = {
        code: span
        for code, spans in view.limits.items()
        for span in spans
        if span.start <= now and (span.end is None or now < span.end)
    }
    for code, span in in_force.items():
        told = _("{measure}: {limits}").format(measure=long_name(code), limits=limit_words(code, span))
        strips += [line(f" {text}") for text in wrap(told, width - 2, "  ")]
    return strips if in_force else [*strips, line(" " + _("No simple limits."))]
