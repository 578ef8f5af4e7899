"""Which of a patient's CarePlans judges her.

Exactly one active and readable is right. Of several the one changed last judges; where it can't be read, its
last readable version stays in force, else the next plan. Anything but exactly one is work for a nurse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fhir_r4.care_plans import PlanDocument, is_in_force, last_changed, plan_of
from fhir_r4.errors import BadPlan
from fhir_r4.plan_ending import last_end
from fhir_r4.raw import Raw, reference_of
from threshold_engine.model import Instant


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """The plan that judges, and whether all is well with it."""

    document: PlanDocument | None
    """None where there is none that can be read."""
    valid: bool
    """Exactly one is active, and it can be read as it stands now."""
    problem: str | None
    """What is wrong, for a log; none where it is valid."""
    ended: Instant | None = None
    """When a nurse ended the follow-up, where that is why there is no plan."""


def choose_plan(care_plans: Iterable[Raw], earlier: Sequence[Raw] = ()) -> PlanChoice:
    """The plan in force of one patient. `earlier`: earlier versions of her CarePlans, as far as known."""
    plans = list(care_plans)
    active = last_changed(raw for raw in plans if is_in_force(raw))
    if not active:
        return PlanChoice(None, valid=False, problem="no active plan", ended=last_end(plans))
    problem: str | None = None if len(active) == 1 else "more than one active plan"
    for raw in active:
        try:
            return PlanChoice(plan_of(raw), valid=problem is None, problem=problem)
        except BadPlan as error:
            problem = problem or str(error)
        document = _last_readable(raw, earlier)
        if document is not None:
            return PlanChoice(document, valid=False, problem=problem)
    return PlanChoice(None, valid=False, problem=problem)


def _last_readable(raw: Raw, earlier: Sequence[Raw]) -> PlanDocument | None:
    reference = reference_of(raw)
    versions = (old for old in earlier if reference_of(old) == reference and is_in_force(old))
    for old in last_changed(versions):
        try:
            return plan_of(old)
        except BadPlan:
            continue  # the newest version's fault is the one that is told
    return None
