"""The queue's order: which patient comes first, and what stands in her row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from threshold_engine.model import Instant
from work_items.model import Item, ItemCode, Row
from work_items.shelving import hidden_now, shelved_now

_Key: TypeAlias = tuple[int, bool, Instant, int, int, str]


def listed(items: Iterable[Item], now: Instant) -> dict[str, list[Item]]:
    """The items that count, by patient: open, neither shelved nor hidden, and no mere tracking."""
    of_patient: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        of_patient[item.patient].append(item)
    counting = {
        patient: [item for item in theirs if _counts(item, theirs, now)]
        for patient, theirs in of_patient.items()
    }
    return {patient: theirs for patient, theirs in counting.items() if theirs}


def order_rows(items: Iterable[Item], news2: Mapping[str, int | None], now: Instant) -> list[Row]:
    """The queue, first row first; `rank` counts from 1.

    `items` may hold anything: closed, shelved and hidden ones are left out here. `news2` is the newest
    NEWS2 sum by patient, none (or left out) where there is no fresh one.
    """
    rows = [_row(patient, theirs, news2.get(patient), now) for patient, theirs in listed(items, now).items()]
    rows.sort(key=_place)
    return [replace(row, rank=rank) for rank, row in enumerate(rows, start=1)]


def put_off_rows(items: Iterable[Item], now: Instant) -> list[Row]:
    """Patients whose open items are all shelved or hidden: not in the queue, so of rank 0.

    Those who come back first stand first.
    """
    of_patient: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.state.is_open and item.code is not ItemCode.ESCALATION:
            of_patient[item.patient].append(item)
    rows = [
        _row(patient, theirs, None, now)
        for patient, theirs in of_patient.items()
        if not any(_counts(item, theirs, now) for item in theirs)
    ]
    return sorted(rows, key=lambda row: (comes_back(row.items), row.patient))


def comes_back(items: Iterable[Item]) -> Instant:
    """When the first of items that are put off is in the queue again by itself."""
    return min(max(item.shelved_until or 0, item.hidden_until or 0) for item in items)


def item_order(item: Item) -> tuple[int, Instant, str]:
    """Sorts a row's items: band, worst first; respond-by; task."""
    return (-item.band, item.respond_by, item.task)


def _counts(item: Item, theirs: list[Item], now: Instant) -> bool:
    return (
        item.state.is_open
        and item.code is not ItemCode.ESCALATION
        and not hidden_now(item, now)
        and not shelved_now(item, now, theirs)
    )


def _row(patient: str, items: list[Item], news2: int | None, now: Instant) -> Row:
    ordered = tuple(sorted(items, key=item_order))
    band = ordered[0].band
    leading = [item for item in ordered if item.band is band]
    respond_by = leading[0].respond_by
    return Row(
        rank=0,
        patient=patient,
        band=band,
        standing=any(item.stands for item in leading),
        respond_by=respond_by,
        overdue=now > respond_by,
        news2=news2,
        items=ordered,
    )


def _place(row: Row) -> _Key:
    return (-row.band, not row.standing, row.respond_by, -(row.news2 or 0), -len(row.items), row.patient)
