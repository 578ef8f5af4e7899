"""What commands print without `--json`: plain lines, no box-drawing, one fact after the other."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING

from triage_tui.chart.reading_words import beyond, reading_marks, reading_name, reading_value
from triage_tui.cli.chart_text import chart_sections
from triage_tui.wording import _, clean, ngettext, reason, why
from triage_tui.wording.bands import level_word
from triage_tui.wording.dates import when
from triage_tui.wording.freshness import (
    clock_words,
    disagreement_words,
    empty_words,
    sync_words,
    unknown_words,
)
from triage_tui.wording.pauses import pause_words
from triage_tui.wording.people import age_in_words, full_birth, last_digits
from triage_tui.wording.plan_problems import plan_problem

if TYPE_CHECKING:
    from local_store.views import (
        PatientView,
        PersonLine,
        PlanView,
        QueueEntry,
        QueueView,
        ReadingView,
        StatusView,
    )
    from threshold_engine.model import Instant
    from triage_tui.chart.views import Chart

_READINGS_SHOWN = 40


_facts_apart: ContextVar[bool] = ContextVar("facts apart", default=False)


def one_fact_a_line() -> None:
    """From now on nothing stands beside something else: `--plain`, for screen readers and braille."""
    _facts_apart.set(True)


def say(line: str = "") -> None:
    """One line on standard output, of text that is clean already."""
    facts = [fact.strip() for fact in line.split(" · ")] if _facts_apart.get() else [line]
    for fact in facts:
        print(fact)  # noqa: T201 - standard output is this module's subject


def _sync_line(status: StatusView, now: Instant) -> str:
    return sync_words(
        last_sync=status.last_sync,
        offline_since=status.offline_since,
        unsent=status.unsent,
        oldest_unsent=status.oldest_unsent,
        now=now,
    )


def print_queue(view: QueueView, entries: Sequence[QueueEntry]) -> None:
    """The queue: for each row who, how old, and why it is where it is."""
    now = view.now
    if not view.entries:
        status = view.status
        say(
            empty_words(
                loaded=status.loaded,
                last_sync=status.last_sync,
                offline_since=status.offline_since,
                now=now,
            )
        )
    elif not entries:
        say(_("Nobody in the queue matches."))
    for entry in entries:
        person = entry.person
        parts = [clean(person.name), age_in_words(person.birth_date, now)]
        if person.programme:
            parts.append(clean(person.programme))
        if entry.owner_name:
            held = _("with {name}").format(name=clean(entry.owner_name))
            parts.append(held + " " + _("(not confirmed)") if entry.owner_unconfirmed else held)
        say(f"{entry.row.rank:>3}  {why(entry.row, entry.because, now, view.status.last_sync)}")
        say(f"     {' · '.join(parts)}")
    say(_sync_line(view.status, now))


def print_people(lines: Sequence[PersonLine], now: Instant) -> None:
    """The patients, one a line."""
    for line in lines:
        person = line.person
        parts = [
            clean(person.name),
            full_birth(person.birth_date),
            last_digits(person.national_id),
            clean(line.plan) if line.plan else _("no valid plan"),
            _("last reading {when}").format(when=when(line.last_reading, now))
            if line.last_reading is not None
            else _("no readings"),
            clean(person.id),
        ]
        say(" · ".join(parts))
    say(ngettext("{n} patient", "{n} patients", len(lines)).format(n=len(lines)))


def print_patient(view: PatientView, chart: Chart, now: Instant) -> None:
    """One patient, section after section."""
    person = view.person
    say(
        " · ".join(
            [
                clean(person.name),
                age_in_words(person.birth_date, now),
                full_birth(person.birth_date),
                last_digits(person.national_id),
                *(clean(diagnosis) for diagnosis in person.diagnoses),
                *(clean(warning) for warning in person.warnings),
            ]
        )
    )
    _section(_("Alerts"), _items(view, now))
    if view.news2 is not None:
        news2 = view.news2
        say(_("NEWS2 at least {total} ({known} of 7 known)").format(total=news2.total, known=news2.known))
    _section(_("Plan"), _plan(view.plan, now))
    _section(_("Readings"), _readings(view, chart, now))
    for title, lines in chart_sections(view, chart, now):
        _section(title, lines)
    say(_sync_line(view.status, now))


def _readings(view: PatientView, chart: Chart, now: Instant) -> list[str]:
    unknown = unknown_words(view.status.last_sync, now)
    shown = [_reading(reading, view, chart, now) for reading in view.readings[:_READINGS_SHOWN]]
    return [unknown, *shown] if unknown else shown


def _section(title: str, lines: Sequence[str]) -> None:
    say()
    say(f"{title}:")
    for line in lines or [_("none")]:
        say(f"  {line}")


def _items(view: PatientView, now: Instant) -> list[str]:
    lines = []
    for item in view.items:
        if item.state.is_open:
            because = view.because.get(item.task, ())
            words = reason(item, because[-1] if because else None, now, view.status.last_sync)
            lines.append(f"{words} · {item.task}")
    return lines


def _plan(plan: PlanView | None, now: Instant) -> list[str]:
    if plan is None:
        return [_("no valid plan")]
    if plan.problem:
        return [plan_problem(plan.problem)]
    lines = [clean(plan.title)]
    if plan.approved_by and plan.approved_at is not None:
        lines.append(
            _("approved by {name} {when}").format(
                name=clean(plan.approved_by), when=when(plan.approved_at, now)
            )
        )
    if plan.paused:
        lines.append(pause_words(plan.paused, now))
    from threshold_engine.model import Level

    for zone in plan.zones:
        word = level_word(Level[zone.colour.upper()])
        lines.append(f"{word}: {clean(zone.patient_does)} / {clean(zone.centre_does)}")
    return lines


def _reading(reading: ReadingView, view: PatientView, chart: Chart, now: Instant) -> str:
    """When, what, how much, beyond which limit, and what is odd about it."""
    spans = view.limits.get(reading.code, ())
    found = beyond(reading, spans)
    arrow = f" {found.arrow}" if found else ""
    line = f"{when(reading.effective, now)}  {reading_name(reading)} {reading_value(reading)}{arrow}"
    return " · ".join([line, *reading_marks(reading, spans, chart)])


def print_status(status: StatusView, now: Instant) -> None:
    """How fresh the cache is, and what hasn't been sent."""
    say(_sync_line(status, now))
    if clock_words(status.server_time_skew_ms):
        say(clock_words(status.server_time_skew_ms))
    say(ngettext("{n} patient", "{n} patients", status.patients).format(n=status.patients))
    say(ngettext("{n} reading", "{n} readings", status.readings).format(n=status.readings))
    if status.audit_pending:
        say(
            ngettext(
                "{n} line of the access log isn't sent yet",
                "{n} lines of the access log aren't sent yet",
                status.audit_pending,
            ).format(n=status.audit_pending)
        )
    if status.parked or status.conflicts:
        say(
            _("{parked} refused by the server, {conflicts} in conflict: see `triage outbox`").format(
                parked=status.parked, conflicts=status.conflicts
            )
        )
    if status.disagreements:
        say(disagreement_words(status.disagreements))
