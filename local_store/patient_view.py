"""Everything that the patient screen shows, from one read transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from local_store.context import Context
from local_store.limits import limit_spans
from local_store.lines import item_lines, reading_lines
from local_store.packing import unpack_becauses
from local_store.people import practitioners, read_person, unknown_person
from local_store.plans import plan_in_force, plan_view
from local_store.projection import news2_view
from local_store.readings import newest_readings, stored_readings
from local_store.records import PlanRecord, StoredReading
from local_store.status import status
from local_store.timeline import entries_of
from local_store.views import PatientView, ReadingView, TimelineEntry
from local_store.work import items_of
from threshold_engine import UNITS
from threshold_engine.model import Because, Instant, Level
from threshold_engine.selection import newest_versions, standing
from work_items import DAY, Centre, Item, item_order

CLOSED_DAYS = 30
"""How long closed items stay on the screen, in days."""


def patient(context: Context, patient_id: str, now: Instant, days: int, centre: Centre) -> PatientView | None:
    """The patient's screen at `now`; None where the cache has never heard of that id."""
    if context.patients.find(patient_id) is None:
        return None
    found = plan_in_force(context, patient_id)
    stored = items_of(context, patient_id, now - max(days, CLOSED_DAYS) * DAY)
    items = _ordered([one.item for one in stored])
    owners = _owners(context, items)
    readings = [one.reading for one in stored_readings(context, patient_id, now - 8 * DAY)]
    news2 = news2_view(found.plan, readings, now)
    fresh = centre.start_of_previous_opening_day(now)
    shown = _readings(context, patient_id, now - days * DAY)
    levels = [item.level for item in items if item.state.is_open and item.level is not None]
    return PatientView(
        person=read_person(context, patient_id) or unknown_person(patient_id),
        items=items,
        because=_reasons(context, items),
        owners=owners,
        level=max(levels, default=Level.GREEN),
        plan=plan_view(found, now),
        limits=limit_spans(found.plan),
        readings=shown,
        timeline=_timeline(context, patient_id, items, owners, found.record, shown),
        news2=news2 if news2 is not None and news2.at > fresh else None,
        status=status(context),
    )


def reading_view(stored: StoredReading) -> ReadingView:
    """A reading as the screens show it."""
    reading = stored.reading
    return ReadingView(
        id=reading.id,
        code=reading.code,
        value=reading.value,
        unit=stored.unit or UNITS.get(reading.code),
        effective=reading.effective,
        received=reading.received,
        status=reading.status,
        plausible=standing(reading)[1],
        comparator=stored.comparator,
        display=stored.display,
        unsent=stored.resource.startswith("outbox/"),
    )


def _ordered(items: Iterable[Item]) -> tuple[Item, ...]:
    """Open ones in the queue's order, then closed ones, the last closed first."""
    open_ones = sorted((item for item in items if item.state.is_open), key=item_order)
    closed = [item for item in items if not item.state.is_open]
    closed.sort(key=lambda item: (-(item.closed_at or 0), item.task))
    return (*open_ones, *closed)


def _owners(context: Context, items: Iterable[Item]) -> dict[str, str]:
    references = {item.owner for item in items if item.owner is not None}
    known = practitioners(context, references)
    return {reference: known[reference][1] if reference in known else reference for reference in references}


def _reasons(context: Context, items: tuple[Item, ...]) -> dict[str, tuple[Because, ...]]:
    if not items:
        return {}
    rows = context.connection.exec_driver_sql(
        """SELECT x.task, x.body FROM item i JOIN explanation x ON x.task = i.task WHERE i.patient = ?""",
        (context.patients.find(items[0].patient),),
    )
    shown = {item.task for item in items}
    return {row[0]: unpack_becauses(row[1]) for row in rows if row[0] in shown}


def _readings(context: Context, patient_id: str, since: Instant) -> tuple[ReadingView, ...]:
    """Of the days asked for, and the newest of each code; what a server has twice is shown once."""
    stored = [*stored_readings(context, patient_id, since), *newest_readings(context, patient_id)]
    by_reading = {id(one.reading): one for one in stored}
    chosen = [by_reading[id(reading)] for reading in newest_versions(one.reading for one in stored).values()]
    chosen.sort(key=lambda one: (-one.reading.effective, one.reading.code, one.reading.id))
    return tuple(map(reading_view, chosen))


def _timeline(
    context: Context,
    patient_id: str,
    items: Iterable[Item],
    owners: dict[str, str],
    plan: PlanRecord | None,
    readings: Iterable[ReadingView],
) -> tuple[TimelineEntry, ...]:
    """What was written down, with what happened to alerts, plan and readings among it; newest first."""
    lines = [*entries_of(context, patient_id), *item_lines(items, owners), *reading_lines(readings)]
    for approval in plan.approvals if plan else ():
        text, made = str(approval.version), f"{plan.reference if plan else ''}#v{approval.version}"
        lines.append(TimelineEntry(made, "plan", approval.at, approval.by, text))
    lines += _pause_lines(plan)
    return tuple(sorted(lines, key=lambda line: (-line.at, line.id)))


def _pause_lines(plan: PlanRecord | None) -> Iterator[TimelineEntry]:
    for pause in plan.pauses if plan else ():
        made = f"{plan.reference if plan else ''}#pause-{pause.at}"
        yield TimelineEntry(made, "pause", pause.at, pause.by, pause.reason)
        if pause.ended is not None:
            yield TimelineEntry(f"{made}-ended", "resume", pause.ended, pause.ended_by, "")
