"""Flag → a standing warning: oxygen at home, lives alone, needs an interpreter."""

from __future__ import annotations

from dataclasses import dataclass

from fhir_r4.raw import Raw, child, members, text_at
from fhir_r4.references import patient_of
from threshold_engine.instants import parse_instant
from threshold_engine.model import Instant


@dataclass(frozen=True, slots=True)
class StandingWarning:
    """What everybody who deals with this patient is to know."""

    id: str
    """The Flag's logical id."""
    patient: str
    text: str
    code: str | None
    """`<system>|<code>` of its first coding."""
    active: bool
    ends: Instant | None
    """The end of its period, where it is an instant."""

    def stands(self, now: Instant) -> bool:
        """Whether it holds at this instant."""
        return self.active and (self.ends is None or now < self.ends)


def warning_of(raw: Raw) -> StandingWarning | None:
    """A Flag as a standing warning; none where it is about no patient or says nothing."""
    patient = patient_of(raw)
    concept = child(raw, "code")
    codings = list(members(concept.get("coding")))
    displays = (text_at(coding, "display") or text_at(coding, "code") for coding in codings)
    text = text_at(concept, "text") or next((display for display in displays if display), None)
    if patient is None or not text:
        return None
    first = codings[0] if codings else {}
    code = text_at(first, "code")
    return StandingWarning(
        id=text_at(raw, "id") or "",
        patient=patient,
        text=text,
        code=f"{text_at(first, 'system') or ''}|{code}" if code else None,
        active=raw.get("status") == "active",
        ends=_instant(text_at(raw, "period", "end")),
    )


def _instant(text: str | None) -> Instant | None:
    try:
        return parse_instant(text) if text else None
    except ValueError:
        return None  # a date only: still standing, rather than gone a day early
