"""CapabilityStatement: what this server can do, for clients and for people."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from followup_server.http.auth import AuthMode
from followup_server.moments import format_micros
from followup_server.raw_json import Raw
from followup_server.readings_feed import OPERATION as READINGS
from followup_server.resource_types import STORABLE_TYPES
from followup_server.search.params import COMMON_PARAMS, Kind, Param, params_of
from followup_server.writing.json_patch import MEDIA_TYPE as JSON_PATCH

_INTERACTIONS = (
    "read",
    "vread",
    "update",
    "patch",
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
        "patchFormat": [JSON_PATCH],
        "rest": [
            {
                "mode": "server",
                "security": _security(auth),
                "resource": [_resource(name) for name in sorted(STORABLE_TYPES)],
                "interaction": [
                    {"code": "transaction"},
                    {"code": "batch"},
                    {"code": "history-system"},
                    {"code": "search-system"},
                ],
                "searchParam": _search_params(COMMON_PARAMS),
                "operation": [READINGS],
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
        "conditionalUpdate": True,
        "conditionalDelete": "not-supported",
        "searchParam": _search_params(params),
    }
    if references:
        found["searchInclude"] = [f"{type_name}:{name}" for name in references]
    pointing = _pointing_to().get(type_name)
    if pointing:
        found["searchRevInclude"] = pointing
    return found


def _search_params(params: Mapping[str, Param]) -> list[Raw]:
    kinds = {"_id": "token", "_lastUpdated": "date"}
    kinds |= {name: param.kind.value for name, param in sorted(params.items())}
    return [{"name": name, "type": kind} for name, kind in kinds.items()]


@cache
def _pointing_to() -> Mapping[str, list[str]]:
    """By type, the parameters whose references may be to it."""
    found: dict[str, list[str]] = {}
    for source in sorted(STORABLE_TYPES):
        for name, param in sorted(params_of(source).items()):
            for target in param.targets:
                found.setdefault(target, []).append(f"{source}:{name}")
    return found
