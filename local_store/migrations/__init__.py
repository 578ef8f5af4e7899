"""Named, ordered, transactional changes of the schema, each applied once and never edited afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine

from local_store.errors import CorruptCache, StoreTooNew
from local_store.migrations import drafts, first_schema, local_judging


@dataclass(frozen=True, slots=True)
class Migration:
    """A step of the schema."""

    name: str
    statements: tuple[str, ...]


MIGRATIONS: Final = (
    Migration("first-schema", first_schema.STATEMENTS),
    Migration("local-judging", local_judging.STATEMENTS),
    Migration("drafts", drafts.STATEMENTS),
)
"""In order; new ones are added at the end."""


def migrate(engine: Engine, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring the schema up to date, each step in a transaction of its own; two processes at once do it once.

    Raises StoreTooNew where the cache has steps that this program doesn't know, CorruptCache where its steps
    have other names.
    """
    names = tuple(migration.name for migration in migrations)
    if _applied(engine) == names:
        return
    for index, migration in enumerate(migrations):
        with engine.execution_options(begin="IMMEDIATE").begin() as connection:
            connection.exec_driver_sql(
                "CREATE TABLE IF NOT EXISTS migration (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)"
            )
            rows = connection.exec_driver_sql("SELECT name FROM migration ORDER BY n").all()
            applied = tuple(str(row[0]) for row in rows)
            _check(applied, names)
            if index < len(applied):
                continue
            for statement in migration.statements:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(
                "INSERT INTO migration (n, name) VALUES (?, ?)", (index + 1, migration.name)
            )


def _applied(engine: Engine) -> tuple[str, ...]:
    """The steps that the cache has, without taking the writer's place."""
    with engine.connect() as connection:
        there = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'migration'").first()
        if there is None:
            return ()
        return tuple(row[0] for row in connection.exec_driver_sql("SELECT name FROM migration ORDER BY n"))


def _check(applied: tuple[str, ...], known: tuple[str, ...]) -> None:
    if applied[: len(known)] != known[: len(applied)]:
        raise CorruptCache("the cache's schema was made by another program")
    if len(applied) > len(known):
        raise StoreTooNew("the cache was written by a later version of triage-tui")
