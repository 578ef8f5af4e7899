"""How long the database may work on one answer: it breaks off by itself, and the client is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from followup_server.problems import TooCostly

_STEPS: Final = 20_000
"""Of SQLite's machine between two looks at the clock: some milliseconds."""
_CANCELLED: Final = "57014"
"""What PostgreSQL calls a statement that took too long."""


@contextmanager
def at_most(connection: Connection, seconds: int | None) -> Iterator[None]:
    """Let the statements of a block take no longer than that (none: as long as they like).

    Raises TooCostly when they do.
    """
    if seconds is None:
        yield
    elif connection.dialect.name == "sqlite":
        with _watched(connection, time.monotonic() + seconds):
            yield
    else:
        connection.execute(text(f"SET LOCAL statement_timeout = {max(seconds * 1000, 1):d}"))
        try:
            yield
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _CANCELLED:
                raise _too_costly() from None
            raise


@contextmanager
def _watched(connection: Connection, end: float) -> Iterator[None]:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 (connected)
    late = False

    def is_late() -> bool:
        nonlocal late
        late = time.monotonic() >= end
        return late

    driver.set_progress_handler(is_late, _STEPS)
    try:
        yield
    except DBAPIError:
        if late:
            raise _too_costly() from None
        raise
    finally:
        driver.set_progress_handler(None, 0)


def _too_costly() -> TooCostly:
    return TooCostly("The search takes too long; narrow it, ask for smaller pages, or try again later.")
