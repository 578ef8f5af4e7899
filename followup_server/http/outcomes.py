"""OperationOutcome: how every error is told (http://hl7.org/fhir/R4/operationoutcome.html)."""

from __future__ import annotations

from followup_server.problems import FhirProblem
from followup_server.raw_json import Raw


def outcome(severity: str, code: str, diagnostics: str, element: str | None = None) -> Raw:
    """An OperationOutcome with one issue."""
    issue: Raw = {"severity": severity, "code": code, "diagnostics": diagnostics}
    if element is not None:
        issue["expression"] = [element]
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def outcome_of(problem: FhirProblem) -> Raw:
    """The OperationOutcome that tells of a problem."""
    return outcome("error", problem.issue_code, problem.diagnostics, problem.element)
