"""The schema on disk and in the models is one; its steps are applied once, and whole."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError

from local_store import CorruptCache, StoreTooNew
from local_store.migrations import MIGRATIONS, Migration, migrate
from local_store.store import Store
from local_store.tables import CacheTable


def shape(connection: Connection) -> dict[str, object]:
    """Tables with columns, keys, indexes and links, as SQLite tells them."""
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migration', 'sqlite_stat1')"
    ).scalars()
    return {name: _table(connection, name) for name in names}


def _table(connection: Connection, name: str) -> object:
    def ask(pragma: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in connection.exec_driver_sql(f"PRAGMA {pragma}('{name}')")]

    columns = [(row[1], str(row[2]).replace("VARCHAR", "TEXT"), row[3], row[5]) for row in ask("table_info")]
    indexes = sorted(
        (row[2:], [one[2] for one in connection.exec_driver_sql(f"PRAGMA index_info('{row[1]}')")])
        for row in ask("index_list")
    )
    rowid = [row[4] for row in connection.exec_driver_sql("PRAGMA table_list") if row[1] == name]
    return columns, indexes, sorted(row[2:5] for row in ask("foreign_key_list")), rowid


def test_models_and_migrations_make_the_same_schema(store: Store) -> None:
    modelled = create_engine("sqlite://")
    CacheTable.metadata.create_all(modelled)
    with store.engine.connect() as here, modelled.connect() as there:
        assert shape(here) == shape(there)


SECOND = Migration("second", ("ALTER TABLE word ADD COLUMN extra TEXT", "UPDATE word SET extra = 'x'"))


def test_steps_are_applied_once_and_in_order(store: Store) -> None:
    migrate(store.engine, (*MIGRATIONS, SECOND))
    migrate(store.engine, (*MIGRATIONS, SECOND))
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT n, name FROM migration ORDER BY n").all()
    assert [tuple(row) for row in rows] == [
        (n, step.name) for n, step in enumerate((*MIGRATIONS, SECOND), start=1)
    ]


def test_a_step_that_fails_leaves_nothing(store: Store) -> None:
    bad = Migration("bad", ("ALTER TABLE word ADD COLUMN extra TEXT", "UPDATE nothing SET x = 1"))
    with pytest.raises(DBAPIError):
        migrate(store.engine, (*MIGRATIONS, bad))
    migrate(store.engine, (*MIGRATIONS, SECOND))


def test_a_newer_cache_is_left_alone(store: Store, folder: Path, make: SimpleNamespace) -> None:
    migrate(store.engine, (*MIGRATIONS, SECOND))
    store.close()
    with pytest.raises(StoreTooNew) as caught:
        Store.open(folder, make.key)
    assert caught.value.remedy


def test_another_programs_cache_is_told(store: Store) -> None:
    with pytest.raises(CorruptCache):
        migrate(store.engine, (Migration("other", ()),))
