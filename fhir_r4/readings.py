"""Whatever kind of resource they come in: readings for the engine."""

from __future__ import annotations

from fhir_r4.observations import Observed, Unusable, observed_of
from fhir_r4.questionnaires import Form, FormMapping, observed_of_response
from fhir_r4.raw import Raw
from threshold_engine.model import Instant
from threshold_engine.readings import Reading


def readings_of(
    raw: Raw, *, judged_at: Instant, mapping: FormMapping | None = None, form: Form | None = None
) -> list[Reading | Unusable]:
    """What the engine is handed of an Observation or QuestionnaireResponse; nothing of other types.

    Raises:
        BadElement: The resource isn't of FHIR's form.
    """
    return [
        found.reading if isinstance(found, Observed) else found
        for found in observed(raw, judged_at=judged_at, mapping=mapping, form=form)
    ]


def observed(
    raw: Raw, *, judged_at: Instant, mapping: FormMapping | None = None, form: Form | None = None
) -> list[Observed | Unusable]:
    """As `readings_of`, with what the screens say beside a reading."""
    kind = raw.get("resourceType")
    if kind == "Observation":
        return observed_of(raw, judged_at=judged_at)
    if kind == "QuestionnaireResponse":
        return observed_of_response(raw, judged_at=judged_at, mapping=mapping, form=form)
    return []
