"""Many rows into a table at once, by the database's driver itself: much faster than a statement each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

_make_postgresql: Callable[..., Dialect] = postgresql.dialect
_POSTGRESQL: Final = _make_postgresql(paramstyle="format")
_SQLITE: Final = sqlite.dialect(paramstyle="qmark")


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows whose values are in the order of the table's columns."""
    if rows:
        connection.exec_driver_sql(_insert(table, connection.dialect.name), list(rows))


def put_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """As `insert_rows`; a row whose primary key is there already takes its place."""
    if rows:
        connection.exec_driver_sql(_put(table, connection.dialect.name), list(rows))


@lru_cache
def _insert(table: Table, dialect: str) -> str:
    return str(_insertion(table, dialect).compile(dialect=_dialect(dialect)))


@lru_cache
def _put(table: Table, dialect: str) -> str:
    key = [column.name for column in table.primary_key]
    made = _insertion(table, dialect)
    others = {column.name: made.excluded[column.name] for column in table.columns if column.name not in key}
    return str(made.on_conflict_do_update(index_elements=key, set_=others).compile(dialect=_dialect(dialect)))


def _insertion(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _dialect(name: str) -> Dialect:
    return _POSTGRESQL if name == "postgresql" else _SQLITE
