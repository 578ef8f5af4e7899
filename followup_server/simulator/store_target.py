"""A simulated centre put straight into the server's own store, judged as of whatever instant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from fhir_r4.raw import Raw
from fhir_r4.tasks import focus_issue, is_work_item
from followup_server import bulk
from followup_server.judging import judge_patients
from followup_server.problems import Gone, NotFound
from followup_server.simulator.running import Work
from followup_server.store import ResourceStore
from threshold_engine.model import Instant
from work_items.centre import Centre

_OPEN = "requested,in-progress,on-hold"


class StoreTarget:
    """The resource store of a `followup_server`, without HTTP."""

    judges_itself = False

    def __init__(self, store: ResourceStore, centre: Centre) -> None:
        self._store = store
        self._centre = centre

    def put(self, resources: Iterable[Raw]) -> None:
        """Load resources in one transaction. Raises BulkError."""
        bulk.load(self._store, resources)

    def judge(self, patients: Collection[str], now: Instant) -> None:
        """Judge these patients as of an instant."""
        judge_patients(self._store, patients, now, self._centre)

    def open_work(self) -> Iterator[Work]:
        """All Tasks that aren't closed, with their DetectedIssues."""
        for task in self._open_tasks():
            uuid, logical = focus_issue(task)
            found = logical or uuid  # the judge's issues have their UUID for an id here
            yield Work(task, self.read("DetectedIssue", found) if found else None)

    def logical_id(self, resource_type: str, ours: str) -> str:
        """Our own id."""
        return ours

    def read(self, resource_type: str, logical: str) -> Raw | None:
        """A resource, or none where it isn't there."""
        try:
            return self._store.read(resource_type, logical).raw
        except (NotFound, Gone):
            return None

    def _open_tasks(self) -> Iterator[Raw]:
        params = [("status", _OPEN), ("_count", "1000")]
        page = self._store.search("Task", params)
        while True:
            yield from (raw for stored in page.matches if is_work_item(raw := stored.raw))
            if page.next_page is None:
                return
            page = self._store.search("Task", [*params, ("_page", page.next_page)])
