"""Making the tables of a new database, and taking those of an old one forward."""

from __future__ import annotations

import os
from typing import Final

from sqlalchemy import Connection, insert, inspect, select

from followup_server.storage import migrations, schema

_SECRET = schema.server_secret.c
_PAGE_KEY: Final = "page-links"


def make_tables(connection: Connection) -> bool:
    """Make the tables where there are none, or change them into today's; gives whether there were any.

    Raises DatabaseRefused for tables that can't be changed into today's.
    """
    found = set(inspect(connection).get_table_names())
    if schema.resource.name in found:
        layout = migrations.current(connection) if schema.layout.name in found else None
        migrations.migrate(connection, layout)
        return True
    schema.metadata.create_all(connection)
    connection.execute(insert(schema.layout).values(number=migrations.NEWEST))
    connection.execute(insert(schema.commit_clock).values(only=1, last_updated=0, last_rid=0))
    connection.execute(insert(schema.server_secret).values(name=_PAGE_KEY, value=os.urandom(32)))
    return False


def page_key(connection: Connection) -> bytes:
    """The key that seals page links, 32 bytes, made with the tables."""
    wanted = select(_SECRET.value).where(_SECRET.name == _PAGE_KEY)
    return bytes(connection.execute(wanted).scalar_one())
