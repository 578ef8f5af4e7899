"""Named, ordered changes of the tables, which take a database of an earlier layout forward when it is opened.

Each is applied once and never edited afterwards. A new database is made as `schema` says, all at once; a test
holds that both ways come to the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, update

from followup_server.problems import DatabaseRefused
from followup_server.storage import schema
from followup_server.storage.migrations import judged_state


@dataclass(frozen=True, slots=True)
class Migration:
    """A step from the layout before."""

    name: str
    statements: Mapping[str, tuple[str, ...]]
    """By dialect: `sqlite`, `postgresql`."""


OLDEST: Final = 2
"""The layout that the first step begins with; of earlier ones there are no databases to keep."""
MIGRATIONS: Final = (Migration("judged-state", judged_state.STATEMENTS),)
"""In order; new ones are added at the end."""
NEWEST: Final = OLDEST + len(MIGRATIONS)


def migrate(connection: Connection, layout: int | None) -> None:
    """Take the tables from a layout (none: not known) to the newest, in a transaction alone among processes.

    Raises DatabaseRefused for a layout that no step begins with.
    """
    if layout == NEWEST:
        return
    if layout is None or not OLDEST <= layout <= NEWEST:
        raise _refusal(layout)
    for step in MIGRATIONS[layout - OLDEST :]:
        for statement in step.statements[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    connection.execute(update(schema.layout).values(number=NEWEST))


def current(connection: Connection) -> int | None:
    """The layout that the tables are in."""
    return connection.execute(select(schema.layout.c.number)).scalar_one_or_none()


def _refusal(layout: int | None) -> DatabaseRefused:
    if layout is not None and layout > NEWEST:
        return DatabaseRefused(
            "The database was made by a later version of this server.",
            "Install that version, or name another database with --database.",
        )
    return DatabaseRefused(
        "The database was made by a version of this server that is too old.",
        "Name a new one with --database, and put everything into it again.",
    )
