"""What the light validation knows of each type: codes, elements that must be there, dates.

Source: http://hl7.org/fhir/R4/ (the types' definitions and their required value sets).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one type."""

    required: tuple[str, ...] = ()
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Allowed codes of elements that have a required value set."""
    dates: tuple[str, ...] = ()
    """Elements of type date, dateTime or Period, by paths of members."""
    instants: tuple[str, ...] = ()
    """Elements of type instant: to the second at least, with a zone."""


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OBSERVATION_STATUS = _codes(
    "registered preliminary final amended corrected cancelled entered-in-error unknown"
)
_EVENT_STATUS = _codes("preparation in-progress not-done on-hold stopped completed entered-in-error unknown")
_REQUEST_STATUS = _codes("draft active on-hold revoked completed entered-in-error unknown")
_REQUEST_PRIORITY = _codes("routine urgent asap stat")
_TASK_STATUS = _codes(
    "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed"
    " entered-in-error"
)
_REQUEST_INTENT = _codes(
    "proposal plan directive order original-order reflex-order filler-order instance-order option"
)
_TASK_INTENT = _codes(
    "unknown proposal plan order original-order reflex-order filler-order instance-order option"
)
_GENDER = _codes("male female other unknown")

RULES: Final[dict[str, Rules]] = {
    "Patient": Rules((), {"gender": _GENDER}, ("birthDate", "deceasedDateTime")),
    "Practitioner": Rules((), {"gender": _GENDER}, ("birthDate",)),
    "Observation": Rules(
        ("status", "code"),
        {"status": _OBSERVATION_STATUS},
        ("effectiveDateTime", "effectivePeriod", "valueDateTime", "valuePeriod"),
        ("issued", "effectiveInstant"),
    ),
    "QuestionnaireResponse": Rules(
        ("status",),
        {"status": _codes("in-progress completed amended entered-in-error stopped")},
        ("authored",),
    ),
    "Questionnaire": Rules(
        ("status",), {"status": _codes("draft active retired unknown")}, ("date", "effectivePeriod")
    ),
    "Media": Rules(
        ("status", "content"),
        {"status": _EVENT_STATUS},
        ("createdDateTime", "createdPeriod", "content.creation"),
        ("issued",),
    ),
    "CarePlan": Rules(
        ("status", "intent", "subject"),
        {"status": _REQUEST_STATUS, "intent": _codes("proposal plan order option")},
        ("period", "created"),
    ),
    "DetectedIssue": Rules(
        ("status",),
        {"status": _OBSERVATION_STATUS, "severity": _codes("high moderate low")},
        ("identifiedDateTime", "identifiedPeriod"),
    ),
    "Task": Rules(
        ("status", "intent"),
        {"status": _TASK_STATUS, "intent": _TASK_INTENT, "priority": _REQUEST_PRIORITY},
        ("authoredOn", "lastModified", "executionPeriod", "restriction.period"),
    ),
    "Communication": Rules(
        ("status",), {"status": _EVENT_STATUS, "priority": _REQUEST_PRIORITY}, ("sent", "received")
    ),
    "ServiceRequest": Rules(
        ("status", "intent", "subject"),
        {"status": _REQUEST_STATUS, "intent": _REQUEST_INTENT, "priority": _REQUEST_PRIORITY},
        ("authoredOn", "occurrenceDateTime", "occurrencePeriod"),
    ),
    "Flag": Rules(
        ("status", "code", "subject"),
        {"status": _codes("active inactive entered-in-error")},
        ("period",),
    ),
    "AuditEvent": Rules(
        ("type", "recorded", "agent", "source"),
        {"action": _codes("C R U D E"), "outcome": _codes("0 4 8 12")},
        ("period",),
        ("recorded",),
    ),
    "Device": Rules((), {"status": _codes("active inactive entered-in-error unknown")}),
}

NO_RULES: Final = Rules()
