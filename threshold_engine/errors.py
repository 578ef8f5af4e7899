"""What the engine refuses, and what to do about it."""

from __future__ import annotations


class EngineError(ValueError):
    """Something that can't be judged."""

    remedy: str = "Correct what was handed in and judge again."


class PlanError(EngineError):
    """An invalid plan, as `<patient>: <path>: <why>`. No rule of it is used: that would switch alarms off."""

    remedy = "Correct the plan at the place named; until then nothing is judged for this patient."

    def __init__(self, patient: str, path: str, why: str) -> None:
        super().__init__(f"{patient}: {path}: {why}")
        self.patient = patient
        self.path = path
        self.why = why


class CaseError(EngineError):
    """A case that isn't `{"plans", "readings", "now"}`."""

    remedy = 'Hand in a JSON object with the lists "plans" and "readings" and the instant "now".'


class StateError(EngineError):
    """A saved judge that can't be carried on."""

    remedy = "Judge the patient anew from her readings."


class StateOutdated(StateError):
    """One of another plan, or of another version of the engine: nothing is wrong with it."""


class MemberError(ValueError):
    """A member of a plan that is missing, unknown or wrong; becomes a `PlanError` with the patient's id."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why
