"""What the judge has seen of each patient is kept in the database."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = {
    "sqlite": (
        "CREATE TABLE judged_state ("
        "patient VARCHAR NOT NULL, stamp INTEGER NOT NULL, state BLOB NOT NULL, PRIMARY KEY (patient))",
    ),
    "postgresql": (
        'CREATE TABLE judged_state (patient VARCHAR COLLATE "C" NOT NULL, stamp BIGINT NOT NULL,'
        " state BYTEA NOT NULL, PRIMARY KEY (patient))",
    ),
}
