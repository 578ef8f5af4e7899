"""One patient's compartment, read from a FHIR server by searches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotFound, Refused
from fhir_r4.compartment import Compartment
from fhir_r4.page_walk import PageWalk
from fhir_r4.plan_choice import choose_plan
from fhir_r4.raw import Raw, reference_of, text_at
from fhir_r4.results import page_in
from fhir_r4.walk import Walk

OPTIONAL: Final = frozenset({"QuestionnaireResponse", "Communication", "ServiceRequest"})
"""Types that a server may do without."""
_IN_ORDER: Final = (
    "Task",
    "ServiceRequest",
    "Communication",
    "DetectedIssue",
    "QuestionnaireResponse",
    "Observation",
    "CarePlan",
)
"""What refers before what it refers to: what is written meanwhile can't leave work without its evidence."""
_PAGE: Final = 500
_HISTORY_PAGES: Final = 20


def read_compartment(client: FhirClient, patient: str, forms: Sequence[Raw]) -> Compartment | None:
    """All that the judge goes by about a patient (logical id); None where there is no such Patient.

    Not one moment's picture: what changes while it is read shows as a change of hers in the next round.
    """
    try:
        client.read("Patient", patient)
    except NotFound:
        return None
    found = [raw for kind in _IN_ORDER for raw in _all_of(client, kind, patient)]
    plans = [raw for raw in found if raw["resourceType"] == "CarePlan"]
    return Compartment.of(patient, found, forms=forms, earlier_plans=_earlier(client, plans))


def _all_of(client: FhirClient, kind: str, patient: str) -> Iterable[Raw]:
    """Her resources of a type, each once though pages may shift while they are read."""
    walk = Walk(kind, kind, (("patient", f"Patient/{patient}"),), _PAGE)
    try:
        pages = list(PageWalk(client, walk))
    except (NotFound, Refused):
        if kind not in OPTIONAL:
            raise
        return ()
    return {reference_of(raw): raw for page in pages for raw in page.resources if _is_of(raw, kind)}.values()


def _is_of(raw: Raw, kind: str) -> bool:
    return raw.get("resourceType") == kind


def _earlier(client: FhirClient, plans: Sequence[Raw]) -> list[Raw]:
    """Earlier versions of plans that can't all be read as they stand: asked for only then."""
    choice = choose_plan(plans)
    if choice.valid or not any(text_at(raw, "status") == "active" for raw in plans):
        return []
    return [old for raw in plans for old in _history(client, text_at(raw, "id") or "")]


def _history(client: FhirClient, plan: str) -> list[Raw]:
    found: list[Raw] = []
    try:
        page = page_in(client.get(f"CarePlan/{plan}/_history", {"_count": _PAGE}), client.base_url)
        found += page.resources
        for _ in range(_HISTORY_PAGES):
            if page.next is None:
                break
            page = client.follow(page.next)
            found += page.resources
    except (NotFound, Refused):
        pass  # a server that keeps no history: the last readable version isn't known
    return [raw for raw in found if _is_of(raw, "CarePlan")]
