"""Resources of a made-up patient. Not a test file."""

from __future__ import annotations

from fhir_r4.raw import Raw
from threshold_engine import format_instant, parse_instant

NOW = parse_instant("2026-03-03T09:31:00+01:00")
HOUR, DAY = 3_600_000, 86_400_000

QUESTIONNAIRE: Raw = {
    "resourceType": "Questionnaire",
    "id": "q1",
    "url": "http://example.org/Questionnaire/wrist-fracture",
    "title": "Håndleddet ditt",
    "item": [
        {"linkId": "wants-consultation", "text": "Ønsker du en konsultasjon?"},
        {"linkId": "group", "item": [{"linkId": "pain", "text": "Hvor vondt har du, fra 0 til 10?"}]},
    ],
}


def patient(logical_id: str, family: str, given: str) -> Raw:
    return {
        "resourceType": "Patient",
        "id": logical_id,
        "name": [{"family": family, "given": [given]}],
        "birthDate": "1954-01-13",
    }


def response(number: int, at: int, *, wants: bool | None, pain: int, status: str = "completed") -> Raw:
    asked = [] if wants is None else [{"linkId": "wants-consultation", "answer": [{"valueBoolean": wants}]}]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"r{number}",
        "questionnaire": "http://example.org/Questionnaire/wrist-fracture|2",
        "status": status,
        "subject": {"reference": "Patient/p1"},
        "authored": format_instant(at),
        "item": [
            *asked,
            {"linkId": "group", "item": [{"linkId": "pain", "answer": [{"valueInteger": pain}]}]},
        ],
    }
