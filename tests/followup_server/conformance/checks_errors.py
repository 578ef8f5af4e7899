"""What is refused, and how it is told: an OperationOutcome that names the element at fault."""

from __future__ import annotations

from typing import Any

from tests.followup_server.conformance.visit import Raw, Visit, check


@check("a bad status code is refused, and the element named")
def bad_status(visit: Visit) -> None:
    _refused(visit, visit.observation(status="nonsense"), "Observation.status")


@check("a bad date is refused, and the element named")
def bad_date(visit: Visit) -> None:
    _refused(visit, visit.observation(effectiveDateTime="2026-13-45"), "Observation.effective")


@check("a reference that is none is refused, and the element named")
def bad_reference(visit: Visit) -> None:
    _refused(visit, visit.observation(subject={"reference": "no reference"}), "Observation.subject")


@check("a resource of another type than the URL's is refused")
def wrong_type(visit: Visit) -> None:
    told = visit.ask("POST", "/Observation", 400, 422, json=visit.patient()).json()
    assert told["issue"][0]["severity"] == "error"


@check("a PUT under another id than the URL's is refused")
def wrong_id(visit: Visit) -> None:
    made = visit.create(visit.patient())
    visit.ask("PUT", f"/Patient/{made['id']}", 400, 422, json={**made, "id": "another"})


@check("an unknown type, an unknown interaction")
def unknown_address(visit: Visit) -> None:
    visit.ask("GET", "/Nothing", 400, 404)
    visit.ask("GET", "/Patient/$nothing", 400, 404, 405, 501)


@check("an unknown search parameter and a bad date in one are refused, not ignored")
def unknown_parameter(visit: Visit) -> None:
    visit.ask("GET", "/Patient", 400, params={"colour": "red"})
    visit.ask("GET", "/Observation", 400, params={"date": "yesterday"})


@check("JSON that is none, that is too deep, or with a name twice")
def bad_json(visit: Visit) -> None:
    kind = {"Content-Type": "application/fhir+json"}
    for body in (
        b"{",
        b'{"resourceType":"Patient","x":NaN}',
        b'{"resourceType":"Patient","language":"\xff"}',
        b'{"resourceType":"Patient","language":"\\ud800"}',
        b'{"resourceType":"Patient","language":"a\\u0000b"}',
        b'{"resourceType":"Patient","active":true,"active":false}',
        b'{"resourceType":"Basic","x":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"resourceType":"Observation","status":"final","code":{},"valueInteger":1e999999999999999999999}',
    ):
        visit.ask("POST", "/Patient", 400, 413, 422, content=body, headers=kind)


@check("formats that it neither reads nor writes")
def formats(visit: Visit) -> None:
    visit.ask(
        "POST", "/Patient", 415, content=b"<Patient/>", headers={"Content-Type": "application/fhir+xml"}
    )
    visit.ask("GET", "/Patient", 406, headers={"Accept": "application/fhir+xml"})


def _refused(visit: Visit, resource: Raw, element: str) -> None:
    path = f"/{resource['resourceType']}"
    told: dict[str, Any] = visit.ask("POST", path, 400, 422, json=resource).json()
    issue = told["issue"][0]
    assert issue["severity"] in ("error", "fatal")
    named = issue.get("expression") or [issue.get("diagnostics", "")]
    assert named[0].startswith(element), f"names {named[0]!r}"
