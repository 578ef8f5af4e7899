"""A small FHIR server that isn't ours, at HTTP's border: opaque versions, few abilities, and bad habits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx

BASE = "https://other.example/fhir"
Raw = dict[str, Any]


class TinyFhir(httpx.BaseTransport):
    """Searches by type, `_id`, `patient`, `status`, `_lastUpdated`; ignores what else it is asked.

    `links_live`: how often a page's link works before it has expired. `instead` may answer a request itself.
    """

    def __init__(self, *raws: Raw, links_live: int = 99) -> None:
        self.raws = list(raws)
        self.links_live = links_live
        self.urls: list[httpx.URL] = []
        self.most = 1000
        """Resources in a page, whatever is asked for."""
        self.instead: Callable[[httpx.Request], httpx.Response | None] = lambda _request: None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.urls.append(request.url)
        return self.instead(request) or self._answer(request.url)

    def _answer(self, url: httpx.URL) -> httpx.Response:
        kind = url.path.removeprefix("/fhir/").strip("/")
        if kind == "metadata":
            return _json({"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": []})
        start = int(url.params.get("offset", 0))
        if start:
            self.links_live -= 1
            if self.links_live < 0:
                return httpx.Response(404, html="<h1>Not here any more</h1>")
        if kind not in ("Task", "Patient", "CarePlan", "DetectedIssue", "Communication", "Observation"):
            return _json({"resourceType": "Bundle", "type": "searchset"})
        found = sorted(self._found(kind, url.params), key=lambda raw: str(raw["meta"]["lastUpdated"]))
        size = min(self.most, int(url.params.get("_count", 10)))
        bundle: Raw = {"resourceType": "Bundle", "type": "searchset"}
        bundle["entry"] = [{"resource": raw} for raw in found[start : start + size]]
        if start + size < len(found):
            following = url.copy_set_param("offset", str(start + size))
            bundle["link"] = [{"relation": "next", "url": str(following)}]
        return _json(bundle)

    def _found(self, kind: str, params: httpx.QueryParams) -> Iterator[Raw]:
        for raw in self.raws:
            about = next((raw[name]["reference"] for name in ("subject", "for") if name in raw), None)
            since = params.get("_lastUpdated", "ge").removeprefix("ge")
            if (
                raw["resourceType"] == kind
                and ("_id" not in params or raw["id"] in params["_id"].split(","))
                and ("patient" not in params or str(about)[8:] in params["patient"].split(","))
                and ("status" not in params or raw.get("status") in params["status"].split(","))
                and raw["meta"]["lastUpdated"] >= since
            ):
                yield raw

    def close(self) -> None:
        return None


def _json(raw: Raw) -> httpx.Response:
    content = json.dumps(raw).encode()
    return httpx.Response(200, content=content, headers={"Content-Type": "application/fhir+json"})


def known(kind: str, logical_id: str, version: str, seconds: int = 0, **more: Any) -> Raw:
    """A resource with its meta."""
    at = f"2026-03-03T08:{seconds // 60:02d}:{seconds % 60:02d}.000Z"
    return {"resourceType": kind, "id": logical_id, "meta": {"versionId": version, "lastUpdated": at}, **more}


def follow_up(logical_id: str, version: str, *, uuid: str = "8c6d5a3e-0000-4000-8000-000000000001") -> Raw:
    """A Task of ours, as somebody's console made it."""
    return known(
        "Task",
        logical_id,
        version,
        status="requested",
        intent="order",
        priority="urgent",
        identifier=[{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid}"}],
        code={"coding": [{"system": "http://triage-tui.org/fhir/work", "code": "follow-up"}]},
        authoredOn="2026-03-03T07:00:00Z",
        restriction={"period": {"start": "2026-03-03T07:00:00Z", "end": "2026-03-03T07:00:00Z"}},
        **{"for": {"reference": "Patient/p1"}},
    )


def spo2(number: int, version: str, seconds: int = 0) -> Raw:
    """A reading without an identifier."""
    return known(
        "Observation",
        f"o{number}",
        version,
        seconds,
        status="final",
        code={"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        subject={"reference": "Patient/p1"},
        effectiveDateTime=f"2026-03-03T06:{number % 60:02d}:00Z",
        issued="2026-03-03T07:00:00Z",
        valueQuantity={"value": 95, "system": "http://unitsofmeasure.org", "code": "%"},
    )
