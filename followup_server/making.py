"""Making the tables of a new database, and knowing those of an old one."""

from __future__ import annotations

import os
from typing import Final

from sqlalchemy import Connection, insert, inspect, select

from followup_server import schema
from followup_server.problems import DatabaseRefused

_SECRET = schema.server_secret.c
_PAGE_KEY: Final = "page-links"


def make_tables(connection: Connection) -> bool:
    """Make the tables where there are none; gives whether they were there.

    Raises DatabaseRefused for tables of another layout.
    """
    found = set(inspect(connection).get_table_names())
    if schema.resource.name in found:
        _check_layout(connection, found)
        return True
    schema.metadata.create_all(connection)
    connection.execute(insert(schema.layout).values(number=schema.LAYOUT))
    connection.execute(insert(schema.commit_clock).values(only=1, last_updated=0, last_rid=0))
    connection.execute(insert(schema.server_secret).values(name=_PAGE_KEY, value=os.urandom(32)))
    return False


def page_key(connection: Connection) -> bytes:
    """The key that seals page links, 32 bytes, made with the tables."""
    wanted = select(_SECRET.value).where(_SECRET.name == _PAGE_KEY)
    return bytes(connection.execute(wanted).scalar_one())


def _check_layout(connection: Connection, found: set[str]) -> None:
    number = None
    if schema.layout.name in found:
        number = connection.execute(select(schema.layout.c.number)).scalar_one_or_none()
    if number != schema.LAYOUT:
        raise DatabaseRefused(
            "The database was made by another version of this server.",
            "Name a new one with --database, and put everything into it again.",
        )
