"""4: the plan: zones, measures and schedule, limits, versions side by side, approvals, pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from threshold_engine.model import Level
from triage_tui.chart.plan_words import (
    RuleInVersions,
    compared,
    pause_lines,
    plan_heading,
    proposal_lines,
    rule_lines,
    schedule_lines,
    version_lines,
)
from triage_tui.screens.patient.page import Page, Tab, prose
from triage_tui.widgets.marks import BOLD, DIM, LEVEL_STYLES, PLAIN, fit
from triage_tui.widgets.scroll_lines import ScrollLines
from triage_tui.widgets.text_lines import line, rule, wrap
from triage_tui.wording import _, clean
from triage_tui.wording.bands import level_sign, level_word
from triage_tui.wording.plan_problems import plan_problem

if TYPE_CHECKING:
    from local_store.views import PlanView
    from triage_tui.chart.views import PlanHistory

_LEVELS: Final = {"red": Level.RED, "yellow": Level.YELLOW, "green": Level.GREEN}


class PlanTab(Tab):
    """The self-treatment plan."""

    def __init__(self) -> None:
        super().__init__(id="plan", classes="tab")

    def compose(self) -> ComposeResult:
        """One text."""
        yield ScrollLines(id="plan-text")

    def to_focus(self) -> Widget | None:
        """The text scrolls."""
        return self.query_one("#plan-text")

    def show_page(self, page: Page) -> None:
        """The whole plan."""
        self.query_one("#plan-text", ScrollLines).show(lambda width: plan_strips(page, width))


def plan_strips(page: Page, width: int) -> list[Strip]:
    """The plan as lines of at most `width` cells."""
    plan, history, now = page.view.plan, page.chart.plans, page.now
    if plan is None:
        return [*prose([_("No valid plan.")], width, bold=True), *prose(proposal_lines(history), width)]
    strips = prose([plan_heading(plan)], width, bold=True)
    if plan.problem:
        strips += prose([plan_problem(plan.problem)], width, bold=True)
    strips += prose(proposal_lines(history), width, bold=True)
    pauses = pause_lines(history, now)
    strips += prose(pauses[:1], width, bold=True)
    strips += _zones(plan, width)
    for title, texts in (
        (_("measures and schedule"), schedule_lines(history, now)),
        (_("limits and rules in force"), rule_lines(history, now)),
        (_("versions"), version_lines(history, now)),
        (_("pauses"), pauses),
    ):
        strips += [rule(width, title), *prose(texts or [_("none")], width)]
    return strips + _side_by_side(history, width)


def _zones(plan: PlanView, width: int) -> list[Strip]:
    strips: list[Strip] = []
    for colour in ("red", "yellow", "green"):
        for zone in (zone for zone in plan.zones if zone.colour == colour):
            level = _LEVELS[colour]
            strips += [rule(width), line(f" {level_sign(level)} {level_word(level)}", LEVEL_STYLES[level])]
            told = [
                _("Patient: {text}").format(text=clean(zone.patient_does, multiline=True)),
                _("Centre: {text}").format(text=clean(zone.centre_does, multiline=True)),
            ]
            strips += prose(told, width)
    return strips or prose([_("The plan has no zones.")], width)


def _side_by_side(history: PlanHistory, width: int) -> list[Strip]:
    """The two newest versions, a rule a row; what differs comes first and is marked."""
    found = compared(history)
    if found is None:
        return []
    before, now, rows = found
    title = _("version {before} and version {now}").format(before=before.version, now=now.version)
    half = (width - 5) // 2
    return [rule(width, title), *(strip for row in rows for strip in _row(row, half))]


def _row(row: RuleInVersions, half: int) -> list[Strip]:
    left, right = wrap(row.before or "–", half), wrap(row.now or "–", half)
    height = max(len(left), len(right))
    left += [""] * (height - len(left))
    right += [""] * (height - len(right))
    mark = "≠" if row.changed else " "
    style = BOLD if row.changed else PLAIN
    return [
        Strip(
            [
                Segment(f" {mark if i == 0 else ' '} "),
                Segment(fit(one, half), style),
                Segment("│ ", DIM),
                Segment(fit(other, half), style),
            ]
        )
        for i, (one, other) in enumerate(zip(left, right, strict=True))
    ]
