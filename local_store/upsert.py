"""Writing one row by its key: the model says the columns, the driver gets one prepared statement."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, Table

from local_store.tables import CacheTable


def put(connection: Connection, row: CacheTable) -> None:
    """Insert the row, or overwrite the one with its primary key."""
    statement, columns = _statement(type(row))
    connection.exec_driver_sql(statement, tuple(getattr(row, column) for column in columns))


@cache
def _statement(model: type[CacheTable]) -> tuple[str, tuple[str, ...]]:
    """Names come from the models alone, never from data."""
    table = CacheTable.metadata.tables[str(model.__tablename__)]
    columns = tuple(column.name for column in table.columns)
    keys = [column.name for column in table.primary_key]
    marks = ", ".join("?" for _ in columns)
    return (
        f'INSERT INTO "{table.name}" ({", ".join(map(_quoted, columns))}) VALUES ({marks})'  # noqa: S608
        f" ON CONFLICT ({', '.join(map(_quoted, keys))}) DO {_update(table, keys)}",
        columns,
    )


def _update(table: Table, keys: list[str]) -> str:
    others = [_quoted(column.name) for column in table.columns if column.name not in keys]
    if not others:
        return "NOTHING"
    return "UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in others)


def _quoted(name: str) -> str:
    return f'"{name}"'
