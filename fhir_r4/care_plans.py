"""CarePlan ↔ the self-treatment plan: the engine's plan, the zones, who drew it up and who approved it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias

from fhir_r4 import systems
from fhir_r4.errors import BadPlan, NotFhir
from fhir_r4.raw import (
    Raw,
    child,
    decode_json,
    decode_strictly,
    encode,
    extension_of,
    members,
    reference_of,
    text_at,
    version_of,
    with_extension,
)
from fhir_r4.references import patient_of, relative, to
from threshold_engine.errors import PlanError
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Instant
from threshold_engine.plans import Plan, read_plan

ZoneColour: TypeAlias = Literal["green", "yellow", "red"]
ZONE_COLOURS: Final[tuple[ZoneColour, ...]] = ("green", "yellow", "red")


@dataclass(frozen=True, slots=True)
class Zone:
    """What is done in a zone of the plan, in the plan's own words."""

    colour: ZoneColour
    patient_text: str
    """What the patient does."""
    centre_text: str
    """What the centre does."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved which version of the plan."""

    version: int
    approved_by: str
    """A reference, or a name."""
    approved_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDocument:
    """A CarePlan as it is read."""

    reference: str
    """`CarePlan/<id>`."""
    patient: str
    status: str
    intent: str
    plan: Plan
    plan_json: Mapping[str, object]
    """The engine's plan as it was written; numbers int or `Decimal`."""
    title: str = ""
    version_id: str | None = None
    zones: tuple[Zone, ...] = ()
    approvals: tuple[Approval, ...] = ()
    author: str | None = None
    """Reference of whoever drew it up."""
    contributors: tuple[str, ...] = ()
    """References: the GP."""
    form_mapping: Mapping[str, str] = field(default_factory=dict)
    """`<questionnaire>/<linkId>` → the engine's code that the answer stands for."""


def is_self_treatment_plan(raw: Raw) -> bool:
    """Whether it is a CarePlan of the self-treatment kind: by its category, or by carrying our extension."""
    if raw.get("resourceType") != "CarePlan":
        return False
    wanted = (systems.CARE_PLAN_CATEGORY, systems.SELF_TREATMENT_PLAN)
    return extension_of(raw, systems.ENGINE_PLAN) is not None or any(
        (coding.get("system"), coding.get("code")) == wanted
        for concept in members(raw.get("category"))
        for coding in members(concept.get("coding"))
    )


def is_in_force(raw: Raw) -> bool:
    """Whether a CarePlan is an active self-treatment plan; a proposal never is."""
    return is_self_treatment_plan(raw) and raw.get("status") == "active" and raw.get("intent") == "plan"


def last_changed(plans: Iterable[Raw]) -> list[Raw]:
    """Plans, the one changed last first: by `meta.lastUpdated`, then by id."""
    return sorted(plans, key=lambda raw: (_last_updated(raw), text_at(raw, "id") or ""), reverse=True)


def plan_of(raw: Raw) -> PlanDocument:
    """A CarePlan with the engine's plan; the `patient` of its JSON is replaced by the subject.

    Raises:
        BadPlan: No patient; the extension is missing, isn't JSON, or isn't a plan that the engine can follow.
    """
    reference, patient = reference_of(raw), patient_of(raw)
    if patient is None:
        raise BadPlan(reference, "subject is no Patient")
    written = written_plan(raw)
    try:
        plan = read_plan(written, patient)
    except PlanError as error:
        raise BadPlan(reference, str(error)) from error
    return PlanDocument(
        reference=reference,
        patient=patient,
        status=text_at(raw, "status") or "unknown",
        intent=text_at(raw, "intent") or "plan",
        plan=plan,
        plan_json=written,
        title=text_at(raw, "title") or "",
        version_id=version_of(raw),
        zones=zones_of(raw),
        approvals=approvals_of(raw),
        author=relative(raw, "author"),
        contributors=tuple(
            found for entry in members(raw.get("contributor")) if (found := relative({"it": entry}, "it"))
        ),
        form_mapping=form_mapping_of(raw),
    )


def written_plan(raw: Raw) -> dict[str, object]:
    """The engine's plan as it is written in a CarePlan, not yet read by the engine.

    Raises BadPlan where the extension is missing, or holds no JSON object.
    """
    reference = reference_of(raw)
    text = text_at(extension_of(raw, systems.ENGINE_PLAN) or {}, "valueString")
    if text is None:
        raise BadPlan(reference, f"the extension {systems.ENGINE_PLAN} is missing")
    try:
        written = decode_strictly(text)
    except NotFhir as error:
        raise BadPlan(reference, f"the engine's plan is not JSON: {error.why}") from None
    if not isinstance(written, dict):
        raise BadPlan(reference, "the engine's plan is no JSON object")
    return written


def zones_of(raw: Raw) -> tuple[Zone, ...]:
    """The zones among a CarePlan's activities, green first; what is cancelled or wrong is left out.

    Of a zone's details those whose performer is the patient herself are her part, the others the centre's.
    """
    subject = f"Patient/{patient_of(raw)}"
    said: dict[tuple[ZoneColour, bool], list[str]] = {}
    for activity in members(raw.get("activity")):
        detail = child(activity, "detail")
        colour, text = _colour(detail), text_at(detail, "description")
        if colour is None or not text or detail.get("status") in ("cancelled", "stopped", "entered-in-error"):
            continue
        performers = (relative({"it": entry}, "it") for entry in members(detail.get("performer")))
        said.setdefault((colour, subject in performers), []).append(text)
    return tuple(
        Zone(colour, "\n".join(said.get((colour, True), ())), "\n".join(said.get((colour, False), ())))
        for colour in ZONE_COLOURS
        if (colour, True) in said or (colour, False) in said
    )


def approvals_of(raw: Raw) -> tuple[Approval, ...]:
    """The approvals beside the plan, in their order; entries that can't be read are left out."""
    text = text_at(extension_of(raw, systems.ENGINE_PLAN_APPROVALS) or {}, "valueString")
    try:
        entries = decode_json(text) if text else []
    except NotFhir:
        return ()  # an approval that can't be read approves nothing
    found: list[Approval] = []
    for entry in members(entries):
        version, by, at = entry.get("version"), entry.get("approvedBy"), entry.get("approvedAt")
        if isinstance(version, int) and isinstance(by, str) and isinstance(at, str):
            try:
                found.append(Approval(version, by, parse_instant(at)))
            except ValueError:
                continue
    return tuple(found)


def form_mapping_of(raw: Raw) -> dict[str, str]:
    """Which form answers stand for which of the engine's codes: a JSON object in an extension."""
    text = text_at(extension_of(raw, systems.FORM_MAPPING) or {}, "valueString")
    try:
        mapping = decode_json(text) if text else {}
    except NotFhir:
        return {}  # without a mapping the answers keep codes of their own
    if not isinstance(mapping, dict):
        return {}
    return {code: engine for code, engine in mapping.items() if isinstance(engine, str) and engine}


def care_plan(
    patient: str,
    plan_json: Mapping[str, object],
    *,
    title: str,
    zones: Sequence[Zone] = (),
    author: str | None = None,
    contributors: Sequence[str] = (),
    proposal: bool = False,
) -> Raw:
    """A new CarePlan: active, or (`proposal`) a draft that nothing goes by until it is approved."""
    raw: Raw = {
        "resourceType": "CarePlan",
        "status": "draft" if proposal else "active",
        "intent": "proposal" if proposal else "plan",
        "category": [
            {"coding": [{"system": systems.CARE_PLAN_CATEGORY, "code": systems.SELF_TREATMENT_PLAN}]}
        ],
        "title": title,
        "subject": to(f"Patient/{patient}"),
    }
    if author:
        raw["author"] = to(author)
    if contributors:
        raw["contributor"] = [to(reference) for reference in contributors]
    activities = [activity for zone in zones for activity in _activities(zone, patient)]
    if activities:
        raw["activity"] = activities
    return with_plan_json(raw, plan_json)


def with_plan_json(raw: Raw, plan_json: Mapping[str, object]) -> Raw:
    """A copy whose engine's plan is this one."""
    return with_extension(raw, systems.ENGINE_PLAN, {"valueString": encode(plan_json).decode()})


def with_approvals(raw: Raw, approvals: Iterable[Approval]) -> Raw:
    """A copy with these approvals in place of those it had."""
    entries = [
        {
            "version": approval.version,
            "approvedBy": approval.approved_by,
            "approvedAt": format_instant(approval.approved_at),
        }
        for approval in approvals
    ]
    return with_extension(raw, systems.ENGINE_PLAN_APPROVALS, {"valueString": encode(entries).decode()})


def with_form_mapping(raw: Raw, mapping: Mapping[str, str]) -> Raw:
    """A copy in which these form answers stand for these codes of the engine."""
    return with_extension(raw, systems.FORM_MAPPING, {"valueString": encode(dict(mapping)).decode()})


def _activities(zone: Zone, patient: str) -> list[object]:
    details: list[Raw] = []
    code = {"coding": [{"system": systems.ZONE, "code": zone.colour}]}
    if zone.patient_text:
        performer = [to(f"Patient/{patient}")]
        details.append({"status": "in-progress", "description": zone.patient_text, "performer": performer})
    if zone.centre_text:
        details.append({"status": "in-progress", "description": zone.centre_text})
    return [{"detail": {"code": code, **detail}} for detail in details]


def _colour(detail: Raw) -> ZoneColour | None:
    for coding in members(child(detail, "code").get("coding")):
        if coding.get("system") == systems.ZONE:
            return next((colour for colour in ZONE_COLOURS if colour == coding.get("code")), None)
    return None


def _last_updated(raw: Raw) -> float:
    """Seconds with microseconds, as servers write them; the beginning of time where there is none."""
    try:
        found = datetime.fromisoformat(text_at(raw, "meta", "lastUpdated") or "")
    except ValueError:
        return float("-inf")
    return found.timestamp() if found.tzinfo is not None else float("-inf")
