"""What can't be tried, and what to do about it."""

from __future__ import annotations

from threshold_engine.errors import EngineError, PlanError


class ChangeError(EngineError):
    """A change that can't be made of a plan's rules, as `<rule>: <why>`."""

    remedy = (
        "Name each rule by its id and give the members to set; null takes a member away, or the whole rule; "
        "a new rule is given whole."
    )


class NothingInForce(EngineError):
    """A plan none of whose versions is in force: there is nothing to compare with."""

    remedy = "Try again once a version of the plan is in force."


class TriedPlanError(PlanError):
    """A change that would make the plan invalid, as `<patient>: <path>: <why>`."""

    remedy = "Change what is tried at the place named. The plan in force stays as it is."
