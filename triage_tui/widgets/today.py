"""Today's values in a line or two: the newest of each measure, with its age where it isn't from today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threshold_engine.model import Instant
from triage_tui.chart.reading_words import beyond, oddity
from triage_tui.wording import _, clean
from triage_tui.wording.dates import local_day, on_day
from triage_tui.wording.measures import VITALS, in_sentence, short_name, value_with_unit

if TYPE_CHECKING:
    from local_store.views import PatientView, ReadingView


def today_values(view: PatientView, now: Instant) -> list[str]:
    """`SpO₂ 86 %↓`, `puls 112`, `vekt 80,5 kg (i går)`; vital signs in their usual order, then the rest."""
    newest: dict[str, ReadingView] = {}
    for reading in view.readings:
        if oddity(reading) in (None, "corrected"):
            newest.setdefault(reading.code, reading)
    order = [code for code in VITALS if code in newest] + sorted(newest.keys() - set(VITALS))
    told = []
    for code in order:
        reading = newest[code]
        comparator = clean(reading.comparator or "")
        text = f"{in_sentence(short_name(code))} {comparator}{value_with_unit(code, reading.value)}"
        passed = beyond(reading, view.limits.get(code, ()))
        text += passed.arrow if passed else ""
        if local_day(reading.effective) != local_day(now):
            text += f" ({on_day(reading.effective, now)})"
        told.append(text)
    return told or [_("no readings yet")]
