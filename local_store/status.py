"""How fresh the cache is, and what has not been sent."""

from __future__ import annotations

from local_store.access_log import count_unsent_access
from local_store.context import Context
from local_store.outbox import counts_by_state
from local_store.own_judging import disagreements
from local_store.readings import TALLY
from local_store.settings import read_marks, tally
from local_store.views import StatusView


def status(context: Context) -> StatusView:
    """The state of the cache; readings are counted as they are put, since counting reads the whole table."""
    marks = read_marks(context)
    counts = counts_by_state(context)
    patients = context.connection.exec_driver_sql(
        "SELECT count(*) FROM patient WHERE body IS NOT NULL"
    ).scalar_one()
    return StatusView(
        last_sync=marks.last_sync,
        offline_since=marks.offline_since,
        pending=counts.get("pending", (0, 0))[0],
        parked=counts.get("parked", (0, 0))[0],
        conflicts=counts.get("conflict", (0, 0))[0],
        audit_pending=count_unsent_access(context),
        oldest_pending=counts["pending"][1] if "pending" in counts else None,
        patients=patients,
        readings=tally(context, TALLY),
        loaded=marks.loaded,
        server_time_skew_ms=marks.skew_ms,
        oldest_unsent=min((oldest for _, oldest in counts.values()), default=None),
        disagreements=disagreements(context, marks.fetched_until),
    )
