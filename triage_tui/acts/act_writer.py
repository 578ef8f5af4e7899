"""What all acts have in common: effect, outbox row and log line go into one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fhir_r4.communications import About
from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import Raw
from fhir_r4.task_change import Act, TaskChange, apply
from fhir_r4.tasks import item_of, task_of
from local_store.records import OutboxOp, StoredItem
from local_store.transaction import Transaction
from local_store.views import Nurse, TimelineEntry
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.done import ActDone
from triage_tui.acts.local_alert import published
from triage_tui.acts.refused import ActRefused
from work_items import Band, Item, ItemCode

BASIS: Final = "tjenstlig behov"
"""On what ground a nurse sees a patient whom she acts on (pasientjournalloven § 22)."""


def new_op() -> str:
    """UUID of a new act, or of the resource that it creates."""
    return str(uuid.uuid4())


@dataclass(slots=True)
class ActWriter:
    """One act about one patient, inside one transaction."""

    tx: Transaction
    actor: Nurse
    patient: str
    now: Instant

    def change(
        self,
        stored: StoredItem,
        act: Act,
        outcome: str | None = None,
        *,
        until: Instant | None = None,
        reason: str | None = None,
        settled: bool = False,
    ) -> TaskChange:
        """Do something to an item here, and say what is to be done to its Task on the server.

        `until`, `reason`: of shelving. `settled`: it holds against whoever has the item now.
        """
        item = stored.item
        change = TaskChange(
            act=act,
            task=item.task,
            owner=self.actor.reference,
            at=self.now,
            saw_band=item.band,
            saw_level=item.level,
            saw_evidence=_evidence(item),
            saw_owner=item.owner,
            outcome=outcome,
            shelved_until=until,
            reason=reason,
            settled=settled,
        )
        self.tx.put_item(_changed(item, change, self.now))
        return change

    def queue(
        self,
        act: str,
        op: str,
        outgoing: Outgoing,
        about: Sequence[StoredItem] = (),
        depends_on: Iterable[str] = (),
        summary: Mapping[str, str] | None = None,
        created: Sequence[str] = (),
    ) -> None:
        """Put the op into the outbox, behind those that it needs.

        `about`: items that it changes or names; alerts among them that only this console has found are
        published ahead of it. `created`: UUIDs of Tasks that it creates.
        """
        local = [raw for stored in about for raw in published(self.tx, stored)]
        needs = [op for stored in about for op in self._creating(stored)]
        self.tx.queue_op(
            OutboxOp(
                op=op,
                act=act,
                patient=self.patient,
                author=self.actor.login,
                at=self.now,
                body=replace(outgoing, creates=(*local, *outgoing.creates)).to_bytes(),
                tasks=tuple(
                    dict.fromkeys(
                        [
                            *(change.task for change in outgoing.changes),
                            *(amendment.target for amendment in outgoing.amendments),
                            *created,
                        ]
                    )
                ),
                depends_on=tuple(dict.fromkeys([*needs, *depends_on])),
                base=about[0].version if len(about) == 1 else None,
                summary=summary or {},
            )
        )

    def done(
        self,
        act: str,
        op: str,
        ops: Sequence[str] = (),
        tasks: Iterable[str] = (),
        reason: str | None = None,
    ) -> ActDone:
        """Log whom she acted on, and why where she said so; work out the row anew; say what was done."""
        marks = self.tx.marks()
        self.tx.log_access(
            self.actor.login,
            [self.patient],
            act,
            BASIS,
            at=self.now,
            op=new_op(),
            reason=reason,
            offline=marks.offline_since is not None,
        )
        self.tx.refresh([self.patient], self.now)
        person = self.tx.person(self.patient)
        return ActDone(
            op=op,
            ops=tuple(ops) or (op,),
            patient=self.patient,
            patient_name=person.name if person else self.patient,
            birth_date=person.birth_date if person else None,
            tasks=tuple(tasks),
        )

    def _creating(self, stored: StoredItem) -> list[str]:
        """The unsent op that creates an item's Task, where the server doesn't have it yet."""
        if stored.reference is not None:
            return []
        return [one.op.op for one in self.tx.ops_on_task(stored.item.task)[:1]]


def found_item(tx: Transaction, task: str) -> StoredItem:
    """An open item. Raises ActRefused where there is none, or it is closed."""
    stored = tx.item(task)
    if stored is None:
        raise ActRefused(sentences.NO_SUCH_ITEM, task=task)
    if not stored.item.state.is_open:
        outcome = stored.item.outcome or stored.item.state.value
        raise ActRefused(sentences.CLOSED, outcome=outcome)
    return stored


def refuse_if_held(tx: Transaction, item: Item, actor: Nurse) -> None:
    """Raises ActRefused, naming takeover, where somebody else has the item."""
    if item.owner is not None and item.owner != actor.reference:
        known = tx.practitioner(item.owner)
        raise ActRefused(sentences.HELD, owner=known[1] if known else item.owner)


def patient_known(tx: Transaction, patient: str) -> None:
    """Raises ActRefused where there is no such patient."""
    if tx.person(patient) is None and not tx.items_of(patient):
        raise ActRefused(sentences.NO_SUCH_PATIENT, patient=patient)


def items_about(tx: Transaction, patient: str, about: Sequence[str]) -> list[StoredItem]:
    """The items that an act is about: those named, or without a name all of the patient's open ones.

    Raises ActRefused where there is no such patient, or a named item isn't hers.
    """
    patient_known(tx, patient)
    if not about:
        return [stored for stored in tx.items_of(patient) if stored.item.code is not ItemCode.ESCALATION]
    found: list[StoredItem] = []
    for task in dict.fromkeys(about):
        stored = tx.item(task)
        if stored is None:
            raise ActRefused(sentences.NO_SUCH_ITEM, task=task)
        if stored.item.patient != patient:
            raise ActRefused(sentences.NOT_HERS, task=task)
        found.append(stored)
    return found


def named(items: Iterable[StoredItem]) -> list[About]:
    """Items as a Communication names them."""
    return [About(stored.item.task, stored.reference) for stored in items]


def grounds(tx: Transaction, stored: StoredItem, entries: Iterable[TimelineEntry]) -> list[str]:
    """Unsent contacts, escalations and notes on which the closing or shelving of a red item rests."""
    if stored.item.band is not Band.RED:
        return []
    about = {stored.item.task, *stored.item.absorbed}
    unsent = (entry.id for entry in entries if not entry.sent and not about.isdisjoint(entry.about))
    return [op for op in unsent if tx.op(op) is not None]


def _changed(item: Item, change: TaskChange, now: Instant) -> Item:
    """An item after a change, by the very rules that its Task on the server will be changed by."""
    planned_at = min(item.raised, now) if item.code is ItemCode.FOLLOW_UP else None
    raw: Raw = apply(task_of(item, planned_at=planned_at), change)
    return replace(item_of(raw, item.episode, item.kind), local=item.local)


def _evidence(item: Item) -> tuple[str, ...]:
    changes = item.episode.changes if item.episode else ()
    return tuple(dict.fromkeys(change.reading for change in changes if change.reading))
