"""What commands print with `--json` (docs/cli.md): the cache's views as plain JSON."""

from __future__ import annotations

import json
import sys
from decimal import Decimal

from local_store.views import (
    PatientView,
    Pause,
    PersonLine,
    PlanView,
    QueueEntry,
    QueueView,
    ReadingView,
    StatusView,
    TimelineEntry,
)
from threshold_engine import format_instant, unscaled
from threshold_engine.model import Instant, Value
from triage_tui.wording import why
from triage_tui.wording.safe_text import escaped
from work_items.model import Item

Json = dict[str, object]


def print_json(document: object) -> None:
    """One JSON document on standard output, and nothing else.

    What would do something to a terminal stands as `\\u009b`: the same text to whoever reads the JSON.
    """
    written = json.dumps(document, ensure_ascii=False, default=_number)
    sys.stdout.write(escaped(written) + "\n")
    sys.stdout.flush()


def _number(value: object) -> int | float:
    """A decimal as the JSON number that a reader expects: 82 and 82.3, never 82.0000."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def _instant(at: Instant | None) -> str | None:
    return None if at is None else format_instant(at)


def _value(value: Value) -> object:
    return unscaled(value) if isinstance(value, int) and not isinstance(value, bool) else value


def item_json(item: Item) -> Json:
    """A work item as `triage queue` and `triage show` give it."""
    return {
        "task": item.task,
        "episode": item.episode.id if item.episode else None,
        "code": item.code.value,
        "rule": item.rule,
        "kind": item.kind,
        "level": item.level.word if item.level is not None else None,
        "band": item.band.word,
        "state": item.state.value,
        "raised": format_instant(item.raised),
        "respond_by": format_instant(item.respond_by),
        "local": item.local,
    }


def entry_json(entry: QueueEntry, now: Instant, known_until: Instant | None) -> Json:
    """A row of `triage queue --json`."""
    row = entry.row
    return {
        "rank": row.rank,
        "patient": row.patient,
        "name": entry.person.name,
        "band": row.band.word,
        "standing": row.standing,
        "overdue": row.overdue,
        "respond_by": format_instant(row.respond_by),
        "news2": row.news2,
        "owner": entry.owner_login,
        "items": [item_json(item) for item in row.items],
        "why": why(row, entry.because, now, known_until),
    }


def queue_json(view: QueueView, entries: list[QueueEntry]) -> list[Json]:
    """The rows of `entries`, in the queue's order; ranks are those of the whole queue."""
    return [entry_json(entry, view.now, view.status.last_sync) for entry in entries]


def person_line_json(line: PersonLine) -> Json:
    """A row of `triage patients --json`."""
    return {
        "patient": line.person.id,
        "name": line.person.name,
        "birth_date": line.person.birth_date,
        "last_reading": _instant(line.last_reading),
        "plan": line.plan,
    }


def reading_json(reading: ReadingView) -> Json:
    """A reading as `triage show` gives it."""
    shown: Json = {
        "id": reading.id,
        "code": reading.code,
        "value": _value(reading.value),
        "unit": reading.unit,
        "effective": format_instant(reading.effective),
        "status": reading.status,
        "plausible": reading.plausible,
    }
    return shown | ({"comparator": reading.comparator} if reading.comparator else {})


def _line_json(entry: TimelineEntry) -> Json:
    shown: Json = {
        "op": entry.id,
        "at": format_instant(entry.at),
        "author": entry.author,
        "text": entry.text,
        "about": list(entry.about),
        "sent": entry.sent,
    }
    if entry.kind == "contact":
        shown |= {"by": entry.medium, "result": "reached" if entry.reached else "no-answer"}
    return shown


def _pause_json(pause: Pause | None) -> Json | None:
    if pause is None:
        return None
    return {
        "from": _instant(pause.start),
        "until": _instant(pause.end),
        "reason": pause.reason,
        "by": pause.by,
    }


def _plan_json(plan: PlanView | None) -> Json | None:
    if plan is None:
        return None
    return {
        "title": plan.title,
        "version": plan.version,
        "author": plan.author,
        "approved_by": plan.approved_by,
        "approved_at": _instant(plan.approved_at),
        "problem": plan.problem,
        "paused": _pause_json(plan.paused),
        "zones": [
            {"colour": zone.colour, "patient": zone.patient_does, "centre": zone.centre_does}
            for zone in plan.zones
        ],
    }


def patient_json(view: PatientView) -> Json:
    """What `triage show --json` gives of a patient."""

    def lines(*kinds: str) -> list[Json]:
        return [_line_json(entry) for entry in view.timeline if entry.kind in kinds]

    news2 = view.news2
    return {
        "patient": view.person.id,
        "name": view.person.name,
        "birth_date": view.person.birth_date,
        "plan": _plan_json(view.plan),
        "items": [item_json(item) for item in view.items],
        "readings": [reading_json(reading) for reading in view.readings],
        "contacts": lines("contact"),
        "notes": lines("note"),
        "messages": lines("message"),
        "escalations": lines("escalation"),
        "news2": news2 and {"total": news2.total, "known": news2.known, "at": format_instant(news2.at)},
        "warnings": list(view.person.warnings),
        "last_sync": _instant(view.status.last_sync),
    }


def status_json(status: StatusView, *, now: Instant) -> Json:
    """What `triage status --json` gives of an open store."""
    skew = status.server_time_skew_ms
    return {
        "online": status.last_sync is not None and status.offline_since is None,
        "last_sync": _instant(status.last_sync),
        "offline_since": _instant(status.offline_since),
        "pending": status.pending,
        "parked": status.parked,
        "conflicts": status.conflicts,
        "audit_pending": status.audit_pending,
        "disagreements": status.disagreements,
        "oldest_pending": _instant(status.oldest_pending),
        "oldest_unsent": _instant(status.oldest_unsent),
        "patients": status.patients,
        "readings": status.readings,
        "loaded": status.loaded,
        "locked": False,
        "now": format_instant(now),
        "server_time_skew_s": None if skew is None else skew / 1000,
    }
