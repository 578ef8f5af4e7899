"""What the queue says about a patient, worked out with the engine when something of hers has changed.

So that drawing the queue judges nothing: it reads a row per patient.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from local_store.context import Context
from local_store.packing import pack
from local_store.plans import plan_in_force, plan_view
from local_store.readings import last_reading, stored_readings
from local_store.returning import put_returns
from local_store.tables import Explanation, Projection
from local_store.timeline import last_contact
from local_store.upsert import put
from local_store.views import News2View, WeekTrend
from local_store.work import items_of, set_kinds
from threshold_engine import Plan, judge_patient, news2_sum
from threshold_engine.model import Because, Episode, Instant, Level, Scaled
from threshold_engine.readings import Reading
from threshold_engine.rules import ScoreRule
from threshold_engine.selection import usable
from work_items import Band, Item, item_order

OSLO: Final = ZoneInfo("Europe/Oslo")
WEEK: Final = 7
"""Days of the little trend, today's included."""
BUILT_IN: Final = "implausible"
_ONE_HOUR: Final = 3_600_000


def refresh(context: Context, patient: str, now: Instant) -> None:
    """Work out a patient's row anew. Readings are only judged where she has open items."""
    number = context.patients.make(patient)
    found = plan_in_force(context, patient)
    items = [stored.item for stored in items_of(context, patient, None)]
    news2: News2View | None = None
    week: WeekTrend | None = None
    if items:
        readings = [stored.reading for stored in stored_readings(context, patient, None)]
        news2 = news2_view(found.plan, readings, now)
        reasons = _explain(context, items, found.plan, readings, now)
        week = _week(min(items, key=item_order), reasons, found.plan, readings, now)
    contact = last_contact(context, number)
    put(
        context.connection,
        Projection(
            patient=number,
            news2=pack(news2) if news2 else None,
            week=pack(week) if week else None,
            contact=pack(contact) if contact else None,
            plan=pack(plan_view(found, now)),
            plan_title=found.record.title if found.record else None,
            last_reading=last_reading(context, number),
        ),
    )


def news2_view(plan: Plan | None, readings: list[Reading], now: Instant) -> News2View | None:
    """The newest NEWS2 sum, by the plan's score rule: scale 1 and one hour where it has none."""
    version = plan.in_force(now) if plan else None
    rules = [rule for rule in version.rules if isinstance(rule, ScoreRule)] if version else []
    scale, window = (rules[0].scale, rules[0].window) if rules else (1, _ONE_HOUR)
    found = news2_sum(readings, now, scale=scale, window=window)
    return None if found is None else News2View(found.total, found.known, found.at)


def kind_of(plan: Plan | None, episode: Episode) -> str | None:
    """The kind of an episode's rule, as it stood when the episode began or at any later time."""
    if episode.rule.startswith(f"{BUILT_IN}:"):
        return BUILT_IN
    if plan is None:
        return None
    rule = plan.rule(episode.rule, episode.onset)
    if rule is None:
        rule = next((one for v in plan.versions for one in v.rules if one.id == episode.rule), None)
    return rule.kind if rule else None


def _explain(
    context: Context, items: list[Item], plan: Plan | None, readings: list[Reading], now: Instant
) -> dict[str, Because]:
    """Put why each item's level changed, and its rule's kind; give the latest reason by task."""
    latest: dict[str, Because] = {}
    judged = judge_patient(plan, readings, now) if plan else None
    if plan and judged:
        put_returns(context, items, plan, judged, readings)
    kinds: list[tuple[str | None, str]] = []
    for item in items:
        if item.episode is None:
            continue
        kind = kind_of(plan, item.episode)
        if kind is not None and kind != item.kind:
            kinds.append((kind, item.task))
        reasons = judged.explain(item.episode) if judged else ()
        if reasons:
            latest[item.task] = reason_for(item, reasons)
            body = Explanation(task=item.task, latest=pack(latest[item.task]), body=pack(reasons))
            put(context.connection, body)
    set_kinds(context, kinds)
    return latest


def reason_for(item: Item, reasons: tuple[Because, ...]) -> Because:
    """Of the changes of an episode the last to the level that the item's band stands for."""
    level = Level.RED if item.band is Band.RED else Level.YELLOW
    return next((one for one in reversed(reasons) if one.level is level), reasons[-1])


def _week(
    item: Item, reasons: dict[str, Because], plan: Plan | None, readings: list[Reading], now: Instant
) -> WeekTrend | None:
    """Daily means of the first of the item's codes that has numbers this week."""
    today = _local(now).date()
    days = {(today - timedelta(days=back)).isoformat() for back in range(WEEK)}
    mine = usable(readings, now, {item.patient}).get(item.patient)
    for code in _codes(item, reasons, plan) if mine else ():
        of_day: dict[str, list[Scaled]] = defaultdict(list)
        numbers = mine.series(code).numbers if mine else None
        for at, value in zip(numbers.times, numbers.values, strict=True) if numbers else ():
            if at > now - (WEEK + 1) * 24 * _ONE_HOUR:
                of_day[_local(at).date().isoformat()].append(value)
        means = {day: round(sum(of_day[day]) / len(of_day[day])) for day in sorted(of_day.keys() & days)}
        if means:
            return WeekTrend(code, means)
    return None


def _codes(item: Item, reasons: dict[str, Because], plan: Plan | None) -> tuple[str, ...]:
    """What an item is about, by its reason or else by its rule."""
    reason = reasons.get(item.task)
    if reason is not None:
        return reason.codes
    if item.episode is None:
        return ()
    built_in = item.episode.rule.removeprefix(f"{BUILT_IN}:")
    if built_in != item.episode.rule:
        return (built_in,)
    rule = plan.rule(item.episode.rule, item.episode.onset) if plan else None
    return rule.codes if rule else ()


def _local(at: Instant) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).astimezone(OSLO)
