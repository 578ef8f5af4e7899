"""The trend's twin for those who read rather than look: a line a day, the newest first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from textual.strip import Strip

from triage_tui.chart.reading_words import beyond_words, in_force, odd_word, passed
from triage_tui.widgets.marks import BOLD, DIM, PLAIN, fit, fit_right
from triage_tui.widgets.text_lines import line
from triage_tui.wording import _
from triage_tui.wording.dates import clock_time, full_date, local_day, weekday
from triage_tui.wording.limits import limit_words
from triage_tui.wording.measures import measure, plain_value, short_name
from triage_tui.wording.numbers import number, rounded

if TYPE_CHECKING:
    from triage_tui.widgets.trend_data import Day, Trend


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
    for odd in trend.odd:
        told = f"{plain_value(trend.code, odd.value)} {clock_time(odd.at)} {odd_word(odd.why)}"
        marked.setdefault(local_day(odd.at), []).append(told)
    limits = _changes(trend)
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
        notes = "; ".join([*_beyond(trend, day), *marked.get(when, ())])
        strips += [line(fit(f" {told}", width), DIM) for told in limits.get(when, ())]
        strips.append(line(fit(f" {text}  {notes}", width), BOLD if notes else PLAIN))
    return strips


def _changes(trend: Trend) -> dict[date, list[str]]:
    """Day → the limits that stand over it: today's, and those that were in force up to a change."""
    told: dict[date, list[str]] = {}
    for span in trend.limits:
        ended = trend.last if span.end is None else local_day(span.end - 1)
        if ended < trend.first or local_day(span.start) > trend.last:
            continue
        words = limit_words(trend.code, span)
        since = _("limits from {day}: {limits}").format(day=full_date(local_day(span.start)), limits=words)
        told.setdefault(min(ended, trend.last), []).append(since)
    return told


def _beyond(trend: Trend, day: Day | None) -> list[str]:
    """`under 88, rød`: the worst limit that the day's least or greatest value was beyond."""
    if day is None:
        return []
    noon = next((point.at for point in trend.points if local_day(point.at) == day.day), None)
    span = None if noon is None else in_force(trend.limits, noon)
    worst = [found for value in (day.low, day.high) if span and (found := passed(value, span))]
    return [beyond_words(trend.code, found) for found in worst[:1]]
