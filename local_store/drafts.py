"""What a nurse has typed and not signed: it outlives the form, the lock, a kill and a restart."""

from __future__ import annotations

from local_store.context import Context
from local_store.records import Draft
from local_store.tables import DraftRow
from local_store.upsert import put


def put_draft(context: Context, draft: Draft) -> None:
    """Keep what a form says now, in place of what it said before."""
    put(
        context.connection,
        DraftRow(patient=context.patients.make(draft.patient), form=draft.form, at=draft.at, text=draft.text),
    )


def drop_draft(context: Context, patient: str, form: str) -> None:
    """It was signed or emptied; nothing happens where there is none."""
    number = context.patients.find(patient)
    context.connection.exec_driver_sql("DELETE FROM draft WHERE patient = ? AND form = ?", (number, form))


def read_drafts(context: Context) -> list[Draft]:
    """All of them, the oldest first."""
    rows = context.connection.exec_driver_sql(
        "SELECT p.id, d.form, d.text, d.at FROM draft d JOIN patient p ON p.n = d.patient ORDER BY d.at"
    )
    return [Draft(*row) for row in rows]
