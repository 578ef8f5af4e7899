"""When to judge again though nothing new has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from threshold_engine.judge import judge_usable
from threshold_engine.model import Instant
from threshold_engine.plans import Plan, one_plan_each
from threshold_engine.readings import Reading
from threshold_engine.rules import MissingRule
from threshold_engine.selection import Usable, usable


def next_due(plans: Sequence[Plan], readings: Iterable[Reading], now: Instant) -> Instant | None:
    """The earliest instant after `now` at which the answer may change without new input; none if it can't.

    That is a timer, a reading dated ahead, or the edge of a plan's version or of a pause. Up to that instant
    `evaluate` gives the same answer as now. Raises PlanError where a patient has two plans.
    """
    one_plan_each(plans)
    mine = usable(readings, now, {plan.patient for plan in plans})
    ahead = (at for plan in plans for at in _ahead(plan, mine.get(plan.patient, Usable()), now))
    return min(ahead, default=None)


def _ahead(plan: Plan, readings: Usable, now: Instant) -> Iterator[Instant]:
    if not plan.versions:
        return
    edges = [version.valid_from for version in plan.versions]
    if any(isinstance(rule, MissingRule) for version in plan.versions for rule in version.rules):
        edges += [pause.start for pause in plan.pauses]
        edges += [pause.end for pause in plan.pauses if pause.end is not None]
    yield from (edge for edge in edges if edge > now)
    if readings.ahead is not None:
        yield readings.ahead
    timer = judge_usable(plan, readings, now).due()
    if timer is not None:
        yield timer
