"""The end of a patient's follow-up: her plan is completed, with who ended it and why beside it.

A plan that was ended so is no plan that is missing: nobody has to look, unless readings go on arriving.
"""

from __future__ import annotations

from collections.abc import Iterable

from fhir_r4 import systems
from fhir_r4.errors import NotFhir
from fhir_r4.raw import Raw, decode, encode, extension_of, text_at, with_extension
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Instant

_ENDED = "completed"


def with_end(raw: Raw, reason: str, by: str, at: Instant) -> Raw:
    """A CarePlan that is completed. One that was ended already stays as it is."""
    if ended_at(raw) is not None:
        return raw
    told = {"reason": reason, "by": by, "at": format_instant(at)}
    entry: Raw = {"valueString": encode(told).decode()}
    return with_extension({**raw, "status": _ENDED}, systems.ENGINE_PLAN_ENDED, entry)


def ended_at(raw: Raw) -> Instant | None:
    """When a nurse ended the follow-up by this CarePlan; none where nobody did."""
    text = text_at(extension_of(raw, systems.ENGINE_PLAN_ENDED) or {}, "valueString")
    if raw.get("status") != _ENDED or text is None:
        return None
    try:
        return parse_instant(text_at(decode(text), "at") or "")
    except (NotFhir, ValueError):
        return None  # what can't be read ends nothing


def last_end(care_plans: Iterable[Raw]) -> Instant | None:
    """When the follow-up was ended, by the latest of a patient's plans that say so."""
    return max((at for raw in care_plans if (at := ended_at(raw)) is not None), default=None)
