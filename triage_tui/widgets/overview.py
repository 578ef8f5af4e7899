"""The left half of the patient's overview: alerts, today's values, the plan's zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from threshold_engine.model import Instant, Level
from triage_tui.widgets.marks import BAND_STYLES, BOLD, PLAIN
from triage_tui.widgets.text_lines import cut, line, rule, wrap
from triage_tui.widgets.today import today_values
from triage_tui.wording import N_, _, clean, ngettext, reason
from triage_tui.wording.bands import band_sign
from triage_tui.wording.dates import deadline, when
from triage_tui.wording.freshness import unknown_words
from triage_tui.wording.news2 import news2_words
from triage_tui.wording.outcomes import outcome_word
from triage_tui.wording.plan_problems import plan_problem
from work_items.model import Band

if TYPE_CHECKING:
    from local_store.views import PatientView, PlanView
    from triage_tui.widgets.subject import Subject

_ZONES: Final = {Level.RED: "red", Level.YELLOW: "yellow", Level.GREEN: "green"}
_ZONE_TITLES: Final = {
    Level.RED: N_("the plan's red zone"),
    Level.YELLOW: N_("the plan's yellow zone"),
    Level.GREEN: N_("the plan's green zone"),
}


def alert_lines(
    subject: Subject, width: int, now: Instant, known_until: Instant | None = None
) -> list[Strip]:
    """Each open item: sign, reason, since when; a hidden or shelved one says until when.

    `known_until`: when the server was last asked.
    """
    strips: list[Strip] = []
    for item in subject.items:
        told = [
            reason(item, subject.because.get(item.task), now, known_until),
            _("from {when}").format(when=when(item.raised, now)),
        ]
        until = max(
            (at for at in (item.hidden_until, item.shelved_until) if at is not None and at > now),
            default=None,
        )
        if until is not None:
            told.append(_("shelved until {when}").format(when=when(until, now)))
        else:
            told.append(deadline(item.respond_by, now))
        if item.earlier_outcome:
            told.append(_("earlier: {outcome}").format(outcome=outcome_word(item.earlier_outcome)))
        wrapped = wrap("  ".join(told), max(10, width - 8))
        strips.append(
            Strip([Segment(f" {band_sign(item.band)} ", BAND_STYLES[item.band]), Segment(wrapped[0], BOLD)])
        )
        strips += [line(" " * 7 + text) for text in wrapped[1:]]
    return strips or [line(" " + _("Nothing is open."))]


def today_lines(view: PatientView, width: int, now: Instant) -> list[Strip]:
    """The newest values and the NEWS2 sum."""
    lines: list[str] = []
    current = ""
    for token in today_values(view, now):
        piece = f"{current}  {token}" if current else token
        if current and cell_len(piece) > width - 2:
            lines.append(current)
            piece = token
        current = piece
    lines.append(current)
    unknown = unknown_words(view.status.last_sync, now)
    if unknown:
        lines.append(unknown)
    if view.news2 is not None:
        summed = news2_words(view.news2.total, view.news2.known)
        lines.append(f"{summed}  {when(view.news2.at, now)}")
    return [line(f" {text}") for told in lines for text in wrap(told, width - 2, "  ")]


def zone_lines(plan: PlanView | None, level: Level, width: int) -> list[Strip]:
    """What the plan says for the zone that she is in."""
    if plan is None or plan.problem:
        return [
            line(f" {text}", BOLD)
            for text in wrap(plan_problem(plan.problem or "") if plan else _("No valid plan."), width - 2)
        ]
    for zone in plan.zones:
        if zone.colour == _ZONES[level]:
            said = [
                _("Patient: {text}").format(text=clean(zone.patient_does)),
                _("Centre: {text}").format(text=clean(zone.centre_does)),
            ]
            return [line(f" {text}") for part in said for text in wrap(part, width - 2, "  ")]
    return [line(" " + _("The plan says nothing for this zone."))]


def overview_lines(view: PatientView, subject: Subject, width: int, height: int, now: Instant) -> list[Strip]:
    """Alerts first and all of them; today's values and the zone share what's left."""
    alerts = alert_lines(subject, width, now, view.status.last_sync)
    today = today_lines(view, width, now)
    level = {Band.RED: Level.RED, Band.YELLOW: Level.YELLOW}.get(subject.band or Band.BLUE, Level.GREEN)
    zone = zone_lines(view.plan, level, width)
    for_alerts = max(3, height - 3 - min(len(today), 3) - min(len(zone), 3))
    if len(alerts) > for_alerts:
        hidden = len(alerts) - for_alerts + 1
        more = ngettext("{n} more line: see the timeline", "{n} more lines: see the timeline", hidden)
        alerts = [*alerts[: for_alerts - 1], line(" " + more.format(n=hidden), BOLD)]
    strips = [
        rule(width, _("alerts")),
        *alerts,
        rule(width, _("today")),
        *today,
        rule(width, _(_ZONE_TITLES[level])),
        *zone,
    ]
    return strips[:height] if len(strips) > height else strips


def recent_lines(told: list[str], width: int, height: int) -> list[Strip]:
    """The latest entries of the timeline."""
    lines = [text for entry in told for text in wrap(entry, width - 2, "  ")]
    shown = cut(lines, height - 1, width - 2) if lines else [_("Nothing has been done yet.")]
    return [rule(width, _("latest")), *[line(f" {text}", PLAIN) for text in shown]]
