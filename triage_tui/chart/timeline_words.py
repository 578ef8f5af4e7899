"""The timeline in words: everything that was done and that happened, newest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from threshold_engine.model import Instant
from triage_tui.chart.reading_words import reading_name, reading_value
from triage_tui.wording import N_, _, clean, reason
from triage_tui.wording.dates import when
from triage_tui.wording.rules import rule_name
from triage_tui.wording.timeline import corrected_in, told

if TYPE_CHECKING:
    from local_store.views import PatientView, ReadingView, TimelineEntry
    from triage_tui.chart.views import Chart, EscalationState
    from work_items import Item

_STATES: Final = {
    "sent": N_("sent, no answer yet"),
    "received": N_("received, no answer yet"),
    "answered": N_("answered"),
    "refused": N_("refused"),
    "overdue": N_("not answered in time"),
    "completed": N_("finished"),
    "revoked": N_("called back"),
}


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """A line of the timeline, clean."""

    entry: TimelineEntry
    text: str


def timeline_lines(view: PatientView, chart: Chart, now: Instant) -> list[TimelineLine]:
    """All lines, newest first."""
    teller = _Teller(view, chart, now)
    entries = [_marked(entry, chart) for entry in view.timeline]
    entries.sort(key=lambda entry: -entry.at)  # stable: of one instant they stay as they are
    return [TimelineLine(entry, teller.told(entry)) for entry in entries]


def _marked(entry: TimelineEntry, chart: Chart) -> TimelineEntry:
    """A reading marked as wrong stands where somebody did so, if that is known; else where it was taken."""
    mark = chart.wrong.get(entry.text) if entry.kind == "wrong-reading" else None
    return entry if mark is None else replace(entry, at=mark.at, author=mark.by)


class _Teller:
    def __init__(self, view: PatientView, chart: Chart, now: Instant) -> None:
        self._view, self._chart, self._now = view, chart, now
        self._items = {item.task: item for item in view.items}
        self._readings = {reading.id: reading for reading in view.readings}
        self._corrected = corrected_in(view.timeline)
        plan = chart.plans.plan
        self._rules = {rule.id: rule for version in plan.versions for rule in version.rules} if plan else {}

    def told(self, entry: TimelineEntry) -> str:
        if entry.kind == "message" and (entry.inbound or entry.id in self._chart.answers):
            return self._message(entry)
        if entry.kind == "wrong-reading":
            return self._wrong(entry)
        text = told(entry, self._now, self._alert(entry), corrected=entry.id in self._corrected)
        state = self._chart.escalations.get(entry.id) if entry.kind == "escalation" else None
        return text if state is None else f"{text} → {escalation_words(state)}"

    def _alert(self, entry: TimelineEntry) -> str | None:
        """What the alert was raised for; none where the line isn't about one."""
        if entry.kind not in ("alert", "outcome", "withdrawn"):
            return None
        item: Item | None = next((self._items[task] for task in entry.about if task in self._items), None)
        if item is None:
            return None
        because = self._view.because.get(item.task, ())
        told_why = reason(item, because[-1] if because else None, self._now)
        rule = None if because or item.rule is None else self._rules.get(item.rule)
        return told_why if rule is None else f"{told_why} ({rule_name(rule)})"

    def _wrong(self, entry: TimelineEntry) -> str:
        reading, mark = self._readings.get(entry.text), self._chart.wrong.get(entry.text)
        text = told(entry, self._now, _value(reading, self._now))
        return f"{text}: «{clean(mark.reason)}»" if mark is not None and mark.reason else text

    def _message(self, entry: TimelineEntry) -> str:
        who = clean(entry.author or "") or _("somebody")
        if entry.id in self._chart.answers:
            words = _("answer from {who}").format(who=who)
        else:
            words = _("message from the patient")
        return f"{when(entry.at, self._now)} {words}: «{clean(entry.text)}»"


def escalation_words(state: EscalationState) -> str:
    """`Aud Berg: besvart`."""
    how = _(_STATES[state.state]) if state.state in _STATES else clean(state.state)
    return f"{clean(state.name)}: {how}" if state.name else how


def _value(reading: ReadingView | None, now: Instant) -> str | None:
    if reading is None:
        return None
    return f"{reading_name(reading)} {reading_value(reading)} ({when(reading.effective, now)})"
