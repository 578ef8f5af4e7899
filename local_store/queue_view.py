"""The queue as the screens and commands read it: a fixed number of queries, however long it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from local_store.context import Context
from local_store.outbox import unsent
from local_store.packing import unpack, unpack_or_none
from local_store.people import practitioners, unknown_person
from local_store.status import status
from local_store.timeline import entries_by_patient
from local_store.touches import touches_of
from local_store.views import (
    News2View,
    Person,
    PlanView,
    QueueEntry,
    QueueView,
    TimelineEntry,
    WeekTrend,
)
from local_store.work import joined_item
from threshold_engine.model import Because, Instant
from work_items import Centre, Item, Row, order_rows, put_off_rows, taken_without_action


def queue(context: Context, now: Instant, centre: Centre) -> QueueView:
    """Everything about the queue at `now`, from one read transaction."""
    items, reasons = _open_items(context)
    patients = _patients(context)
    fresh = centre.start_of_previous_opening_day(now)
    news2 = {patient: fresh_news2(row[2], fresh) for patient, row in patients.items()}
    rows = order_rows(items, {patient: view.total if view else None for patient, view in news2.items()}, now)
    put_off = put_off_rows(items, now)
    held = (row.items[0].owner for row in (*rows, *put_off) if row.items[0].owner)
    owners = practitioners(context, held)
    ops, tasks = unsent(context)
    idle = _idle(context, rows, now)

    def entry(row: Row) -> QueueEntry:
        found = _entry(row, patients[row.patient], news2[row.patient], reasons, owners, ops, tasks)
        return replace(found, idle=True) if row.patient in idle else found

    return QueueView(
        now,
        tuple(entry(row) for row in rows),
        len(put_off),
        status(context),
        tuple(entry(row) for row in put_off),
    )


def _idle(context: Context, rows: list[Row], now: Instant) -> frozenset[str]:
    """Patients with a red item that somebody took half an hour ago, and has done nothing about since."""
    held = {
        row.patient: row.items
        for row in rows
        if any(taken_without_action(item, (), now) for item in row.items)
    }
    entries = entries_by_patient(context, held) if held else {}
    return frozenset(
        patient
        for patient, items in held.items()
        if any(taken_without_action(item, touches_of(entries.get(patient, ())), now) for item in items)
    )


def fresh_news2(body: bytes | None, fresh: Instant) -> News2View | None:
    """The NEWS2 sum, where anything of it is newer than the start of the previous opening day."""
    found = unpack_or_none(News2View, body)
    return found if found is not None and found.at > fresh else None


def _open_items(context: Context) -> tuple[list[Item], dict[str, bytes]]:
    """Open items with their episodes, and by task the packed reason of each."""
    rows = context.connection.exec_driver_sql(
        """SELECT i.body, i.kind, e.body, i.task, x.latest FROM item i
        LEFT JOIN episode e ON e.id = i.episode LEFT JOIN explanation x ON x.task = i.task WHERE i.open"""
    ).all()
    reasons = {row[3]: row[4] for row in rows if row[4] is not None}
    return [joined_item(row[0], row[1], row[2]) for row in rows], reasons


def _patients(context: Context) -> dict[str, Sequence[Any]]:
    """Patients with open items: id, person, NEWS2, week, contact, plan."""
    rows = context.connection.exec_driver_sql(
        """SELECT p.id, p.body, j.news2, j.week, j.contact, j.plan
        FROM patient p LEFT JOIN projection j ON j.patient = p.n
        WHERE p.n IN (SELECT patient FROM item WHERE open)"""
    )
    return {row[0]: row for row in rows}


def _entry(
    row: Row,
    patient: Sequence[Any],
    news2: News2View | None,
    reasons: Mapping[str, bytes],
    owners: Mapping[str, tuple[str | None, str]],
    unsent_ops: frozenset[str],
    unsent_tasks: frozenset[str],
) -> QueueEntry:
    _, person, _, week, contact, plan = patient
    first = row.items[0]
    login, name = owners.get(first.owner, (None, first.owner)) if first.owner else (None, None)
    last = unpack_or_none(TimelineEntry, contact)
    return QueueEntry(
        row=row,
        person=unpack(Person, person) if person else unknown_person(row.patient),
        because={
            item.task: unpack(Because, reasons[item.task]) for item in row.items if item.task in reasons
        },
        owner_login=login,
        owner_name=name,
        owner_unconfirmed=first.owner is not None and first.task in unsent_tasks,
        news2=news2,
        week=unpack_or_none(WeekTrend, week),
        last_contact=replace(last, sent=last.id not in unsent_ops) if last else None,
        plan=unpack_or_none(PlanView, plan),
    )
