"""Whom this console's own judge has to look at, and where it and the server don't agree.

What the judge goes by marks its patient by triggers, so that nobody who writes can forget to: readings (by
the resource that they were made from), plans, what the server says of alerts and work, what waits in the
outbox.
"""

from __future__ import annotations

from typing import Final

_JUDGED_TYPES: Final = "('Task', 'DetectedIssue', 'Communication', 'ServiceRequest', 'Observation')"


def _marks(table: str, event: str, row: str, condition: str = "1") -> str:
    """A trigger that makes the patient of a changed row due at once."""
    name = f"{table}_{event.split(maxsplit=1)[0].lower()}_of_{row.lower()}_is_to_be_judged"
    return f"""
    CREATE TRIGGER {name} AFTER {event} ON {table}
    WHEN {row}.patient IS NOT NULL AND {condition}
        AND NOT EXISTS (SELECT 1 FROM judging WHERE patient = {row}.patient AND due = 0)
    BEGIN
        INSERT INTO judging (patient, due) VALUES ({row}.patient, 0)
        ON CONFLICT (patient) DO UPDATE SET due = 0;
    END
    """  # noqa: S608 - our own tables


def _always(table: str, condition: str = "{}") -> tuple[str, ...]:
    return (
        _marks(table, "INSERT", "NEW", condition.format("NEW")),
        _marks(table, "UPDATE", "NEW", condition.format("NEW")),
        _marks(table, "UPDATE", "OLD", condition.format("OLD")),
        _marks(table, "DELETE", "OLD", condition.format("OLD")),
    )


STATEMENTS: Final = (
    """
    CREATE TABLE judging (
        patient INTEGER NOT NULL,
        due INTEGER,
        waits INTEGER,
        PRIMARY KEY (patient),
        FOREIGN KEY (patient) REFERENCES patient (n)
    )
    """,
    "CREATE INDEX ix_judging_due ON judging (due)",
    "CREATE INDEX ix_judging_waits ON judging (waits)",
    """
    CREATE TABLE disagreement (
        patient INTEGER NOT NULL,
        what TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (patient, what),
        FOREIGN KEY (patient) REFERENCES patient (n)
    ) WITHOUT ROWID
    """,
    "INSERT INTO judging (patient, due) SELECT n, 0 FROM patient",
    *_always("source", "1"),
    *_always("plan", "1"),
    *_always("resource", f"{{}}.type IN {_JUDGED_TYPES}"),
    _marks("outbox", "INSERT", "NEW"),
    _marks("outbox", "UPDATE OF state, body", "NEW"),
)
