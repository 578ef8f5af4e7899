"""A simulated centre in which every text that others write is an attack. Not a test file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from attacks import ATTACKS, in_turn

from followup_server.simulator import centre
from threshold_engine.instants import parse_instant

Raw = dict[str, Any]

PATIENTS: Final = 8
_WRITTEN: Final = frozenset(
    {
        "city", "contentString", "country", "description", "display", "district", "family", "given", "line",
        "name", "postalCode", "prefix", "text", "title", "unit", "valueString", "author", "comment",
    }
)  # fmt: skip
"""Members that hold what somebody wrote. Codes, references and dates are the server's to check."""
_NUMBERS: Final = ("telecom", "identifier")
"""Members whose `value` is a text of others: telephone numbers, what a device calls its message."""


class Taint:
    """Puts an attack for each text, one sort after the other."""

    def __init__(self) -> None:
        self._attacks = in_turn()

    def resource(self, raw: Raw) -> Raw:
        """The resource with every text replaced."""
        tainted = self._within(raw, "")
        assert isinstance(tainted, dict)
        return tainted

    def _within(self, value: Any, member: str, above: str = "") -> Any:
        if isinstance(value, dict):
            if str(value.get("url", "")).endswith("engine-plan"):
                return value
            return {name: self._within(one, name, member) for name, one in value.items()}
        if isinstance(value, list):
            return [self._within(one, member, above) for one in value]
        written = member in _WRITTEN or (member == "value" and above == "telecom")
        return (next(self._attacks) or "x") if written and isinstance(value, str) else value


def hostile_centre(now: str) -> list[Raw]:
    """All resources, each after those that it refers to."""
    taint = Taint()
    made = list(centre(PATIENTS, 8, 7, parse_instant(now)))
    return [taint.resource(each) for each in [*made, *_beside(made)]]


def _beside(made: list[Raw]) -> Iterator[Raw]:
    """What the simulator doesn't make: for each patient a Flag, notes, odd units, shreds of plans."""
    patients = [each["id"] for each in made if each["resourceType"] == "Patient"]
    for n, patient in enumerate(patients):
        subject = {"reference": f"Patient/{patient}"}
        yield {
            "resourceType": "Flag",
            "id": f"flag-{n}",
            "status": "active",
            "code": {"text": "x"},
            "subject": subject,
        }
        for kind in ("note", "message"):
            yield _written(f"{kind}-{n}", kind, subject, patient)
        yield {
            "resourceType": "Observation",
            "id": f"odd-{n}",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}], "text": "x"},
            "subject": subject,
            "effectiveDateTime": "2026-03-03T07:00:00+01:00",
            "issued": "2026-03-03T07:01:00+01:00",
            "device": {"display": "x"},
            "note": [{"text": "x"}],
            "valueQuantity": {
                "value": 80 + n,
                "unit": "x",
                "system": "http://unitsofmeasure.org",
                "code": ATTACKS[n][:40],
            },
        }
    for plan in [each for each in made if each["resourceType"] == "CarePlan"][:2]:
        yield {**plan, "extension": [{**plan["extension"][0], "valueString": json.dumps({"x": ATTACKS[0]})}]}


def _written(logical: str, kind: str, subject: Raw, patient: str) -> Raw:
    sender = f"Patient/{patient}" if kind == "message" else "Practitioner/demo-ola"
    system = "http://triage-tui.org/fhir/"
    return {
        "resourceType": "Communication",
        "id": logical,
        "status": "completed",
        "category": [{"coding": [{"system": f"{system}communication", "code": kind}]}],
        "medium": [{"coding": [{"system": f"{system}medium", "code": "app"}]}],
        "subject": subject,
        "sender": {"reference": sender, "display": "x"},
        "sent": "2026-03-03T08:00:00Z",
        "payload": [{"contentString": "x"}],
    }
