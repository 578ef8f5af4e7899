"""What the server doesn't have, as F4 and `triage outbox` show it: waiting, refused, or in conflict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from local_store.context import Context
from local_store.outbox import dependencies, unsent_ops
from local_store.people import practitioners, read_person, unknown_person
from local_store.records import StoredOp
from local_store.timeline import entries_of, read_entry
from local_store.views import OpState, Person, TimelineEntry
from local_store.work import read_item
from threshold_engine.model import Instant
from work_items import Item

_GROUPS: Final[tuple[OpState, ...]] = ("conflict", "parked", "pending")
_KEPT: Final = ("note", "contact", "message", "escalation")


@dataclass(frozen=True, slots=True)
class WaitsFor:
    """An act that has to be sent first."""

    op: str
    act: str
    at: Instant
    state: OpState


@dataclass(frozen=True, slots=True)
class UnsentAct:
    """One thing that the nurse did and that the server doesn't have."""

    op: str
    act: str
    at: Instant
    state: OpState
    answer: str | None
    """Why it was refused or is in conflict, as the outbox keeps it (English)."""
    attempts: int
    person: Person | None
    """Whom it is about."""
    summary: Mapping[str, str]
    text: str = ""
    """What she wrote, as far as it can be corrected."""
    waits_for: tuple[WaitsFor, ...] = ()
    items: tuple[Item, ...] = ()
    """The work items that it changes, as they are now: in a conflict what the other side made of them."""
    owners: Mapping[str, str] | None = None
    """Owner's reference → display name, of these items."""
    kept: tuple[TimelineEntry, ...] = ()
    """Notes, contacts and escalations about these items: they stay whatever is chosen. Newest first."""


@dataclass(frozen=True, slots=True)
class UnsentView:
    """All of them: conflicts first, then what was refused, then what waits; each group oldest first."""

    now: Instant
    acts: tuple[UnsentAct, ...]


def patients_of(acts: Iterable[UnsentAct]) -> list[str]:
    """Whom these acts are about, once each, for the access log."""
    return list(dict.fromkeys(act.person.id for act in acts if act.person is not None))


def unsent_view(context: Context, now: Instant) -> UnsentView:
    """What the server doesn't have at `now`."""
    ops = unsent_ops(context)
    needs = dependencies(context)
    by_op = {stored.op.op: stored for stored in ops}
    acts = [_act(context, stored, _needed(stored, needs, by_op)) for stored in ops]
    return UnsentView(now, tuple(sorted(acts, key=lambda act: _GROUPS.index(act.state))))


def _needed(
    stored: StoredOp, needs: Mapping[str, list[str]], by_op: Mapping[str, StoredOp]
) -> list[WaitsFor]:
    found = (by_op[op] for op in needs.get(stored.op.op, ()) if op in by_op)
    return [WaitsFor(one.op.op, one.op.act, one.op.at, one.state) for one in found]


def _act(context: Context, stored: StoredOp, waits_for: Iterable[WaitsFor]) -> UnsentAct:
    op = stored.op
    items: tuple[Item, ...] = ()
    kept: tuple[TimelineEntry, ...] = ()
    owners: dict[str, str] = {}
    if stored.state == "conflict" and op.patient is not None:
        found = (read_item(context, task) for task in op.tasks)
        items = tuple(one.item for one in found if one is not None)
        known = practitioners(context, (item.owner for item in items if item.owner))
        owners = {reference: name for reference, (_login, name) in known.items()}
        about = {task for item in items for task in (item.task, *item.absorbed)}
        kept = tuple(
            entry
            for entry in entries_of(context, op.patient)
            if entry.kind in _KEPT and not about.isdisjoint(entry.about)
        )
    entry = read_entry(context, op.op)
    who = None
    if op.patient is not None:
        who = read_person(context, op.patient) or unknown_person(op.patient)
    return UnsentAct(
        op=op.op,
        act=op.act,
        at=op.at,
        state=stored.state,
        answer=stored.answer,
        attempts=stored.attempts,
        person=who,
        summary=op.summary,
        text=entry[1].text if entry else op.summary.get("reason", ""),
        waits_for=tuple(waits_for),
        items=items,
        owners=owners,
        kept=kept,
    )
