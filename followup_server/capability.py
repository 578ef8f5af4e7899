"""CapabilityStatement: what this server can do, for clients and for people."""

from __future__ import annotations

from followup_server.auth import AuthMode
from followup_server.moments import format_micros
from followup_server.raw_json import Raw
from followup_server.resource_types import STORABLE_TYPES
from followup_server.search_params import Kind, params_of

_INTERACTIONS = (
    "read",
    "vread",
    "update",
    "delete",
    "history-instance",
    "history-type",
    "create",
    "search-type",
)


def capability_statement(base: str, auth: AuthMode, now: int) -> Raw:
    """The CapabilityStatement of a server at `base`; `now` in milliseconds."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": format_micros(now * 1000),
        "kind": "instance",
        "software": {"name": "triage-tui followup_server"},
        "implementation": {"description": "Follow-up of patients at home", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": _security(auth),
                "resource": [_resource(name) for name in sorted(STORABLE_TYPES)],
                "interaction": [
                    {"code": "transaction"},
                    {"code": "batch"},
                    {"code": "history-system"},
                ],
            }
        ],
    }


def _security(auth: AuthMode) -> Raw:
    if auth == "none":
        return {"cors": False, "description": "Nobody logs in: for this machine only."}
    return {
        "cors": False,
        "service": [{"text": "demo logins"}],
        "description": "Demo logins by the header Authorization: Bearer demo-<user>.",
    }


def _resource(type_name: str) -> Raw:
    params = params_of(type_name)
    references = sorted(name for name, param in params.items() if param.kind is Kind.REFERENCE)
    found: Raw = {
        "type": type_name,
        "interaction": [{"code": code} for code in _INTERACTIONS],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "not-match",
        "conditionalUpdate": False,
        "conditionalDelete": "not-supported",
        "searchParam": [
            {"name": "_id", "type": "token"},
            {"name": "_lastUpdated", "type": "date"},
            *({"name": name, "type": param.kind.value} for name, param in sorted(params.items())),
        ],
    }
    if references:
        found["searchInclude"] = [f"{type_name}:{name}" for name in references]
    return found
