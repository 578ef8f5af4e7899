"""An escalation ↔ ServiceRequest of intent `order`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from fhir_r4 import systems
from fhir_r4.errors import BadElement
from fhir_r4.raw import Raw, child, members, reference_of, text_at, uuid_identifier, uuid_of
from fhir_r4.references import patient_of, relative, split, to, to_known, to_uuid, uuid_in
from fhir_r4.tasks import PRIORITY
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Instant
from work_items.model import Band

Helper: TypeAlias = Literal["gp", "legevakt", "113", "next-of-kin", "home-care"]
HELPERS: Final[tuple[Helper, ...]] = ("gp", "legevakt", "113", "next-of-kin", "home-care")

_BAND: Final[Mapping[str, Band]] = {
    "stat": Band.RED,
    "asap": Band.YELLOW,
    "urgent": Band.YELLOW,
    "routine": Band.BLUE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationEntry:
    """An escalation as it is read."""

    id: str
    """UUID of the identifier, or `ServiceRequest/<id>` where it has none."""
    reference: str
    patient: str
    helper: Helper
    band: Band
    """From its priority."""
    at: Instant
    """When it was written."""
    requester: str | None
    performer: str | None
    performer_name: str | None
    status: str
    text: str
    """The ISBAR text."""
    episodes: tuple[str, ...]
    """UUIDs of the DetectedIssues that support it, where it names them."""
    issues: tuple[str, ...]
    """Logical ids of those that it refers to literally."""
    tasks: tuple[str, ...]
    """UUIDs of the Tasks that it was written about, where it names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEscalation:
    """What an escalation is written from."""

    patient: str
    requester: str
    """`Practitioner/<id>`."""
    at: Instant
    helper: Helper
    band: Band
    text: str
    """The ISBAR text."""
    performer: str | None = None
    """Reference of the GP."""
    evidence: Sequence[str] = ()
    """`<type>/<id>` of the readings' resources, or `<type>/<system>|<value>` by an identifier; R4 allows
    Observations as reason, the rest go beside them."""
    episodes: Sequence[str] = ()
    """UUIDs of the alerts that it is about."""
    tasks: Sequence[str] = ()
    """UUIDs of the Tasks that it is about."""


def escalation(op: str, new: NewEscalation) -> Raw:
    """A new escalation. `op`: the UUID of its identifier.

    Only a GP answers later; with everybody else it was spoken, and is completed as it is written.
    """
    raw: Raw = {
        "resourceType": "ServiceRequest",
        "identifier": [uuid_identifier(op)],
        "status": "active" if new.helper == "gp" else "completed",
        "intent": "order",
        "priority": PRIORITY[new.band],
        "subject": to(f"Patient/{new.patient}"),
        "authoredOn": format_instant(new.at),
        "requester": to(new.requester),
        "performerType": {"coding": [{"system": systems.ESCALATED_TO, "code": new.helper}]},
    }
    if new.performer:
        raw["performer"] = [to(new.performer)]
    reasons = [reference for reference in new.evidence if reference.startswith("Observation/")]
    if reasons:
        raw["reasonReference"] = [to_known(reference) for reference in reasons]
    support: list[object] = [to_uuid("DetectedIssue", uuid) for uuid in new.episodes]
    support += [to_uuid("Task", uuid) for uuid in new.tasks]
    support += [to_known(reference) for reference in new.evidence if reference not in reasons]
    if support:
        raw["supportingInfo"] = support
    if new.text:
        raw["note"] = [{"text": new.text}]
    return raw


def escalation_of(raw: Raw) -> EscalationEntry:
    """A ServiceRequest as an escalation.

    Raises:
        BadElement: No patient, or no time that can be read.
    """
    reference, patient = reference_of(raw), patient_of(raw)
    if patient is None:
        raise BadElement(reference, "ServiceRequest.subject", "no reference to a Patient")
    try:
        at = parse_instant(text_at(raw, "authoredOn") or "")
    except ValueError as error:
        raise BadElement(reference, "ServiceRequest.authoredOn", str(error)) from None
    support = list(members(raw.get("supportingInfo")))
    performers = list(members(raw.get("performer")))
    first = performers[0] if performers else {}
    literal = [parts for entry in support if (parts := split(text_at(entry, "reference") or ""))]
    return EscalationEntry(
        id=uuid_of(raw) or reference,
        reference=reference,
        patient=patient,
        helper=_helper(raw),
        band=_BAND.get(text_at(raw, "priority") or "", Band.YELLOW),
        at=at,
        requester=relative(raw, "requester"),
        performer=relative({"it": first}, "it"),
        performer_name=text_at(first, "display"),
        status=text_at(raw, "status") or "unknown",
        text="\n".join(text for note in members(raw.get("note")) if (text := text_at(note, "text"))),
        episodes=_uuids(support, "DetectedIssue"),
        issues=tuple(logical for kind, logical in literal if kind == "DetectedIssue"),
        tasks=_uuids(support, "Task"),
    )


def is_escalation(raw: Raw) -> bool:
    """Whether a ServiceRequest is an escalation of ours: an order with a UUID, or one that says to whom."""
    codings = members(child(raw, "performerType").get("coding"))
    ours = any(coding.get("system") == systems.ESCALATED_TO for coding in codings)
    is_order = raw.get("resourceType") == "ServiceRequest" and raw.get("intent") == "order"
    return is_order and (ours or uuid_of(raw) is not None)


def _helper(raw: Raw) -> Helper:
    for coding in members(child(raw, "performerType").get("coding")):
        if coding.get("system") == systems.ESCALATED_TO:
            return next((helper for helper in HELPERS if helper == coding.get("code")), "gp")
    return "gp"


def _uuids(references: Iterable[Raw], kind: str) -> tuple[str, ...]:
    return tuple(uuid for entry in references if entry.get("type") == kind and (uuid := uuid_in(entry)))
