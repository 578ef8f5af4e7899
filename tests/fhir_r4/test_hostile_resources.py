"""Whatever stands in a store: the judge goes on, and other resources are judged as if it weren't there."""

from __future__ import annotations

import copy
import random
from decimal import Decimal

import pytest

from fhir_r4.care_plans import care_plan
from fhir_r4.communications import contact, message
from fhir_r4.compartment import Compartment
from fhir_r4.judge import judge, judge_compartment
from fhir_r4.raw import Raw
from fhir_r4.service_requests import NewEscalation, escalation
from threshold_engine import parse_instant
from work_items import Band, Centre

NOW = parse_instant("2026-03-03T09:30:00Z")
LATER = NOW + 86_400_000
JUNK: list[object] = [
    None,
    True,
    0,
    -1,
    10**30,
    Decimal("NaN"),
    Decimal("1E+999999"),
    "",
    "x",
    "2026-02-30T00:00:00Z",
    "\x00\x1b]0;x\x07",
    [],
    [None],
    [[]],
    {},
    {"reference": "Patient/"},
    [{"url": [], "system": {}, "coding": 7, "reference": []}],
]


def resources() -> list[Raw]:
    """A bit of everything, alerts and work included."""
    rules = [{"id": "r", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88}]
    version = {"version": 1, "valid_from": "2026-03-01T00:00:00Z", "rules": rules}
    reading = {
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        "effectiveDateTime": "2026-03-03T09:00:00Z",
        "valueQuantity": {"value": 86, "system": "http://unitsofmeasure.org", "code": "%"},
        "identifier": [{"system": "urn:dev", "value": "1"}],
    }
    form = {
        "questionnaire": "http://example.org/Questionnaire/copd",
        "subject": {"reference": "Patient/p1"},
        "authored": "2026-03-03T09:00:00Z",
        "item": [{"linkId": "q", "answer": [{"valueCoding": {"code": "x"}}]}],
    }
    asked = NewEscalation(
        patient="p1", requester="Practitioner/k", at=NOW, helper="gp", band=Band.RED, text="I", episodes=["e"]
    )
    found: list[Raw] = [
        {**care_plan("p1", {"versions": [version]}, title="x"), "id": "c"},
        {"resourceType": "Observation", "id": "o", **reading},
        {"resourceType": "QuestionnaireResponse", "id": "q", **form},
        {"resourceType": "Questionnaire", "id": "f", "item": [{"linkId": "q", "repeats": True}]},
        {**message("m", patient="p1", author="Patient/p1", at=NOW, text="Hei"), "id": "m"},
        {**contact("k", patient="p1", author="Practitioner/k", at=NOW, by="phone", reached=True), "id": "k"},
        {**escalation("s", asked), "id": "s"},
    ]
    written = judge_compartment(Compartment.of("p1", found), NOW, Centre())
    return found + [{**write.raw, "id": str(at)} for at, write in enumerate(written)]


def places(value: object) -> list[tuple[Raw | list[object], str | int]]:
    """Every member and entry, however deep."""
    if isinstance(value, dict):
        keys: list[str | int] = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    else:
        return []
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]  # type: ignore[index]


@pytest.mark.parametrize("seed", range(8))
def test_junk_in_any_place_never_stops_the_judge(seed: int) -> None:
    pick = random.Random(seed)  # noqa: S311 - the same junk each time
    whole = resources()
    for _ in range(120):
        broken = copy.deepcopy(whole)
        for _ in range(pick.randint(1, 3)):
            holder, key = pick.choice(places(broken))
            if key in ("resourceType", "id"):
                continue
            holder[key] = copy.deepcopy(pick.choice(JUNK))  # type: ignore[index, call-overload]
        only = [raw for raw in broken if isinstance(raw, dict)]
        judged = judge(Compartment.of("p1", only), LATER, Centre())
        judged.next_due()
