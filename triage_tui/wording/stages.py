"""How far a sync has got, in the nurse's words."""

from __future__ import annotations

from typing import Final

from triage_tui.wording import N_, _

_FETCHED: Final = {
    "Task": N_("alerts"),
    "DetectedIssue": N_("alerts"),
    "Patient": N_("patients"),
    "Flag": N_("patients"),
    "CarePlan": N_("plans"),
    "Observation": N_("readings"),
    "Questionnaire": N_("forms"),
    "QuestionnaireResponse": N_("forms"),
    "Communication": N_("messages"),
    "ServiceRequest": N_("messages"),
    "Media": N_("pictures"),
}
"""By FHIR type; of the others nothing is said."""


def fetched_words(kind: str | None) -> str:
    """What is being fetched; empty where it says nothing to a nurse."""
    return _(_FETCHED[kind]) if kind in _FETCHED else ""
