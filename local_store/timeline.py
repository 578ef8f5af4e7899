"""The timeline in the cache: notes, contacts, messages, escalations. A line is sent once its op is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from local_store.context import Context
from local_store.packing import pack, unpack
from local_store.tables import Entry
from local_store.upsert import put
from local_store.views import TimelineEntry
from threshold_engine.model import Instant

_FROM: Final = """ FROM entry e
    LEFT JOIN outbox o ON o.op = e.id AND o.state NOT IN ('sent', 'withdrawn')"""
_SELECT: Final = "SELECT e.body, o.state" + _FROM

_CORRECTIONS_AT_MOST: Final = 20
"""So many lines are looked through for a contact that is no correction."""


def put_entry(context: Context, patient: str, entry: TimelineEntry, reference: str | None) -> None:
    """Put a line; the same id overwrites, so what was written here and comes back is one line."""
    put(
        context.connection,
        Entry(
            id=entry.id,
            patient=context.patients.make(patient),
            at=entry.at,
            kind=entry.kind,
            reference=reference,
            body=pack(entry),
        ),
    )


def drop_entry(context: Context, entry_id: str) -> None:
    """Take away a line whose op was withdrawn before it was sent."""
    context.connection.exec_driver_sql("DELETE FROM entry WHERE id = ?", (entry_id,))


def read_entry(context: Context, entry_id: str) -> tuple[str, TimelineEntry] | None:
    """A line with the logical id of its patient."""
    row = context.connection.exec_driver_sql(
        "SELECT patient, body FROM entry WHERE id = ?", (entry_id,)
    ).one_or_none()
    return None if row is None else (context.patients.text(row[0]), unpack(TimelineEntry, row[1]))


def entries_of(context: Context, patient: str, since: Instant | None = None) -> list[TimelineEntry]:
    """A patient's lines, newest first."""
    rows = context.connection.exec_driver_sql(
        _SELECT + " WHERE e.patient = ? AND e.at >= ? ORDER BY e.at DESC, e.id DESC",
        (context.patients.find(patient), -(2**62) if since is None else since),
    )
    return [_entry(row[0], row[1]) for row in rows]


def entries_by_patient(context: Context, patients: Iterable[str]) -> dict[str, list[TimelineEntry]]:
    """The lines of several patients, by logical id, newest first, in one query."""
    numbers = {context.patients.find(patient): patient for patient in patients}
    rows = context.connection.exec_driver_sql(
        "SELECT e.patient, e.body, o.state"  # noqa: S608 - our own words
        + _FROM
        + " WHERE e.patient IN (SELECT value FROM json_each(?)) ORDER BY e.at DESC, e.id DESC",
        (json.dumps([number for number in numbers if number is not None]),),
    )
    return _by_patient((numbers[row[0]], row[1], row[2]) for row in rows)


def entries_between(context: Context, start: Instant, end: Instant) -> dict[str, list[TimelineEntry]]:
    """All lines from `start` up to `end`, by the patient's logical id, newest first."""
    rows = context.connection.exec_driver_sql(
        "SELECT p.id, e.body, o.state"
        + _FROM
        + " JOIN patient p ON p.n = e.patient WHERE e.at >= ? AND e.at < ? ORDER BY e.at DESC, e.id DESC",
        (start, end),
    )
    return _by_patient((row[0], row[1], row[2]) for row in rows)


def _by_patient(rows: Iterable[tuple[str, bytes, str | None]]) -> dict[str, list[TimelineEntry]]:
    found: dict[str, list[TimelineEntry]] = {}
    for patient, body, waiting in rows:
        found.setdefault(patient, []).append(_entry(body, waiting))
    return found


def last_contact(context: Context, patient_number: int) -> TimelineEntry | None:
    """The newest contact, whether it reached anybody or not, with what was corrected in it since."""
    rows = context.connection.exec_driver_sql(
        _SELECT + " WHERE e.patient = ? AND e.kind = 'contact' ORDER BY e.at DESC, e.id DESC LIMIT ?",
        (patient_number, _CORRECTIONS_AT_MOST),
    )
    texts: dict[str, str] = {}
    for entry in (_entry(row[0], row[1]) for row in rows):
        text = texts.pop(entry.id, entry.text)
        if entry.corrects is None:
            return replace(entry, text=text)
        texts[entry.corrects] = text
    return None


def _entry(body: bytes, waiting: str | None) -> TimelineEntry:
    return replace(unpack(TimelineEntry, body), sent=waiting is None)
