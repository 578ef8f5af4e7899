"""Which report is meant, and of which time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from triage_tui.reports.alarms import alarms
from triage_tui.reports.handover import handover
from triage_tui.reports.indicators import indicators
from work_items import DAY

if TYPE_CHECKING:
    from local_store import Store
    from local_store.views import Nurse
    from threshold_engine.model import Instant
    from triage_tui.reports.report import Report
    from work_items import Centre

_DAYS: Final = 30
"""How far indicators and the load of alarms reach back."""
_OF_A_TIME: Final[Mapping[str, Callable[..., Report]]] = {"indicators": indicators, "alarms": alarms}
NAMES: Final = ("handover", *_OF_A_TIME)


def make_report(
    store: Store,
    name: str,
    now: Instant,
    centre: Centre,
    *,
    of: str,
    me: Nurse | None,
    start: Instant | None = None,
    end: Instant | None = None,
) -> Report:
    """A report by its name; without times the shift's, or the last 30 days. `of`: the centre's name.

    Whoever shows it writes `Report.patients` into the access log first.
    """
    begin = (
        start if start is not None else shift_began(now, centre) if name == "handover" else now - _DAYS * DAY
    )
    view = store.shift(begin, now if end is None else end, now, centre)
    return handover(view, me, of) if name == "handover" else _OF_A_TIME[name](view, of)


def shift_began(now: Instant, centre: Centre) -> Instant:
    """When the centre last opened."""
    begun = [one.start for one in centre.openings(centre.local_date(now)) if one.start <= now]
    return begun[0] if begun else centre.start_of_previous_opening_day(now)
