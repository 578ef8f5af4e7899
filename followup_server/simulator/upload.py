"""A simulated centre sent to a FHIR server in batches, under our ids or, where it refuses those, its own.

It is first simulated in a store of its own, with its judge and its nurses, since a server judges at its own
now. What they made is sent along; the server's judge finds it there, under the ids that it would give itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import FhirError, Gone, NotFound, Refused
from fhir_r4.outgoing import condition_of
from fhir_r4.raw import Raw, members
from fhir_r4.references import patient_of
from followup_server.simulator.generation import Simulation
from followup_server.simulator.running import Progress, SimulationReport, is_there, simulate
from followup_server.simulator.store_target import StoreTarget
from followup_server.storage import demo_centre
from followup_server.storage.store import ResourceStore
from threshold_engine.model import Instant
from work_items.centre import Centre

LARGEST_BATCH: Final = 100
_ORDER: Final = (
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Device",
    "Questionnaire",
    "Patient",
    "Flag",
    "CarePlan",
    "QuestionnaireResponse",
    "Observation",
    "Binary",
    "Media",
    "DetectedIssue",
    "ServiceRequest",
    "Task",
    "Communication",
)
"""Each type after those that it refers to."""


class ServerTarget:
    """A FHIR server, its own judge at work in it or beside it.

    Whether it takes our ids shows with the first resources. Where it doesn't, each resource is created once
    by its identifier, and references to it are written with the id that it was given.
    """

    def __init__(self, client: FhirClient) -> None:
        self._client = client
        self._own_ids: dict[str, str] = {}
        self._takes_our_ids: bool | None = None

    def put(self, resources: Iterable[Raw]) -> None:
        """Send resources, at most 100 at a time; in their order, where the server takes our ids.

        Raises FhirError.
        """
        if self._takes_our_ids is None:
            self._learn_about_ids()
        if self._takes_our_ids:
            refused = self._put(resources)
            # A server that wants to know what is referred to has all of it by now.
            still = self._put([raw for raw, _ in refused]) if refused else []
            if still:
                raise still[0][1]
        else:
            self._create(resources)

    def judge(self, patients: Collection[str], now: Instant) -> None:
        """Nothing: the server judges what comes in, at its own now."""

    def read(self, resource_type: str, logical: str) -> Raw | None:
        """A resource, or none where it isn't there."""
        try:
            return self._client.read(resource_type, logical)
        except (NotFound, Gone):
            return None

    def logical_id(self, resource_type: str, ours: str) -> str:
        """Our id, or the one that the server gave instead."""
        return self._own_ids.get(f"{resource_type}/{ours}", f"{resource_type}/{ours}").partition("/")[2]

    def _learn_about_ids(self) -> None:
        if self.read("Organization", demo_centre.CENTRE_ID) is not None:
            self._takes_our_ids = True
            return
        demo = demo_centre.resources()
        refused = self._put(demo)
        self._takes_our_ids = len(refused) < len(demo)
        if self._takes_our_ids and refused:
            raise refused[0][1]
        if refused:
            self._create(demo)

    def _put(self, resources: Iterable[Raw]) -> list[tuple[Raw, FhirError]]:
        """Put resources; gives those that the server refused for what they are. Raises other FhirErrors."""
        refused: list[tuple[Raw, FhirError]] = []
        for batch in _batches(resources):
            for raw, answer in zip(batch, self._client.batch(list(map(_put_entry, batch))), strict=True):
                if isinstance(answer.error, Refused | NotFound):
                    refused.append((raw, answer.error))
                elif answer.error is not None:
                    raise answer.error
        return refused

    def _create(self, resources: Iterable[Raw]) -> None:
        """A type at a time: what comes later refers to what came before by the id that it was given."""
        for _, same in groupby(sorted(resources, key=_rank), key=_rank):
            for batch in _batches(same):
                answers = self._client.batch([_post_entry(_renamed(raw, self._own_ids)) for raw in batch])
                for raw, answer in zip(batch, answers, strict=True):
                    if answer.error is not None:
                        raise answer.error
                    if answer.reference is not None:
                        self._own_ids[f"{raw['resourceType']}/{raw['id']}"] = answer.reference


def send(target: ServerTarget, made: Simulation, centre: Centre, progress: Progress) -> SimulationReport:
    """Send the centre as it is at `made.until`; where it is there already, nothing.

    Raises SimulationExists where another centre of the seed is there, FhirError.
    """
    if is_there(target.read, made):
        return SimulationReport(made.patients, sum(1 for _ in made.measured()), 0)
    with TemporaryDirectory(prefix="triage-simulation-") as folder:
        store = ResourceStore(Path(folder) / "fhir.db", lambda: made.until)
        try:
            own = StoreTarget(store, centre)
            report = simulate(own, made, centre, progress)
            found = _by_patient(own)
        finally:
            store.close()
    target.put(made.shared())
    for sent, (person, family) in enumerate(zip(made.people, made.families(), strict=True), start=1):
        known = {(raw["resourceType"], raw["id"]) for raw in family}
        theirs = found.get(made.patient_id(person), ())
        made_there = [raw for raw in theirs if (raw["resourceType"], raw["id"]) not in known]
        # The Patient last: until then there is nobody to judge, on what would only be a part of the readings.
        target.put([*family[1:], *made_there, family[0]])
        progress("sending", sent, made.patients)
    return report


def _by_patient(own: StoreTarget) -> dict[str, list[Raw]]:
    """What judge and nurses made, what is referred to before what refers to it."""
    found: dict[str, list[Raw]] = {}
    for kind in ("DetectedIssue", "ServiceRequest", "Task", "Communication"):
        for raw in own.everything(kind):
            unstamped = {name: value for name, value in raw.items() if name != "meta"}
            found.setdefault(patient_of(raw) or "", []).append(unstamped)
    return found


def _rank(raw: Raw) -> int:
    kind = str(raw["resourceType"])
    return _ORDER.index(kind) if kind in _ORDER else 0


def _batches(resources: Iterable[Raw]) -> Iterator[list[Raw]]:
    waiting = iter(resources)
    while batch := list(islice(waiting, LARGEST_BATCH)):
        yield batch


def _put_entry(raw: Raw) -> Raw:
    request = {"method": "PUT", "url": f"{raw['resourceType']}/{raw['id']}"}
    return {"resource": raw, "request": request}


def _post_entry(raw: Raw) -> Raw:
    request = {"method": "POST", "url": str(raw["resourceType"])}
    condition = condition_of(raw) or _first_identifier(raw)
    if condition is not None:
        request["ifNoneExist"] = condition
    return {"resource": {name: value for name, value in raw.items() if name != "id"}, "request": request}


def _first_identifier(raw: Raw) -> str | None:
    identifier = raw.get("identifier")  # a list, but for an answered form
    for entry in members(identifier if isinstance(identifier, list) else [identifier]):
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
    for name in ("reference", "url"):  # a picture is referred to by its url
        reference = found.get(name)
        if isinstance(reference, str):
            found[name] = find(reference) or reference
    return found
