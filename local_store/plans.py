"""Care plans in the cache, and which one is in force.

Exactly one active plan is right. Of several the one changed last judges; the last readable version stays in
force; none, several and unreadable ones are said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from local_store.context import Context
from local_store.packing import pack, unpack
from local_store.records import PlanRecord
from local_store.tables import Plan as PlanRow
from local_store.upsert import put
from local_store.views import Pause, PlanView
from threshold_engine import Plan, PlanError, load_case, read_plan
from threshold_engine.model import Instant

NO_PLAN: Final = "No active plan"
SEVERAL: Final = "More than one active plan: the one changed last is used"
UNREADABLE: Final = "The plan can't be read"


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """The plan that judges a patient; `plan` is none where no readable one was ever seen."""

    record: PlanRecord | None
    plan: Plan | None
    problem: str | None


def put_plan(context: Context, record: PlanRecord) -> None:
    """Put a CarePlan. Where its engine plan can't be read, the last readable one of it stays in force."""
    engine = record.engine_plan
    if engine is not None:
        try:
            _parse(engine, record.patient)
        except (PlanError, ValueError) as error:
            record, engine = replace(record, engine_plan=None, problem=record.problem or str(error)), None
    if engine is None:
        engine = context.connection.exec_driver_sql(
            "SELECT engine FROM plan WHERE reference = ?", (record.reference,)
        ).scalar()
    put(
        context.connection,
        PlanRow(
            reference=record.reference,
            patient=context.patients.make(record.patient),
            active=record.active,
            changed=record.changed,
            engine=engine,
            body=pack(replace(record, engine_plan=None)),
        ),
    )


def drop_plan(context: Context, reference: str) -> None:
    """Take away a plan that the server no longer has."""
    context.connection.exec_driver_sql("DELETE FROM plan WHERE reference = ?", (reference,))


def plan_in_force(context: Context, patient: str) -> PlanInForce:
    """The plan that judges a patient, and what is wrong with her plans."""
    rows = context.connection.exec_driver_sql(
        """SELECT body, engine FROM plan WHERE patient = ? AND active
        ORDER BY changed DESC, reference DESC""",
        (context.patients.find(patient),),
    ).all()
    if not rows:
        return PlanInForce(None, None, NO_PLAN)
    record = unpack(PlanRecord, rows[0][0])
    engine = next((row[1] for row in rows if row[1] is not None), None)
    plan = None if engine is None else _parse(engine, patient)
    if len(rows) > 1:
        return PlanInForce(record, plan, SEVERAL)
    if record.problem is not None:
        return PlanInForce(record, plan, f"{UNREADABLE}: {record.problem}")
    return PlanInForce(record, plan, None if plan else UNREADABLE)


def engine_plan(context: Context, patient: str) -> bytes | None:
    """The engine's plan that judges a patient, as JSON; None where there is no readable one."""
    return dict(engine_plans(context, patient)).get(patient)


def engine_plans(context: Context, patient: str | None = None) -> Iterator[tuple[str, bytes]]:
    """The same with the patient's logical id, of everybody who has one, or of one patient only."""
    rows = context.connection.exec_driver_sql(
        """SELECT p.id, c.engine FROM plan c JOIN patient p ON p.n = c.patient
        WHERE c.active AND c.engine IS NOT NULL AND (? IS NULL OR p.id = ?)
        ORDER BY c.patient, c.changed DESC, c.reference DESC""",
        (patient, patient),
    )
    last = None
    for patient_id, engine in rows:
        if patient_id != last:
            yield patient_id, engine
        last = patient_id


def plan_view(found: PlanInForce, now: Instant) -> PlanView:
    """What the screens say of the plan in force, or of its absence."""
    record = found.record
    if record is None:
        return PlanView("", None, None, None, None, (), found.problem)
    version = found.plan.in_force(now) if found.plan else None
    number = version.version if version else None
    approval = next((one for one in reversed(record.approvals) if one.version == number), None)
    return PlanView(
        title=record.title,
        version=number,
        approved_by=approval.by if approval else None,
        approved_at=approval.at if approval else None,
        author=record.author,
        zones=record.zones,
        problem=found.problem,
        paused=paused(found, now),
    )


def paused(found: PlanInForce, now: Instant) -> Pause | None:
    """The pause that is going on by the plan itself, with what was told of it."""
    own = found.plan.pauses if found.plan else ()
    going_on = next((one for one in own if one.start <= now and (one.end is None or now < one.end)), None)
    if going_on is None:
        return None
    told = [one for one in (found.record.pauses if found.record else ()) if one.holds(now)]
    return told[-1] if told else Pause(going_on.start, going_on.end, "", None, going_on.start)


@lru_cache(maxsize=1024)
def _parse(engine: bytes, patient: str) -> Plan:
    return read_plan(load_case(engine), patient)
