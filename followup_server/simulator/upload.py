"""A simulated centre sent to a FHIR server in batches, under our ids or, where it refuses those, its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby, islice
from typing import Final

from fhir_r4 import systems
from fhir_r4.client import FhirClient
from fhir_r4.client_errors import FhirError, Gone, NotFound, PreconditionFailed, Refused
from fhir_r4.outgoing import condition_of
from fhir_r4.raw import Raw, members, version_of
from fhir_r4.results import BatchAnswer
from fhir_r4.tasks import focus_issue, is_work_item
from followup_server import demo_centre
from followup_server.simulator.running import Work
from threshold_engine.model import Instant

LARGEST_BATCH: Final = 100
_OPEN: Final = "requested,received,accepted,ready,in-progress,on-hold"


class ServerTarget:
    """A FHIR server, its own judge at work in it or beside it.

    Whether it takes our ids shows with the first resource. Where it doesn't, each resource is created once by
    its identifier, and references to it are written with the id that it was given.
    """

    judges_itself = True

    def __init__(self, client: FhirClient) -> None:
        self._client = client
        self._own_ids: dict[str, str] = {}
        self._takes_our_ids: bool | None = None

    def put(self, resources: Iterable[Raw]) -> None:
        """Send resources, those of one type together, at most 100 at a time. Raises FhirError."""
        self._make_sure_of_the_centre()
        for _, same in groupby(resources, key=lambda raw: raw["resourceType"]):
            for batch in _batches(same):
                self._send(batch)

    def judge(self, patients: Collection[str], now: Instant) -> None:
        """Nothing: the server judges what comes in, at its own now."""

    def open_work(self) -> Iterator[Work]:
        """Open Tasks of ours with their DetectedIssues, as the server has them."""
        page = self._client.search("Task", {"status": _OPEN, "_count": 200})
        while True:
            for task in page.resources:
                if is_work_item(task):
                    yield Work(task, self._issue_of(task))
            if page.next is None:
                return
            page = self._client.follow(page.next)

    def read(self, resource_type: str, logical: str) -> Raw | None:
        """A resource, or none where it isn't there."""
        try:
            return self._client.read(resource_type, logical)
        except (NotFound, Gone):
            return None

    def logical_id(self, resource_type: str, ours: str) -> str:
        """Our id, or the one that the server gave instead."""
        return self._own_ids.get(f"{resource_type}/{ours}", f"{resource_type}/{ours}").partition("/")[2]

    def _make_sure_of_the_centre(self) -> None:
        if self._takes_our_ids is not None:
            return
        if self.read("Organization", demo_centre.CENTRE_ID) is None:
            self._send(demo_centre.resources())
        else:
            self._takes_our_ids = True

    def _send(self, batch: list[Raw]) -> None:
        changed = [raw for raw in batch if version_of(raw) is not None]
        for raw in changed:
            self._update(raw)
        new = [raw for raw in batch if version_of(raw) is None]
        if not new:
            return
        if self._takes_our_ids is False:
            self._create(new)
            return
        answers = self._client.batch([_put(raw) for raw in new])
        refused = [(raw, answer) for raw, answer in zip(new, answers, strict=True) if answer.error]
        if self._takes_our_ids is None and refused and all(map(_is_about_ids, answers)):
            self._takes_our_ids = False
            self._create(new)
            return
        self._takes_our_ids = True
        _raise_first(answer for _, answer in refused)

    def _update(self, raw: Raw) -> None:
        try:
            self._client.update(raw, version_of(raw))
        except PreconditionFailed:
            return  # somebody else has it by now: it is theirs

    def _create(self, batch: list[Raw]) -> None:
        entries = [_post(_renamed(raw, self._own_ids)) for raw in batch]
        answers = self._client.batch(entries)
        _raise_first(answers)
        for raw, answer in zip(batch, answers, strict=True):
            if answer.reference is not None:
                self._own_ids[f"{raw['resourceType']}/{raw['id']}"] = answer.reference

    def _issue_of(self, task: Raw) -> Raw | None:
        uuid, logical = focus_issue(task)
        if logical is not None:
            return self.read("DetectedIssue", logical)
        if uuid is None:
            return None
        identifier = f"{systems.URI}|{systems.UUID_PREFIX}{uuid}"
        found = self._client.search("DetectedIssue", {"identifier": identifier}).resources
        return found[0] if found else None


def _batches(resources: Iterable[Raw]) -> Iterator[list[Raw]]:
    waiting = iter(resources)
    while batch := list(islice(waiting, LARGEST_BATCH)):
        yield batch


def _put(raw: Raw) -> Raw:
    request = {"method": "PUT", "url": f"{raw['resourceType']}/{raw['id']}"}
    return {"resource": raw, "request": request}


def _post(raw: Raw) -> Raw:
    request = {"method": "POST", "url": str(raw["resourceType"])}
    condition = condition_of(raw) or _first_identifier(raw)
    if condition is not None:
        request["ifNoneExist"] = condition
    return {"resource": {name: value for name, value in raw.items() if name != "id"}, "request": request}


def _first_identifier(raw: Raw) -> str | None:
    for entry in members(raw.get("identifier")):
        return f"identifier={entry.get('system')}|{entry.get('value')}"
    return None


def _renamed(raw: Raw, own_ids: dict[str, str]) -> Raw:
    """A copy whose references lead to what the server has."""
    return {name: _with_references(value, own_ids.get) for name, value in raw.items()}


def _with_references(value: object, find: Callable[[str], str | None]) -> object:
    if isinstance(value, list):
        return [_with_references(entry, find) for entry in value]
    if not isinstance(value, dict):
        return value
    found = {name: _with_references(entry, find) for name, entry in value.items()}
    reference = found.get("reference")
    if isinstance(reference, str):
        found["reference"] = find(reference) or reference
    return found


def _is_about_ids(answer: BatchAnswer) -> bool:
    """As servers refuse a PUT to an id that they didn't give: 404, 405, or another 4xx than for the login."""
    return isinstance(answer.error, Refused | NotFound)


def _raise_first(answers: Iterable[BatchAnswer]) -> None:
    error: FhirError | None = next((answer.error for answer in answers if answer.error), None)
    if error is not None:
        raise error
