"""The reading access log as AuditEvent: who saw whom, what, on what basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from fhir_r4 import systems
from fhir_r4.raw import Raw, with_extension
from fhir_r4.references import to
from threshold_engine.instants import format_instant
from threshold_engine.model import Instant

Basis: TypeAlias = Literal["tjenstlig behov", "blålys"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Somebody was shown something about patients."""

    at: Instant
    who: str | None
    """`Practitioner/<id>`; none where nobody was logged in."""
    who_name: str | None = None
    patients: Sequence[str]
    """Logical ids."""
    shown: str
    """`queue`, `patient` …"""
    basis: Basis = "tjenstlig behov"
    reason: str | None = None
    """For `blålys`."""
    offline: bool = False


def audit_event(op: str, access: Access) -> Raw:
    """An entry of the access log. `op`: the UUID of its tag, by which its creation is idempotent."""
    treat, code = ("Break The Glass", "BTG") if access.basis == "blålys" else ("treatment", "TREAT")
    purpose: Raw = {
        "coding": [{"system": systems.ACT_REASON, "code": code, "display": treat}],
        "text": access.basis,
    }
    raw: Raw = {
        "resourceType": "AuditEvent",
        "meta": {"tag": [{"system": systems.OP, "code": op}]},
        "type": {"system": systems.AUDIT_TYPE, "code": "rest", "display": "RESTful Operation"},
        "subtype": [{"system": systems.RESTFUL_INTERACTION, "code": "read", "display": "read"}],
        "action": "R",
        "recorded": format_instant(access.at),
        "outcome": "0",
        "purposeOfEvent": [purpose],
        "agent": [
            {
                **({"who": to(access.who)} if access.who else {}),
                **({"name": access.who_name} if access.who_name else {}),
                "requestor": True,
            }
        ],
        "source": {"observer": {"display": "triage-tui"}},
        "entity": [_entity(patient, access) for patient in access.patients],
    }
    if not access.patients:
        del raw["entity"]
    return with_extension(raw, systems.OFFLINE, {"valueBoolean": access.offline})


def _entity(patient: str, access: Access) -> Raw:
    details: list[object] = [{"type": "shown", "valueString": access.shown}]
    if access.reason:
        details.append({"type": "reason", "valueString": access.reason})
    return {
        "what": to(f"Patient/{patient}"),
        "type": {"system": systems.AUDIT_ENTITY_TYPE, "code": "1", "display": "Person"},
        "role": {"system": systems.AUDIT_OBJECT_ROLE, "code": "1", "display": "Patient"},
        "detail": details,
    }
