"""What an act changed here, worked out anew once it has left the outbox or come back into it."""

from __future__ import annotations

from local_store.records import OutboxOp
from local_store.transaction import Transaction
from triage_tui.amended import show_amended_again
from triage_tui.laid_over import show_again


def show_act_again(tx: Transaction, op: OutboxOp) -> None:
    """The Tasks, readings and plan that an act changes: as the server has them, with what waits laid over."""
    for task in op.tasks:
        show_again(tx, task)
    show_amended_again(tx, op)
