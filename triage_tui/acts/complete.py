"""Completing a work item with an outcome, by the rules for red."""

from __future__ import annotations

from fhir_r4.outgoing import Outgoing
from local_store import Store
from local_store.touches import touches_of
from local_store.transaction import Transaction
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, found_item, grounds, new_op, refuse_if_held
from triage_tui.acts.done import ActDone
from triage_tui.acts.note import put_note
from triage_tui.acts.refused import ActRefused, of_refusal
from work_items import Outcome, may_complete


def complete(
    store: Store, actor: Nurse, task: str, outcome: str, now: Instant, *, note: str | None = None
) -> ActDone:
    """Complete an item; one that nobody holds is taken in the same op. A note is an op of its own, ahead.

    Raises:
        ActRefused: No such open item or outcome, somebody else has it (use takeover), or the rules say no.
    """
    ended = outcome_of(outcome)
    with store.write() as tx:
        return complete_in(tx, actor, task, ended, now, note=note)


def complete_in(
    tx: Transaction, actor: Nurse, task: str, ended: Outcome, now: Instant, *, note: str | None = None
) -> ActDone:
    """The same inside a transaction, which others may be part of. Raises ActRefused."""
    stored = found_item(tx, task)
    refuse_if_held(tx, stored.item, actor)
    writer = ActWriter(tx, actor, stored.item.patient, now)
    ops = [put_note(writer, note, [stored])] if note and note.strip() else []
    entries = tx.entries_of(stored.item.patient)
    refusal = may_complete(stored.item, ended, touches_of(entries), now)
    if refusal is not None:
        raise of_refusal(refusal)
    op = new_op()
    change = writer.change(stored, "complete", ended.value)
    writer.queue(
        "complete",
        op,
        Outgoing(changes=(change,)),
        about=[stored],
        depends_on=grounds(tx, stored, entries),
        summary={"outcome": ended.value},
    )
    return writer.done("complete", op, [*ops, op], [task])


def outcome_of(text: str) -> Outcome:
    """An outcome by its word. Raises ActRefused where there is no such."""
    try:
        return Outcome(text)
    except ValueError:
        allowed = ", ".join(one.value for one in Outcome if one is not Outcome.SELF_RESOLVED)
        raise ActRefused(sentences.NO_OUTCOME, outcome=text, outcomes=allowed) from None
