"""Whom this console's judge has to look at, and where it and the server don't agree.

Triggers make a patient due at once when anything changes that she is judged by (migrations/local_judging.py);
who has judged her says when she is due next, in the same transaction. So a killed process forgets nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from local_store.context import Context
from local_store.settings import read_marks
from threshold_engine.model import Instant

GRACE_MS: Final = 5 * 60_000
"""How long console and server may differ before it counts: the server's judge may be under way."""


def to_judge(context: Context, now: Instant, limit: int) -> list[str]:
    """Patients to be judged by `now`, those longest due first.

    One whose wait for a reading couldn't be told to be over, since nobody knew whether one had come, is due
    once a round has fetched everything later than that.
    """
    rows = context.connection.exec_driver_sql(
        """SELECT p.id FROM judging j JOIN patient p ON p.n = j.patient
        WHERE j.due <= ? OR j.waits <= ? ORDER BY coalesce(j.due, j.waits), j.patient LIMIT ?""",
        (now, read_marks(context).fetched_until, limit),
    )
    return [row[0] for row in rows]


def is_changed(context: Context, patient: str) -> bool:
    """Whether something has changed since she was judged, and not only time has passed."""
    return (
        context.connection.exec_driver_sql(
            "SELECT 1 FROM judging WHERE patient = ? AND due = 0", (context.patients.find(patient),)
        ).first()
        is not None
    )


def next_due(context: Context) -> Instant | None:
    """When the next patient is to be judged though nothing new comes; 0: at once."""
    due: Instant | None = context.connection.exec_driver_sql("SELECT min(due) FROM judging").scalar()
    return due


def set_judged(
    context: Context,
    patient: str,
    *,
    due: Instant | None,
    waits: Instant | None,
    differing: Iterable[str],
    now: Instant,
) -> None:
    """Say that a patient has been judged: when she is due next, and what console and server differ about."""
    number = context.patients.make(patient)
    execute = context.connection.exec_driver_sql
    execute(
        """INSERT INTO judging (patient, due, waits) VALUES (?, ?, ?)
        ON CONFLICT (patient) DO UPDATE SET due = excluded.due, waits = excluded.waits""",
        (number, due, waits),
    )
    wanted = set(differing)
    known = {row[0] for row in execute("SELECT what FROM disagreement WHERE patient = ?", (number,))}
    for what in sorted(known - wanted):
        execute("DELETE FROM disagreement WHERE patient = ? AND what = ?", (number, what))
    for what in sorted(wanted - known):
        execute("INSERT INTO disagreement (patient, what, since) VALUES (?, ?, ?)", (number, what, now))


def disagreements(context: Context, until: Instant | None) -> int:
    """Alerts about which console and server still differed at `until`, when everything was last fetched."""
    if until is None:
        return 0
    count: int = context.connection.exec_driver_sql(
        "SELECT count(*) FROM disagreement WHERE since <= ?", (until - GRACE_MS,)
    ).scalar_one()
    return count
