"""What each check of the walk is given: a client of the server under test, and a corner of its own there."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

import httpx

Raw = dict[str, Any]
SYSTEM = "http://example.org/walk"
LOINC = "http://loinc.org"


@dataclass
class Visit:
    """One check's visit to a server: what it makes there bears a mark that no other visit uses."""

    client: httpx.Client
    seen: Callable[[httpx.Response], None] = lambda response: None
    """Told of each answer: the place to validate what is returned."""
    rows: int = 1_050
    """How many to make where there are to be many."""
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def token(self, name: str = "1") -> str:
        """`system|value` of this visit's identifier of a name."""
        return f"{SYSTEM}|{self.mark}-{name}"

    def patient(self, name: str = "1", **members: Any) -> Raw:
        identifier = [{"system": SYSTEM, "value": f"{self.mark}-{name}"}]
        return {"resourceType": "Patient", "identifier": identifier, "active": True, **members}

    def task(self, name: str = "1", **members: Any) -> Raw:
        identifier = [{"system": SYSTEM, "value": f"{self.mark}-{name}"}]
        base = {"resourceType": "Task", "status": "requested", "intent": "order", "identifier": identifier}
        return {**base, **members}

    def observation(self, name: str = "1", **members: Any) -> Raw:
        """A pulse of this visit, with a code of its own beside LOINC's."""
        coding = [{"system": LOINC, "code": "8867-4"}, {"system": SYSTEM, "code": self.mark}]
        return {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": coding},
            "identifier": [{"system": SYSTEM, "value": f"{self.mark}-{name}"}],
            "effectiveDateTime": "2026-01-02T03:04:05Z",
            "valueQuantity": {
                "value": 70,
                "unit": "/min",
                "system": "http://unitsofmeasure.org",
                "code": "/min",
            },
            **members,
        }

    def ask(self, method: str, path: str, *statuses: int, **options: Any) -> httpx.Response:
        """Ask, and insist on one of the statuses; an error has to be an OperationOutcome."""
        response = self.client.request(method, path, **options)
        self.seen(response)
        assert response.status_code in statuses, f"{method} {shape(path)}: {response.status_code}"
        if response.status_code >= 400:
            assert response.json().get("resourceType") == "OperationOutcome", (
                "an error that isn't told in FHIR"
            )
        return response

    def get(self, path: str, **params: Any) -> Raw:
        found: Raw = self.ask("GET", path, 200, params=params or None).json()
        return found

    def create(self, resource: Raw) -> Raw:
        made: Raw = self.ask("POST", f"/{resource['resourceType']}", 201, json=resource).json()
        return made

    def put(self, resource: Raw, *statuses: int, **headers: str) -> httpx.Response:
        path = f"/{resource['resourceType']}/{resource['id']}"
        return self.ask("PUT", path, *(statuses or (200,)), json=resource, headers=headers)

    def bundle(self, kind: str, *entries: Raw, statuses: tuple[int, ...] = (200,)) -> list[Raw]:
        """Post a bundle; gives the entries of the answer (none of a refusal)."""
        raw = {"resourceType": "Bundle", "type": kind, "entry": list(entries)}
        answer = self.ask("POST", "", *statuses, json=raw).json()
        found: list[Raw] = answer.get("entry", [])
        return found

    def ids(self, path: str, **params: Any) -> list[str]:
        """Ids of a search's matches on its first page, in order."""
        return [entry["resource"]["id"] for entry in matches(self.get(path, **params))]

    def pages(self, path: str, **params: Any) -> Iterator[Raw]:
        """The pages of a search, by following `next` as it is given."""
        page = self.get(path, **params)
        for _ in range(200):
            yield page
            following = [link["url"] for link in page.get("link", []) if link["relation"] == "next"]
            if not following:
                return
            page = self.get(following[0])
        raise AssertionError("the pages don't end")

    def at_once(self, calls: list[Callable[[], httpx.Response]]) -> list[httpx.Response]:
        """Do all, begun together."""
        together = Barrier(len(calls))

        def run(call: Callable[[], httpx.Response]) -> httpx.Response:
            together.wait()
            return call()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(run, calls))


def matches(bundle: Raw) -> list[Raw]:
    """Entries that the search is about, without what goes along."""
    return [entry for entry in bundle.get("entry", []) if entry.get("search", {}).get("mode") != "include"]


def along(bundle: Raw) -> list[str]:
    """`Type/id` of what goes along."""
    return [
        f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
        for entry in bundle.get("entry", [])
        if entry.get("search", {}).get("mode") == "include"
    ]


def entry(
    method: str, url: str, resource: Raw | None = None, full_url: str | None = None, **more: str
) -> Raw:
    """An entry of a batch or transaction; `more`: ifMatch and the like."""
    made: Raw = {"request": {"method": method, "url": url, **more}}
    if resource is not None:
        made["resource"] = resource
    if full_url is not None:
        made["fullUrl"] = full_url
    return made


def statuses(entries: list[Raw]) -> list[int]:
    """The statuses of a response bundle's entries."""
    return [int(one["response"]["status"].split()[0]) for one in entries]


def patch(*operations: Raw) -> dict[str, Any]:
    """What httpx is given to send a JSON Patch."""
    return {
        "content": json.dumps(operations),
        "headers": {"Content-Type": "application/json-patch+json"},
    }


def shape(path: str) -> str:
    """A path without ids and values, for the report."""
    parts = path.partition("?")[0].split("/")
    return "/".join("[id]" if len(part) > 30 or part.isdigit() else part for part in parts) or "/"


@dataclass(frozen=True)
class Check:
    """One thing that a server does or doesn't."""

    name: str
    needed: bool
    """Whether the console can't do without it."""
    run: Callable[[Visit], None]


CHECKS: list[Check] = []


def check(name: str, *, needed: bool = False) -> Callable[[Callable[[Visit], None]], Callable[[Visit], None]]:
    """Put a function on the walk's list, in the order in which they are written."""

    def kept(run: Callable[[Visit], None]) -> Callable[[Visit], None]:
        CHECKS.append(Check(name, needed, run))
        return run

    return kept
