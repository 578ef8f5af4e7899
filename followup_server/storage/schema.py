"""The tables: resources as raw JSON, their earlier versions, and what searches are answered from.

Every stamp (`updated`) is unique over all versions of all resources and rises in the order of commits, so
that it serves as order, cursor and keyset at once. Text is compared by code point on every database.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()

_BIG = BigInteger().with_variant(Integer, "sqlite")
_TEXT = String().with_variant(String(collation="C"), "postgresql")  # SQLite's way: bytes of UTF-8

layout = Table("layout", metadata, Column("number", Integer, primary_key=True, autoincrement=False))
"""One row: the layout that the tables are in; each change of them is a step in `migrations`."""

resource = Table(
    "resource",
    metadata,
    Column("rid", _BIG, primary_key=True, autoincrement=False),
    Column("type", _TEXT, nullable=False),
    Column("id", _TEXT, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated", _BIG, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("patient", _TEXT),  # logical id of the Patient whose compartment it is in
    Column("status", _TEXT),
    Column("date_low", _BIG),  # the type's main date as a half-open range of microseconds
    Column("date_high", _BIG),
    Column("body", LargeBinary),  # none once deleted
    UniqueConstraint("type", "id"),
    Index("resource_by_time", "type", "updated"),
    Index("resource_by_status", "type", "status", "updated"),
    Index("resource_by_patient", "patient", "type", "date_low"),
    Index("resource_by_change", "patient", "updated"),
)
"""The current version of each resource."""

history = Table(
    "history",
    metadata,
    Column("type", _TEXT, primary_key=True),
    Column("id", _TEXT, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("updated", _BIG, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("body", LargeBinary),
    Index("history_by_time", "type", "updated"),
)
"""Versions that have been superseded."""

token = Table(
    "token",
    metadata,
    Column("rid", _BIG, primary_key=True, autoincrement=False),
    Column("param", _TEXT, primary_key=True),
    Column("system", _TEXT, primary_key=True),  # empty where there is none
    Column("value", _TEXT, primary_key=True),
    Index("token_by_value", "param", "value", "system"),
    sqlite_with_rowid=False,
)

reference = Table(
    "reference",
    metadata,
    Column("rid", _BIG, primary_key=True, autoincrement=False),
    Column("param", _TEXT, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("target", _TEXT),  # Type/id, or an absolute URL
    Column("system", _TEXT),  # of a logical reference's identifier
    Column("value", _TEXT),
    Index("reference_by_target", "target", "param"),
    Index("reference_by_identifier", "value", "param"),
    sqlite_with_rowid=False,
)

moment = Table(
    "moment",
    metadata,
    Column("rid", _BIG, primary_key=True, autoincrement=False),
    Column("param", _TEXT, primary_key=True),
    Column("low", _BIG, primary_key=True, autoincrement=False),
    Column("high", _BIG, nullable=False),
    Index("moment_by_low", "param", "low"),
    sqlite_with_rowid=False,
)
"""Dates beside the main one."""

text = Table(
    "text",
    metadata,
    Column("rid", _BIG, primary_key=True, autoincrement=False),
    Column("param", _TEXT, primary_key=True),
    Column("folded", _TEXT, primary_key=True),  # without case and accents
    Column("exact", _TEXT, primary_key=True),
    Index("text_by_value", "param", "folded"),
    sqlite_with_rowid=False,
)

conditional_create = Table(
    "conditional_create",
    metadata,
    Column("type", _TEXT, primary_key=True),
    Column("criteria", _TEXT, primary_key=True),
    Column("rid", _BIG, nullable=False),
    Index("conditional_create_by_resource", "rid"),
    sqlite_with_rowid=False,
)
"""Criteria of If-None-Exist that have made a resource: the unique key that a race breaks on."""

commit_clock = Table(
    "commit_clock",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("last_updated", _BIG, nullable=False),
    Column("last_rid", _BIG, nullable=False),
)
"""One row, locked by every writer until it commits."""

patient_state = Table(
    "patient_state",
    metadata,
    Column("patient", _TEXT, primary_key=True),
    Column(
        "due", _BIG
    ),  # milliseconds; 0: something has changed since it was judged; none: nothing to wait for
    Column("changed", _BIG, nullable=False),
    Column("moved", _BIG, nullable=False),
    Index("patient_state_by_due", "due"),
)
"""What judging a patient goes by beside her resources: when she is due, and the stamps of her last change and
of the last one that newer resources alone don't tell of (something was deleted, or went to somebody else)."""

judged_state = Table(
    "judged_state",
    metadata,
    Column("patient", _TEXT, primary_key=True),
    Column("stamp", _BIG, nullable=False),
    Column("state", LargeBinary, nullable=False),
)
"""What the judge has seen of each patient's readings up to a stamp: a cache."""

server_secret = Table(
    "server_secret",
    metadata,
    Column("name", _TEXT, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""Keys that the server makes for itself, such as the one that seals page links of POST searches."""

INDEX_TABLES = (token, reference, moment, text)
