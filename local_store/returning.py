"""Shelved items that readings bring back: worked out when the readings come, read with the queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from local_store.context import Context
from local_store.packing import pack
from threshold_engine.model import Instant
from threshold_engine.patient_judge import PatientJudge
from threshold_engine.plans import Plan
from threshold_engine.readings import Reading
from work_items import Item, with_return
from work_items.model import ItemState


def put_returns(
    context: Context, items: Sequence[Item], plan: Plan, judged: PatientJudge, readings: Iterable[Reading]
) -> None:
    """Keep with each shelved item when readings brought it back, if any did (docs/queue.md, shelving)."""
    shelved = [item for item in items if item.state is ItemState.ON_HOLD]
    if not shelved:
        return
    known = list(readings)
    received = {one.id: one.effective if one.received is None else one.received for one in known}
    for item in shelved:
        rule = item.rule
        steps = {rule: judged.steps(rule)} if rule is not None else {}
        newest = _newest(item, plan, known, received) if rule is not None else None
        back = with_return(item, steps, received, {rule: newest} if rule and newest is not None else {})
        if back.back_at != item.back_at:
            context.connection.exec_driver_sql(
                "UPDATE item SET body = ? WHERE task = ?", (pack(replace(back, episode=None)), item.task)
            )


def _newest(
    item: Item, plan: Plan, readings: Sequence[Reading], received: dict[str, Instant]
) -> Instant | None:
    """When the newest reading of any of the codes of the item's rule was received."""
    if item.episode is None:
        return None
    rule = plan.rule(item.episode.rule, item.episode.onset)
    codes = rule.codes if rule else (item.episode.rule.partition(":")[2],)
    return max((received[one.id] for one in readings if one.code in codes), default=None)
