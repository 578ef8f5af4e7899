"""How much the judge has to do."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from followup_server.storage import schema
from threshold_engine.model import Instant

_DUE = schema.patient_state.c.due


def waiting(connection: Connection, now: Instant) -> int:
    """How many patients are to be judged by now."""
    return connection.execute(select(func.count()).where(now >= _DUE)).scalar_one()
