"""Pauses of a plan: a stay in hospital and the like, while nothing is missed.

What the engine reads is `pauses` in its plan, `{from, to}` and nothing more; why and by whom stands in an
extension beside it. A pause makes no new plan version: the limits, and who approved them, are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fhir_r4 import systems
from fhir_r4.care_plans import with_plan_json
from fhir_r4.errors import BadPlan, NotFhir
from fhir_r4.raw import (
    Raw,
    decode_json,
    decode_strictly,
    encode,
    extension_of,
    members,
    reference_of,
    text_at,
    with_extension,
)
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Instant


@dataclass(frozen=True, slots=True)
class PauseReason:
    """Why a pause is, as it was told when it was planned."""

    start: Instant
    end: Instant | None
    """Exclusive; none: until somebody ends it. The plan's own pause may have ended earlier."""
    reason: str
    by: str | None
    """`Practitioner/<id>`."""
    at: Instant
    """When it was told."""
    ended: Instant | None = None
    """When somebody ended it, or called it off."""
    ended_by: str | None = None


def paused(plan_json: Mapping[str, object], start: Instant, end: Instant | None) -> Raw:
    """A copy of the engine's plan with one more pause; one that it has already is not added again."""
    pause: Raw = {"from": format_instant(start)}
    if end is not None:
        pause["to"] = format_instant(end)
    before = list(members(plan_json.get("pauses")))
    known = any(_bounds(entry) == (start, end) for entry in before)
    return dict(plan_json) if known else {**plan_json, "pauses": [*before, pause]}


def resumed(plan_json: Mapping[str, object], at: Instant) -> Raw:
    """A copy whose pauses that go on at `at` end then; where none does, those planned ahead are gone."""
    entries = list(members(plan_json.get("pauses")))
    going_on = [_going_on(entry, at) for entry in entries]
    if any(going_on):
        to = format_instant(at)
        after = [{**one, "to": to} if now else one for one, now in zip(entries, going_on, strict=True)]
    else:
        after = [one for one in entries if (_instant(one.get("from")) or 0) < at]
    return {**plan_json, "pauses": after} if after != entries else dict(plan_json)


def with_pause(raw: Raw, pause: PauseReason) -> Raw:
    """A CarePlan with one more pause and its reason. Raises BadPlan where the engine's plan isn't JSON."""
    before = _told(raw)
    if any(one.get("at") == format_instant(pause.at) and one.get("by") == pause.by for one in before):
        return raw  # applied already, and perhaps ended since
    entry = {
        "from": format_instant(pause.start),
        "to": None if pause.end is None else format_instant(pause.end),
        "reason": pause.reason,
        "by": pause.by,
        "at": format_instant(pause.at),
    }
    written: Raw = {name: value for name, value in entry.items() if value is not None}
    changed = with_plan_json(raw, paused(plan_json_of(raw), pause.start, pause.end))
    return _telling(changed, [*before, written])


def with_resumed(raw: Raw, at: Instant, by: str) -> Raw:
    """A CarePlan whose pauses are over at `at`. Raises BadPlan where the engine's plan isn't JSON."""
    plan_json = plan_json_of(raw)
    after = resumed(plan_json, at)
    if after == plan_json:
        return raw
    gone = {one.get("from") for one in members(plan_json.get("pauses"))} - {
        one.get("from") for one in members(after.get("pauses"))
    }
    ended = {"ended": format_instant(at), "endedBy": by}
    told = [
        {**one, **ended} if "ended" not in one and (_going_on(one, at) or one.get("from") in gone) else one
        for one in _told(raw)
    ]
    return _telling(with_plan_json(raw, after), told)


def pause_reasons(raw: Raw) -> tuple[PauseReason, ...]:
    """What was told of a CarePlan's pauses, in the order of telling; entries that can't be read left out."""
    found = []
    for entry in _told(raw):
        start, at = _instant(entry.get("from")), _instant(entry.get("at"))
        if start is not None and at is not None:
            reason, by = text_at(entry, "reason") or "", text_at(entry, "by")
            ended, ended_by = _instant(entry.get("ended")), text_at(entry, "endedBy")
            found.append(PauseReason(start, _instant(entry.get("to")), reason, by, at, ended, ended_by))
    return tuple(found)


def plan_json_of(raw: Raw) -> Raw:
    """The engine's plan of a CarePlan as it was written. Raises BadPlan where it is no JSON object."""
    text = text_at(extension_of(raw, systems.ENGINE_PLAN) or {}, "valueString")
    return read_plan_json(text or "", reference_of(raw))


def read_plan_json(text: str, reference: str) -> Raw:
    """An engine's plan from its JSON. Raises BadPlan where it is no JSON object."""
    try:
        written = decode_strictly(text)
    except NotFhir as error:
        raise BadPlan(reference, f"the engine's plan is not JSON: {error.why}") from None
    if not isinstance(written, dict):
        raise BadPlan(reference, "the engine's plan is no JSON object")
    return written


def _going_on(entry: Raw, at: Instant) -> bool:
    start, end = _bounds(entry)
    return start is not None and start < at and (end is None or at < end)


def _bounds(entry: Raw) -> tuple[Instant | None, Instant | None]:
    return _instant(entry.get("from")), _instant(entry.get("to"))


def _telling(raw: Raw, told: list[Raw]) -> Raw:
    if not told:
        return raw
    return with_extension(raw, systems.ENGINE_PLAN_PAUSES, {"valueString": encode(told).decode()})


def _told(raw: Raw) -> list[Raw]:
    text = text_at(extension_of(raw, systems.ENGINE_PLAN_PAUSES) or {}, "valueString")
    try:
        return list(members(decode_json(text))) if text else []
    except NotFhir:
        return []  # a reason that can't be read is no reason to lose the pause


def _instant(text: object) -> Instant | None:
    try:
        return parse_instant(text) if isinstance(text, str) else None
    except ValueError:
        return None
