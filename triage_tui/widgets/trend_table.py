"""The trend's twin for those who read rather than look: a line a day, the newest first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from textual.strip import Strip

from triage_tui.widgets.marks import BOLD, DIM, PLAIN, fit, fit_right
from triage_tui.widgets.text_lines import line
from triage_tui.wording import _
from triage_tui.wording.dates import clock_time, full_date, local_day, weekday
from triage_tui.wording.measures import measure, plain_value, short_name
from triage_tui.wording.numbers import number, rounded

if TYPE_CHECKING:
    from triage_tui.widgets.trend_data import Trend


def table_lines(trend: Trend, width: int) -> list[Strip]:
    """Head and rows: day, least, median, greatest, how many, what is marked; a day without has dashes."""
    unit = measure(trend.code).axis_unit
    name = f"{short_name(trend.code)} {unit}".strip()
    head = fit(name, 22) + "".join(
        fit_right(words, 10) for words in (_("lowest"), _("median"), _("highest"), _("readings"))
    )
    strips = [line(fit(" " + head + "  " + _("marked"), width), DIM)]
    decimals = measure(trend.code).decimals
    days = {day.day: day for day in trend.days}
    marked: dict[date, list[str]] = {}
    words = {"implausible": _("implausible"), "corrected": _("corrected"), "in-error": _("wrong, not used")}
    for odd in trend.odd:
        told = f"{plain_value(trend.code, odd.value)} {clock_time(odd.at)} {words[odd.why]}"
        marked.setdefault(local_day(odd.at), []).append(told)
    earliest = min(days.keys() | marked.keys(), default=trend.last)
    for back in range((trend.last - earliest).days + 1):
        when = trend.last - timedelta(days=back)
        day = days.get(when)
        cells = ["–", "–", "–", "0"]
        if day is not None:
            cells = [
                number(day.low, decimals),
                rounded(day.middle, decimals + 1),
                number(day.high, decimals),
                str(day.count),
            ]
        text = fit(f"{weekday(when)} {full_date(when)}", 22) + "".join(fit_right(cell, 10) for cell in cells)
        notes = "; ".join(marked.get(when, ()))
        strips.append(line(fit(f" {text}  {notes}", width), BOLD if notes else PLAIN))
    return strips
