"""The first schema."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE access_log (
        seq INTEGER NOT NULL,
        content BLOB NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (seq)
    )
    """,
    """
    CREATE TABLE explanation (
        task TEXT NOT NULL,
        latest BLOB NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (task)
    )
    """,
    """
    CREATE TABLE lease (
        name TEXT NOT NULL,
        owner TEXT NOT NULL,
        expires INTEGER NOT NULL,
        PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE patient (
        n INTEGER NOT NULL,
        id TEXT NOT NULL,
        name TEXT,
        folded TEXT,
        national_id TEXT,
        body BLOB,
        PRIMARY KEY (n),
        UNIQUE (id)
    )
    """,
    "CREATE INDEX ix_patient_national_id ON patient (national_id)",
    """
    CREATE TABLE practitioner (
        reference TEXT NOT NULL,
        login TEXT,
        name TEXT NOT NULL,
        PRIMARY KEY (reference)
    )
    """,
    "CREATE INDEX ix_practitioner_login ON practitioner (login)",
    """
    CREATE TABLE pull_cursor (
        type TEXT NOT NULL,
        value TEXT NOT NULL,
        next_link TEXT,
        complete BOOLEAN NOT NULL,
        PRIMARY KEY (type)
    )
    """,
    """
    CREATE TABLE reading (
        patient INTEGER NOT NULL,
        code INTEGER NOT NULL,
        at INTEGER NOT NULL,
        source INTEGER NOT NULL,
        part INTEGER NOT NULL,
        value INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        late INTEGER,
        status INTEGER NOT NULL,
        unit INTEGER NOT NULL,
        comparator INTEGER NOT NULL,
        display INTEGER NOT NULL,
        PRIMARY KEY (patient, code, at, source, part)) WITHOUT ROWID
    """,
    """
    CREATE TABLE setting (
        name TEXT NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE source (
        n INTEGER NOT NULL,
        id BLOB NOT NULL,
        type INTEGER NOT NULL,
        version INTEGER NOT NULL,
        head INTEGER NOT NULL,
        core BLOB,
        patient INTEGER,
        PRIMARY KEY (n),
        UNIQUE (id, type)
    )
    """,
    """
    CREATE TABLE word (
        n INTEGER NOT NULL,
        word TEXT NOT NULL,
        PRIMARY KEY (n),
        UNIQUE (word)
    )
    """,
    """
    CREATE TABLE entry (
        id TEXT NOT NULL,
        patient INTEGER NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        reference TEXT,
        body BLOB NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY (patient) REFERENCES patient (n)
    )
    """,
    "CREATE INDEX ix_entry_patient_at ON entry (patient, at)",
    """
    CREATE TABLE episode (
        id TEXT NOT NULL,
        patient INTEGER NOT NULL,
        reference TEXT,
        version TEXT,
        body BLOB NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY (patient) REFERENCES patient (n)
    )
    """,
    "CREATE INDEX ix_episode_patient ON episode (patient)",
    "CREATE INDEX ix_episode_reference ON episode (reference)",
    """
    CREATE TABLE item (
        task TEXT NOT NULL,
        patient INTEGER NOT NULL,
        open BOOLEAN NOT NULL,
        closed_at INTEGER,
        reference TEXT,
        version TEXT,
        focus TEXT,
        episode TEXT,
        kind TEXT,
        body BLOB NOT NULL,
        PRIMARY KEY (task),
        FOREIGN KEY (patient) REFERENCES patient (n)
    )
    """,
    "CREATE INDEX ix_item_episode ON item (episode)",
    "CREATE INDEX ix_item_focus ON item (focus)",
    "CREATE INDEX ix_item_open ON item (patient) WHERE open",
    "CREATE INDEX ix_item_patient ON item (patient)",
    "CREATE INDEX ix_item_reference ON item (reference)",
    """
    CREATE TABLE outbox (
        seq INTEGER NOT NULL,
        op TEXT NOT NULL,
        act TEXT NOT NULL,
        patient INTEGER,
        author TEXT NOT NULL,
        at INTEGER NOT NULL,
        body BLOB NOT NULL,
        base TEXT,
        summary BLOB NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        answer TEXT,
        not_before INTEGER,
        PRIMARY KEY (seq),
        UNIQUE (op),
        FOREIGN KEY (patient) REFERENCES patient (n)
    )
    """,
    "CREATE INDEX ix_outbox_unsent ON outbox (state, at) WHERE state <> 'sent'",
    """
    CREATE TABLE "plan" (
        reference TEXT NOT NULL,
        patient INTEGER NOT NULL,
        active BOOLEAN NOT NULL,
        changed INTEGER NOT NULL,
        engine BLOB,
        body BLOB NOT NULL,
        PRIMARY KEY (reference),
        FOREIGN KEY (patient) REFERENCES patient (n)
    )
    """,
    'CREATE INDEX ix_plan_patient ON "plan" (patient)',
    """
    CREATE TABLE projection (
        patient INTEGER NOT NULL,
        news2 BLOB,
        week BLOB,
        contact BLOB,
        "plan" BLOB,
        plan_title TEXT,
        last_reading INTEGER,
        PRIMARY KEY (patient),
        FOREIGN KEY (patient) REFERENCES patient (n)
    )
    """,
    """
    CREATE TABLE resource (
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        version TEXT,
        last_updated TEXT,
        patient INTEGER,
        identifier TEXT,
        raw BLOB NOT NULL,
        PRIMARY KEY (type, id),
        FOREIGN KEY (patient) REFERENCES patient (n)
    )
    """,
    "CREATE INDEX ix_resource_identifier ON resource (identifier)",
    "CREATE INDEX ix_resource_patient_type ON resource (patient, type)",
    """
    CREATE TABLE outbox_dependency (
        seq INTEGER NOT NULL,
        needs TEXT NOT NULL,
        PRIMARY KEY (seq, needs),
        FOREIGN KEY (seq) REFERENCES outbox (seq)) WITHOUT ROWID
    """,
    """
    CREATE TABLE outbox_task (
        task TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (task, seq),
        FOREIGN KEY (seq) REFERENCES outbox (seq)) WITHOUT ROWID
    """,
    """
    CREATE TRIGGER access_log_keeps_lines BEFORE DELETE ON access_log
    BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END
    """,
    """
    CREATE TRIGGER access_log_keeps_words BEFORE UPDATE ON access_log
    BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END
    """,
)
