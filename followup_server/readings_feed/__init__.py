"""`GET /fhir/$readings`: all readings, then what has changed, in the compact form (docs/readings-feed.md)."""

from typing import Final

from followup_server.raw_json import Raw

NAME: Final = "$readings"
"""The operation's segment in the path."""

OPERATION: Final[Raw] = {
    "name": "readings",
    "definition": "http://triage-tui.org/fhir/OperationDefinition/readings",
    "documentation": "The readings in a compact form: GET [base]/$readings",
}
"""How the CapabilityStatement declares it."""
