"""Notes, contacts and messages ↔ Communication: append-only, a correction is a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from fhir_r4 import systems
from fhir_r4.errors import BadElement
from fhir_r4.raw import (
    Raw,
    extension_of,
    members,
    reference_of,
    text_at,
    uuid_identifier,
    uuid_of,
    with_extension,
)
from fhir_r4.references import patient_of, relative, to, to_uuid, uuid_in
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Instant

Category: TypeAlias = Literal["note", "contact", "message"]
Medium: TypeAlias = Literal["phone", "video", "app", "sms"]
Whom: TypeAlias = Literal["gp", "next-of-kin", "home-nurse", "hospital", "group"]
WHOM: Final[tuple[Whom, ...]] = ("gp", "next-of-kin", "home-nurse", "hospital", "group")
"""With whom a contact was, where not with the patient alone."""

_CATEGORIES: Final[tuple[Category, ...]] = ("note", "contact", "message")
_MEDIA: Final[Mapping[Medium, tuple[str, str]]] = {
    "phone": (systems.PARTICIPATION_MODE, "PHONE"),
    "video": (systems.PARTICIPATION_MODE, "VIDEOCONF"),
    "sms": (systems.PARTICIPATION_MODE, "SMSWRIT"),
    "app": (systems.MEDIUM, "app"),
}
NO_ANSWER: Final[Raw] = {
    "coding": [{"system": systems.NOT_DONE_REASON, "code": "recipient-unavailable"}],
    "text": "ikke svar",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunicationEntry:
    """A note, contact or message as a line of the timeline."""

    id: str
    """UUID of the identifier, or `Communication/<id>` where it has none."""
    reference: str
    """`Communication/<id>`."""
    patient: str
    category: Category
    at: Instant
    """When it was sent; else when it was received."""
    received: Instant | None
    sender: str | None
    """Reference of the author: `Practitioner/<id>`, or `Patient/<id>`."""
    sender_name: str | None
    """As the reference displays it."""
    text: str
    medium: Medium | None
    reached: bool | None
    """For a contact: whether somebody was reached."""
    about: tuple[str, ...]
    """UUIDs of the Tasks that it is about, where it names them."""
    about_references: tuple[str, ...]
    """`<type>/<id>` of all that it is about, as far as literal."""
    in_response_to: tuple[str, ...]
    """UUIDs or references of the messages that it answers."""
    based_on: tuple[str, ...]
    """UUIDs and references of what it is an answer to: an escalation's ServiceRequest."""
    corrects: str | None
    """UUID of the one that it corrects."""
    withdrawn: bool
    """Entered in error."""
    whom: Whom | None = None
    """For a contact: with whom, where not with the patient alone."""

    @property
    def inbound(self) -> bool:
        """Whether the patient sent it."""
        return self.sender == f"Patient/{self.patient}"


@dataclass(frozen=True, slots=True)
class About:
    """A Task that a Communication is about."""

    uuid: str
    reference: str | None = None
    """`Task/<id>`, where the server has it already."""


def note(
    op: str,
    *,
    patient: str,
    author: str,
    at: Instant,
    text: str,
    about: Iterable[About] = (),
    corrects: str | None = None,
) -> Raw:
    """A new note. `op`: the UUID of its identifier; `author`: `Practitioner/<id>`; `corrects`: an op."""
    raw = _communication(op, "note", patient, author, at, text, about)
    return raw if corrects is None else correcting(raw, corrects)


def contact(
    op: str,
    *,
    patient: str,
    author: str,
    at: Instant,
    by: Literal["phone", "video"],
    reached: bool,
    text: str = "",
    about: Iterable[About] = (),
) -> Raw:
    """A new contact: an attempt to speak with the patient (or `spoken_with` others), answered or not."""
    raw = _communication(op, "contact", patient, author, at, text, about)
    raw["medium"] = [_medium(by)]
    raw["recipient"] = [to(f"Patient/{patient}")]
    if not reached:
        raw["status"] = "not-done"
        raw["statusReason"] = NO_ANSWER
    return raw


def spoken_with(raw: Raw, whom: Whom) -> Raw:
    """A contact that was with somebody beside or instead of the patient."""
    concept: Raw = {"coding": [{"system": systems.CONTACT_WITH, "code": whom}]}
    return {**raw, "category": [*members(raw.get("category")), concept]}


def correcting(raw: Raw, op: str) -> Raw:
    """A note, contact or message that stands in place of the one with this UUID, which stays as it is."""
    return with_extension(raw, systems.CORRECTS, {"valueUri": f"{systems.UUID_PREFIX}{op}"})


def message(
    op: str,
    *,
    patient: str,
    author: str,
    at: Instant,
    text: str,
    medium: Literal["app", "sms"] = "app",
    about: Iterable[About] = (),
    in_response_to: str | None = None,
) -> Raw:
    """A new message to the patient; from her where `author` is herself (`in_response_to`: an op)."""
    raw = _communication(op, "message", patient, author, at, text, about)
    raw["medium"] = [_medium(medium)]
    if author == f"Patient/{patient}":
        raw["received"] = format_instant(at)
    else:
        raw["recipient"] = [to(f"Patient/{patient}")]
    if in_response_to is not None:
        raw["inResponseTo"] = [to_uuid("Communication", in_response_to)]
    return raw


def category_of(raw: Raw) -> Category | None:
    """Which of ours a Communication is, or none."""
    codes = _codes(raw, systems.COMMUNICATION)
    return next((ours for ours in _CATEGORIES if ours == codes[0]), None) if codes else None


def entry_of(raw: Raw) -> CommunicationEntry:
    """A Communication of ours as an entry of the timeline.

    Raises:
        BadElement: No category of ours, no patient, or no time that can be read.
    """
    reference, category, patient = reference_of(raw), category_of(raw), patient_of(raw)
    if category is None:
        raise BadElement(reference, "Communication.category", f"none of {systems.COMMUNICATION}")
    if patient is None:
        raise BadElement(reference, "Communication.subject", "no reference to a Patient")
    sent, received = _instant(raw, "sent"), _instant(raw, "received")
    at = received if sent is None else sent
    if at is None:
        raise BadElement(reference, "Communication.sent", "neither sent nor received is an instant")
    about = list(members(raw.get("about")))
    corrects = text_at(extension_of(raw, systems.CORRECTS) or {}, "valueUri")
    return CommunicationEntry(
        id=uuid_of(raw) or reference,
        reference=reference,
        patient=patient,
        category=category,
        at=at,
        received=received,
        sender=relative(raw, "sender"),
        sender_name=text_at(raw, "sender", "display"),
        text="\n".join(
            text for part in members(raw.get("payload")) if (text := text_at(part, "contentString"))
        ),
        medium=_medium_of(raw),
        reached=raw.get("status") == "completed" if category == "contact" else None,
        about=tuple(uuid for part in about if (uuid := uuid_in(part))),
        about_references=tuple(found for part in about if (found := relative({"it": part}, "it"))),
        in_response_to=tuple(
            found
            for part in members(raw.get("inResponseTo"))
            if (found := uuid_in(part) or relative({"it": part}, "it"))
        ),
        based_on=tuple(
            found
            for part in members(raw.get("basedOn"))
            for found in (uuid_in(part), relative({"it": part}, "it"))
            if found
        ),
        corrects=corrects.removeprefix(systems.UUID_PREFIX) if corrects else None,
        withdrawn=raw.get("status") == "entered-in-error",
        whom=next((whom for whom in WHOM if whom in _codes(raw, systems.CONTACT_WITH)), None),
    )


def _communication(
    op: str, category: Category, patient: str, author: str, at: Instant, text: str, about: Iterable[About]
) -> Raw:
    raw: Raw = {
        "resourceType": "Communication",
        "identifier": [uuid_identifier(op)],
        "status": "completed",
        "category": [{"coding": [{"system": systems.COMMUNICATION, "code": category}]}],
        "subject": to(f"Patient/{patient}"),
        "sent": format_instant(at),
        "sender": to(author),
    }
    named: list[object] = [to_uuid("Task", task.uuid, task.reference) for task in about]
    if named:
        raw["about"] = named
    if text:
        raw["payload"] = [{"contentString": text}]
    return raw


def _codes(raw: Raw, system: str) -> list[object]:
    """The codes of one system among the categories."""
    return [
        coding.get("code")
        for concept in members(raw.get("category"))
        for coding in members(concept.get("coding"))
        if coding.get("system") == system
    ]


def _medium(medium: Medium) -> Raw:
    system, code = _MEDIA[medium]
    return {"coding": [{"system": system, "code": code}]}


def _medium_of(raw: Raw) -> Medium | None:
    known = {coded: medium for medium, coded in _MEDIA.items()}
    for concept in members(raw.get("medium")):
        for coding in members(concept.get("coding")):
            found = known.get((text_at(coding, "system") or "", text_at(coding, "code") or ""))
            if found is not None:
                return found
    return None


def _instant(raw: Raw, member: str) -> Instant | None:
    try:
        return parse_instant(text_at(raw, member) or "")
    except ValueError:
        return None
