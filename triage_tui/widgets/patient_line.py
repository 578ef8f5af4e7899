"""A line of the centre's list of patients: who, plan, newest reading, how often she measures, her pause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.segment import Segment
from textual.strip import Strip

from local_store.patients_view import ADHERENCE_DAYS, PatientLine, PatientsView
from triage_tui.widgets.marks import BOLD, DIM, PLAIN, fit, fit_right
from triage_tui.wording import N_, _, clean
from triage_tui.wording.dates import DAY, duration, when
from triage_tui.wording.pauses import pause_words
from triage_tui.wording.people import age, last_digits
from triage_tui.wording.plan_problems import plan_problem

if TYPE_CHECKING:
    from threshold_engine.model import Instant

_AGE: Final = 4
_NUMBER: Final = 5
_LAST: Final = 17
_DAYS: Final = 6
_SILENT: Final = 3 * DAY
"""A newest reading older than this is told with its age."""


@dataclass(frozen=True, slots=True)
class Order:
    """A way of ordering the list."""

    word: str
    """A msgid."""
    key: Callable[[PatientLine, Instant], Any]


ORDERS: Final = (
    Order(N_("name"), lambda line, _now: line.folded),
    Order(N_("longest without a reading"), lambda line, _now: (line.last_reading or 0, line.folded)),
    Order(N_("measures least"), lambda line, _now: (line.measured_days, line.folded)),
    Order(
        N_("plan trouble first"),
        lambda line, _now: (line.plan is not None and line.plan.problem is None, line.folded),
    ),
    Order(N_("paused first"), lambda line, now: (line.pause(now) is None, line.folded)),
)


def ordered(view: PatientsView, order: int, words: str) -> list[PatientLine]:
    """Those whose name has all of the words, in an order."""
    wanted = words.casefold().split()
    key = ORDERS[order].key
    found = [line for line in view.lines if all(word in line.folded for word in wanted)]
    return sorted(found, key=lambda line: key(line, view.now))


def _widths(width: int) -> tuple[int, int]:
    """Cells of name and plan; the rest is fixed."""
    rest = max(24, width - _AGE - _NUMBER - _LAST - _DAYS - 5)
    name = min(34, max(16, rest * 2 // 5))
    return name, rest - name


def columns_line(width: int) -> Strip:
    """The columns' names."""
    name, plan = _widths(width - 2)
    cells = [
        "  " + fit(_("patient"), name + 1 + _AGE + 1 + _NUMBER),
        fit(_("last reading"), _LAST),
        fit_right(_("days"), _DAYS),
        fit(_("plan"), plan),
    ]
    return Strip([Segment(" ".join(cells), DIM)])


def patient_strip(line: PatientLine, now: Instant, width: int) -> Strip:
    """The line for a width."""
    name, plan = _widths(width)
    person = line.person
    years = age(person.birth_date, now)
    words, odd = _plan(line, now)
    measured = f"{line.measured_days}/{ADHERENCE_DAYS}"
    first = " ".join(
        [
            fit(clean(person.name), name),
            fit_right("?" if years is None else str(years), _AGE),
            fit(last_digits(person.national_id), _NUMBER),
        ]
    )
    silent = line.last_reading is None or now - line.last_reading > _SILENT
    return Strip(
        [
            Segment(first + " "),
            Segment(fit(_last(line.last_reading, now), _LAST), BOLD if silent else PLAIN),
            Segment(" " + fit_right(measured, _DAYS) + " "),
            Segment(fit(words, plan), BOLD if odd else PLAIN),
        ]
    )


def _last(at: Instant | None, now: Instant) -> str:
    """When, or for how long nothing has come."""
    if at is None:
        return _("no readings")
    if now - at > _SILENT:
        return _("{duration} ago").format(duration=duration((now - at) // DAY * DAY))
    return when(at, now)


def _plan(line: PatientLine, now: Instant) -> tuple[str, bool]:
    """The plan's state in words, and whether it is out of the usual."""
    plan = line.plan
    if plan is None:
        return _("no valid plan"), True
    if plan.problem:
        return plan_problem(plan.problem), True
    pause = line.pause(now)
    if pause is not None:
        return pause_words(pause, now), True
    return f"{clean(plan.title)} v{plan.version if plan.version is not None else '?'}", False
