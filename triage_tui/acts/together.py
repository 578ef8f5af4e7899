"""Many blue items of one kind at once, for one reason: all of them are done, or none is."""

from __future__ import annotations

from collections.abc import Sequence

from local_store import Store
from local_store.transaction import Transaction
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts.act_writer import found_item
from triage_tui.acts.complete import complete_in, outcome_of
from triage_tui.acts.done import ActDone
from triage_tui.acts.refused import of_refusal
from triage_tui.acts.shelve import reason_of, shelve_in
from work_items import Centre, may_do_together


def complete_many(
    store: Store, actor: Nurse, tasks: Sequence[str], outcome: str, now: Instant
) -> tuple[ActDone, ...]:
    """Complete items with one outcome, each by an op of its own.

    Raises:
        ActRefused: Any is red or yellow, they aren't of one kind, or one can't be completed by itself.
    """
    ended = outcome_of(outcome)
    with store.write() as tx:
        _refuse_unlike(tx, tasks)
        return tuple(complete_in(tx, actor, task, ended, now) for task in tasks)


def shelve_many(
    store: Store,
    actor: Nurse,
    tasks: Sequence[str],
    until: Instant,
    reason: str,
    now: Instant,
    *,
    centre: Centre,
) -> tuple[ActDone, ...]:
    """Put items off until then for one reason, each by an op of its own.

    Raises:
        ActRefused: Any is red or yellow, they aren't of one kind, or one can't be put off by itself.
    """
    words = reason_of(reason)
    with store.write() as tx:
        _refuse_unlike(tx, tasks)
        return tuple(shelve_in(tx, actor, task, until, words, now, centre) for task in tasks)


def _refuse_unlike(tx: Transaction, tasks: Sequence[str]) -> None:
    refusal = may_do_together([found_item(tx, task).item for task in tasks])
    if refusal is not None:
        raise of_refusal(refusal)
