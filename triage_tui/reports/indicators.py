"""`triage report indicators`: what a centre is asked for by those who pay for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_store.patients_view import ADHERENCE_DAYS
from triage_tui.reports.alarms import number_columns, percent, shown
from triage_tui.reports.handover import about
from triage_tui.reports.report import Column, Report, Section, cell
from triage_tui.wording import _
from triage_tui.wording.bands import band_word
from triage_tui.wording.dates import MINUTE
from triage_tui.wording.outcomes import outcome_word
from work_items import DAY, Band

if TYPE_CHECKING:
    from local_store.shift_view import ShiftView
    from work_items import Item


def indicators(view: ShiftView, centre: str) -> Report:
    """Patients, how they measure, how soon they are answered, what came of it. Names nobody."""
    return Report(
        name="indicators",
        title=_("Indicators"),
        about=about(view, centre),
        made=view.now,
        start=view.start,
        end=view.end,
        sections=(_people(view), _work(view), _in_time(view), _outcomes(view)),
        patients=(),
    )


def _people(view: ShiftView) -> Section:
    lines = view.patients.lines
    paused = sum(line.pause(view.now) is not None for line in lines)
    planless = sum(line.plan is None or line.plan.problem is not None for line in lines)
    following = [line for line in lines if line.pause(view.now) is None]
    most = [line for line in following if 2 * line.measured_days >= ADHERENCE_DAYS]
    silent = sum(line.measured_days == 0 for line in following)
    told = [
        ("patients", _("patients"), len(lines), ""),
        ("paused", _("paused"), paused, ""),
        ("planless", _("without exactly one valid plan"), planless, ""),
        (
            "adherence",
            _("measured on half of the last {n} days or more").format(n=ADHERENCE_DAYS),
            percent(len(most), len(following)),
            "%",
        ),
        ("silent", _("measured nothing in the last {n} days").format(n=ADHERENCE_DAYS), silent, ""),
    ]
    rows = [(cell(key, ""), cell(words), cell(value, shown(value, unit))) for key, words, value, unit in told]
    return Section("people", _("Patients"), number_columns(), rows, "")


def _work(view: ShiftView) -> Section:
    entries = [entry for of_patient in view.entries.values() for entry in of_patient]
    contacts = [entry for entry in entries if entry.kind == "contact" and entry.corrects is None]
    months = len(view.patients.lines) * (view.end - view.start) / (30 * DAY)
    per_month = round(len(view.raised) / months, 2) if months else None
    told = [
        ("alerts", _("alerts raised"), len(view.raised), ""),
        ("per-patient-month", _("alerts per patient and 30 days"), per_month, ""),
        ("contacts", _("contacts"), len(contacts), ""),
        (
            "reached",
            _("of these reached"),
            percent(sum(entry.reached is True for entry in contacts), len(contacts)),
            "%",
        ),
        ("escalations", _("escalations"), sum(entry.kind == "escalation" for entry in entries), ""),
    ]
    rows = [(cell(key, ""), cell(words), cell(value, shown(value, unit))) for key, words, value, unit in told]
    return Section("work", _("Work"), number_columns(), rows, "")


def _in_time(view: ShiftView) -> Section:
    """Of each band: how many were taken or closed by a nurse within respond-by, and after how long."""
    rows = []
    for band in reversed(Band):
        answered = [
            (item, at) for item in view.raised if item.band is band and (at := _answered(item)) is not None
        ]
        waited = sorted((at - item.raised) // MINUTE for item, at in answered)
        share = percent(sum(at <= item.respond_by for item, at in answered), len(answered))
        middle = waited[len(waited) // 2] if waited else None
        rows.append(
            (
                cell(band.word, band_word(band)),
                cell(len(answered), _("{n} answered").format(n=len(answered))),
                cell(share, _("in time {share}").format(share=shown(share, "%"))),
                cell(middle, _("middle one after {minutes}").format(minutes=shown(middle, "min"))),
            )
        )
    columns = (
        Column("band", _("band")),
        Column("answered", _("answered")),
        Column("in_time_percent", _("in time")),
        Column("median_minutes", _("middle one")),
    )
    return Section("in_time", _("Answered in time"), columns, rows, "")


def _answered(item: Item) -> int | None:
    """When a nurse took it or closed it, as far as the cache knows; none where it went by itself."""
    if item.outcome == "self-resolved" or (not item.state.is_open and item.outcome is None):
        return None
    known = [at for at in (item.owned_since, item.closed_at) if at is not None and at >= item.raised]
    return min(known, default=None)


def _outcomes(view: ShiftView) -> Section:
    closed = [item.outcome for item in view.closed if item.outcome is not None]
    rows = []
    for outcome in sorted(set(closed), key=lambda one: (-closed.count(one), one)):
        n = closed.count(outcome)
        share = percent(n, len(closed))
        rows.append((cell(outcome, outcome_word(outcome)), cell(n), cell(share, shown(share, "%"))))
    columns = (Column("outcome", _("outcome")), Column("items", _("alerts")), Column("percent", _("share")))
    return Section("outcomes", _("How alerts ended"), columns, rows, _("None."))
