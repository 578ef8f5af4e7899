"""`triage report alarms`: how many alarms there are, of what sort, and which sources give most of them.

The yardsticks are those of the process industry (ISA-18.2, EEMUA 191), since there are no others: about 6 an
hour for one operator is fine, more than 10 in 10 minutes is a flood, one that stands for over 24 hours is
stale, and the ten worst sources should give less than 5 % of all.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from threshold_engine.numbers import ONE
from triage_tui.reports.handover import about
from triage_tui.reports.report import Column, Report, Section, cell
from triage_tui.wording import _, clean
from triage_tui.wording.bands import band_word
from triage_tui.wording.dates import local_day
from triage_tui.wording.numbers import number
from triage_tui.wording.people import who
from work_items import DAY, HOUR, MINUTE, Band

if TYPE_CHECKING:
    from local_store.shift_view import ShiftView
    from threshold_engine.model import Instant
    from work_items import Item

FLOOD: Final = 10
"""More than so many within ten minutes."""
WORST: Final = 10
"""So many sources are named."""


def alarms(view: ShiftView, centre: str) -> Report:
    """The load of alarms in the stretch."""
    raised = view.raised
    return Report(
        name="alarms",
        title=_("Alarm load"),
        about=about(view, centre),
        made=view.now,
        start=view.start,
        end=view.end,
        sections=(_load(view, raised), _bands(raised), _days(raised), _rules(raised), _sources(view, raised)),
        patients=tuple(patient for patient, _n in _worst(raised)),
    )


def number_columns() -> tuple[Column, ...]:
    """What a section of numbers has."""
    return (Column("number", _("number")), Column("words", _("what")), Column("value", _("value")))


def percent(part: int, whole: int) -> float | None:
    """A share in per cent with one decimal; none of nothing."""
    return round(100 * part / whole, 1) if whole else None


def shown(value: float | None, unit: str = "") -> str:
    """`12,5 %`, by the language's decimal sign; `–` where there is nothing to say."""
    if value is None:
        return "–"
    return f"{number(round(value * ONE))} {unit}".rstrip()


def _load(view: ShiftView, raised: list[Item]) -> Section:
    days = max(1, -(-(view.end - view.start) // DAY))
    at = [item.raised for item in raised]
    stale = sum(item.state.is_open and item.stands and view.now - item.raised > DAY for item in view.items)
    worst = sum(n for _patient, n in _worst(raised))
    told = [
        ("alarms", _("alarms"), len(raised), ""),
        ("per-day", _("a day"), round(len(raised) / days, 1), ""),
        ("busiest-hour", _("in the busiest hour"), _most_within(at, HOUR), ""),
        ("busiest-ten-minutes", _("in the busiest ten minutes"), _most_within(at, 10 * MINUTE), ""),
        ("floods", _("floods: more than {n} in ten minutes").format(n=FLOOD), _floods(at), ""),
        ("stale", _("stale: stand for over 24 hours"), stale, ""),
        (
            "worst-share",
            _("from the {n} patients with most").format(n=WORST),
            percent(worst, len(raised)),
            "%",
        ),
    ]
    rows = [(cell(key, ""), cell(words), cell(value, shown(value, unit))) for key, words, value, unit in told]
    return Section("load", _("Load"), number_columns(), rows, "")


def _bands(raised: list[Item]) -> Section:
    rows = []
    for band in reversed(Band):
        n = sum(item.band is band for item in raised)
        share = percent(n, len(raised))
        rows.append((cell(band.word, band_word(band)), cell(n), cell(share, shown(share, "%"))))
    columns = (Column("band", _("band")), Column("alarms", _("alarms")), Column("percent", _("share")))
    return Section("bands", _("By band"), columns, rows, "")


def _days(raised: list[Item]) -> Section:
    of_day = Counter(local_day(item.raised).isoformat() for item in raised)
    rows = [(cell(day), cell(n)) for day, n in sorted(of_day.items())]
    return Section(
        "days", _("By day"), (Column("day", _("day")), Column("alarms", _("alarms"))), rows, _("None.")
    )


def _rules(raised: list[Item]) -> Section:
    """The rules with most alarms, and how many of theirs were called false or went by themselves."""
    of_rule: dict[str, list[Item]] = {}
    for item in raised:
        of_rule.setdefault(item.rule or item.code.value, []).append(item)
    worst = sorted(of_rule.items(), key=lambda one: (-len(one[1]), one[0]))[:WORST]
    rows = []
    for rule, items in worst:
        false, alone = (
            sum(i.outcome == outcome for i in items) for outcome in ("false-alarm", "self-resolved")
        )
        rows.append(
            (
                cell(rule, clean(rule)),
                cell(len(items)),
                cell(false, _("{n} false").format(n=false) if false else ""),
                cell(alone, _("{n} by themselves").format(n=alone) if alone else ""),
            )
        )
    columns = (
        Column("rule", _("rule")),
        Column("alarms", _("alarms")),
        Column("false_alarm", _("false")),
        Column("self_resolved", _("by themselves")),
    )
    return Section("rules", _("Rules with most alarms"), columns, rows, _("None."))


def _sources(view: ShiftView, raised: list[Item]) -> Section:
    rows = []
    for patient, n in _worst(raised):
        person = view.person(patient)
        share = percent(n, len(raised))
        name = who(person.name, person.birth_date, person.national_id, view.now)
        rows.append((cell(patient, ""), cell(person.name, name), cell(n), cell(share, shown(share, "%"))))
    columns = (
        Column("patient", _("id")),
        Column("name", _("patient")),
        Column("alarms", _("alarms")),
        Column("percent", _("share")),
    )
    return Section("patients", _("Patients with most alarms"), columns, rows, _("None."))


def _worst(raised: list[Item]) -> list[tuple[str, int]]:
    of_patient = Counter(item.patient for item in raised)
    return sorted(of_patient.items(), key=lambda one: (-one[1], one[0]))[:WORST]


def _most_within(at: list[Instant], span: int) -> int:
    """The most that came within any stretch of so many ms; `at` is sorted."""
    most = first = 0
    for last, instant in enumerate(at):
        while at[first] <= instant - span:
            first += 1
        most = max(most, last - first + 1)
    return most


def _floods(at: list[Instant]) -> int:
    """How many stretches of ten minutes that don't overlap hold more than ten."""
    floods = first = 0
    for last, instant in enumerate(at):
        while at[first] <= instant - 10 * MINUTE:
            first += 1
        if last - first + 1 > FLOOD:
            floods += 1
            first = last + 1 if last + 1 < len(at) else last
    return floods
