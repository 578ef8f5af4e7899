"""What a nurse has typed and not signed, by patient and form."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE draft (
        patient INTEGER NOT NULL,
        form TEXT NOT NULL,
        at INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (patient, form),
        FOREIGN KEY (patient) REFERENCES patient (n)
    ) WITHOUT ROWID
    """,
)
