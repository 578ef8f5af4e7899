"""Work item ↔ Task of intent `order` (docs/fhir.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fhir_r4 import systems, work_facts
from fhir_r4.errors import BadElement
from fhir_r4.raw import (
    Raw,
    child,
    extension_of,
    members,
    reference_of,
    text_at,
    uuid_identifier,
    uuid_of,
    with_extension,
)
from fhir_r4.references import patient_of, relative, split, to, to_uuid, uuid_in
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Episode, Instant
from work_items.model import Band, Item, ItemCode, ItemState, Mark

PRIORITY: Final[Mapping[Band, str]] = {Band.RED: "stat", Band.YELLOW: "urgent", Band.BLUE: "routine"}
_BAND: Final = {"stat": Band.RED, "urgent": Band.YELLOW, "asap": Band.YELLOW, "routine": Band.BLUE}
_STATE: Final = {
    "in-progress": ItemState.IN_PROGRESS,
    "on-hold": ItemState.ON_HOLD,
    "completed": ItemState.COMPLETED,
    "cancelled": ItemState.CANCELLED,
    "rejected": ItemState.CANCELLED,
    "failed": ItemState.CANCELLED,
    "entered-in-error": ItemState.CANCELLED,
}


def is_work_item(raw: Raw) -> bool:
    """Whether a resource is a Task with a code of ours; other Tasks are none of our business."""
    return raw.get("resourceType") == "Task" and _code(raw) is not None


def task_of(
    item: Item,
    *,
    focus: Raw | None = None,
    planned_at: Instant | None = None,
    modified: Instant | None = None,
) -> Raw:
    """A new Task for an item.

    `focus`: reference to the DetectedIssue, Communication or ServiceRequest. `planned_at`: for a follow-up,
    when it was planned (its `raised` is when it comes back). `modified`: the writer's now.
    """
    authored = item.raised if planned_at is None else planned_at
    raw: Raw = {
        "resourceType": "Task",
        "identifier": [uuid_identifier(item.task)],
        "status": item.state.value,
        "intent": "order",
        "priority": PRIORITY[item.band],
        "code": {"coding": [{"system": systems.WORK, "code": item.code.value}]},
        "for": to(f"Patient/{item.patient}"),
        "authoredOn": format_instant(authored),
        "lastModified": format_instant(max(authored, authored if modified is None else modified)),
        "restriction": {"period": _restriction(item)},
    }
    if focus:
        raw["focus"] = focus
    if item.follows:
        raw["partOf"] = [to_uuid("Task", item.follows)]
    if item.owner:
        raw["owner"] = to(item.owner)
    if item.outcome:
        raw["businessStatus"] = outcome_concept(item.outcome)
    if item.shelved_because:
        raw["statusReason"] = {"text": item.shelved_because}
    period = {"start": item.owned_since, "end": item.closed_at}
    if any(at is not None for at in period.values()):
        raw["executionPeriod"] = {name: format_instant(at) for name, at in period.items() if at is not None}
    return _with_extensions(raw, item)


def _restriction(item: Item) -> Raw:
    start = {} if item.hidden_until is None else {"start": format_instant(item.hidden_until)}
    return {**start, "end": format_instant(item.respond_by)}


def _with_extensions(raw: Raw, item: Item) -> Raw:
    if item.touched:
        raw = with_extension(raw, systems.TOUCHED, {"valueBoolean": True})
    if item.shelved_until is not None:
        raw = with_extension(raw, systems.SHELVED_UNTIL, {"valueInstant": format_instant(item.shelved_until)})
    facts: dict[work_facts.Fact, list[str | int]] = {
        "what": [item.what],
        "n": [item.n],
        "kind": [item.kind] if item.kind else [],
        "mark": sorted(mark.value for mark in item.marks),
        "earlier-outcome": [item.earlier_outcome] if item.earlier_outcome else [],
        "shelved-at": [] if item.shelved_at is None else [format_instant(item.shelved_at)],
        "shelved-band": [] if item.shelved_band is None else [item.shelved_band.word],
        "absorbed": [f"{systems.UUID_PREFIX}{uuid}" for uuid in sorted(item.absorbed)],
    }
    return work_facts.with_facts(raw, facts)


def item_of(raw: Raw, episode: Episode | None = None, kind: str | None = None) -> Item:
    """The work item that a Task stands for.

    `episode`: that of the DetectedIssue in focus, if any. `kind`: that of its rule by the plan, where the
    Task itself doesn't say.

    Raises:
        BadElement: It isn't a Task of ours (`is_work_item`), has no patient, or no time that can be read.
    """
    code, patient = _code(raw), patient_of(raw)
    if code is None:
        raise BadElement(reference_of(raw), "Task.code", f"none of {systems.WORK}")
    if patient is None:
        raise BadElement(reference_of(raw), "Task.for", "no reference to a Patient")
    authored = _instant(raw, "authoredOn")
    if authored is None:
        raise BadElement(reference_of(raw), "Task.authoredOn", "missing")
    hidden_until = _instant(raw, "restriction", "period", "start") if code is ItemCode.FOLLOW_UP else None
    raised = authored if hidden_until is None else hidden_until
    respond_by = _instant(raw, "restriction", "period", "end")
    state = _STATE.get(text_at(raw, "status") or "", ItemState.REQUESTED)
    shelved_at = work_facts.text(raw, "shelved-at")
    return Item(
        task=uuid_of(raw) or reference_of(raw),
        patient=patient,
        code=code,
        what=work_facts.text(raw, "what") or (episode.id if episode else focus_of(raw)),
        n=work_facts.number(raw, "n") or 1,
        band=band_of(raw),
        state=state,
        raised=raised,
        respond_by=raised if respond_by is None else respond_by,
        episode=episode,
        kind=work_facts.text(raw, "kind") or (kind if episode else None),
        owner=relative(raw, "owner"),
        owned_since=_instant(raw, "executionPeriod", "start"),
        touched=is_touched(raw),
        hidden_until=hidden_until,
        shelved_until=shelved_until_of(raw) if state is ItemState.ON_HOLD else None,
        shelved_because=_reason(raw) if state is ItemState.ON_HOLD else None,
        shelved_at=_parsed(raw, "Task.extension", shelved_at) if shelved_at else None,
        shelved_band=_band_named(work_facts.text(raw, "shelved-band")),
        outcome=outcome_of(raw),
        closed_at=_instant(raw, "executionPeriod", "end"),
        earlier_outcome=work_facts.text(raw, "earlier-outcome"),
        follows=next((uuid_in(part) for part in members(raw.get("partOf")) if uuid_in(part)), None),
        absorbed=frozenset(
            uri.lower().removeprefix(systems.UUID_PREFIX) for uri in work_facts.texts(raw, "absorbed")
        ),
        marks=frozenset(mark for mark in Mark if mark.value in work_facts.texts(raw, "mark")),
    )


def band_of(raw: Raw) -> Band:
    """The band that a Task's priority stands for; blue where it has none."""
    return _BAND.get(text_at(raw, "priority") or "", Band.BLUE)


def state_of(raw: Raw) -> ItemState:
    """The state of a Task; statuses that we never write count as the nearest of ours."""
    return _STATE.get(text_at(raw, "status") or "", ItemState.REQUESTED)


def outcome_of(raw: Raw) -> str | None:
    """How a Task ended: the code of ours in businessStatus, or none."""
    for coding in members(child(raw, "businessStatus").get("coding")):
        if coding.get("system") == systems.OUTCOME:
            return text_at(coding, "code")
    return None


def outcome_concept(outcome: str) -> Raw:
    """`businessStatus` for an outcome."""
    return {"coding": [{"system": systems.OUTCOME, "code": outcome}]}


def is_touched(raw: Raw) -> bool:
    """Whether the Task was ever owned or shelved."""
    extension = extension_of(raw, systems.TOUCHED)
    return "owner" in raw or (extension is not None and extension.get("valueBoolean") is True)


def shelved_until_of(raw: Raw) -> Instant | None:
    """Until when a Task is shelved, by its extension.

    Raises:
        BadElement: The extension holds no instant.
    """
    extension = extension_of(raw, systems.SHELVED_UNTIL) or {}
    text = text_at(extension, "valueInstant") or text_at(extension, "valueDateTime")
    return _parsed(raw, "Task.extension", text) if text else None


def focus_of(raw: Raw) -> str:
    """What a Task is about: `urn:uuid:…` where the focus is known by one, else its literal reference."""
    focus = child(raw, "focus")
    uuid = uuid_in(focus)
    return f"{systems.UUID_PREFIX}{uuid}" if uuid else text_at(focus, "reference") or ""


def focus_issue(raw: Raw) -> tuple[str | None, str | None]:
    """UUID and logical id of the DetectedIssue in a Task's focus, as far as the reference tells them."""
    focus = child(raw, "focus")
    parts = split(text_at(focus, "reference") or "")
    if parts is not None and parts[0] == "DetectedIssue":
        return uuid_in(focus), parts[1]
    return (uuid_in(focus), None) if focus.get("type") == "DetectedIssue" else (None, None)


def _code(raw: Raw) -> ItemCode | None:
    codes = {code.value: code for code in ItemCode}
    for coding in members(child(raw, "code").get("coding")):
        if coding.get("system") == systems.WORK:
            return codes.get(text_at(coding, "code") or "")
    return None


def _reason(raw: Raw) -> str | None:
    reason = child(raw, "statusReason")
    return text_at(reason, "text") or next(
        (text_at(coding, "code") for coding in members(reason.get("coding"))), None
    )


def _band_named(word: str | None) -> Band | None:
    return next((band for band in Band if band.word == word), None)


def _instant(raw: Raw, *path: str) -> Instant | None:
    text = text_at(raw, *path)
    return None if text is None else _parsed(raw, ".".join(("Task", *path)), text)


def _parsed(raw: Raw, path: str, text: str) -> Instant:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise BadElement(reference_of(raw), path, str(error)) from None
