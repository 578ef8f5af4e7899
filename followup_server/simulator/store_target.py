"""A simulated centre put straight into the server's own store, judged as of whatever instant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from fhir_r4.raw import Raw
from fhir_r4.tasks import focus_issue, is_work_item
from followup_server.bulk import loading
from followup_server.judging.patients import Progress, judge_patients
from followup_server.problems import Gone, NotFound
from followup_server.storage.store import ResourceStore
from threshold_engine.model import Instant
from work_items.centre import Centre


class StoreTarget:
    """The resource store of a `followup_server`, without HTTP."""

    def __init__(self, store: ResourceStore, centre: Centre) -> None:
        self._store = store
        self._centre = centre

    def put(self, resources: Iterable[Raw]) -> None:
        """Load resources in one transaction. Raises BulkError."""
        loading.load(self._store, resources)

    def judge(self, patients: Collection[str], now: Instant, progress: Progress | None = None) -> None:
        """Judge these patients as of an instant."""
        judge_patients(self._store, patients, now, self._centre, progress)

    def open_work(self) -> Iterator[tuple[Raw, Raw | None]]:
        """All Tasks that aren't closed, each with the DetectedIssue that it is about, if any."""
        for task in self.everything("Task", ("status", "requested,in-progress,on-hold")):
            if is_work_item(task):
                uuid, logical = focus_issue(task)
                found = logical or uuid  # the judge's issues have their UUID for an id here
                yield task, self.read("DetectedIssue", found) if found else None

    def logical_id(self, resource_type: str, ours: str) -> str:
        """Our own id."""
        return ours

    def read(self, resource_type: str, logical: str) -> Raw | None:
        """A resource, or none where it isn't there."""
        try:
            return self._store.read(resource_type, logical).raw
        except (NotFound, Gone):
            return None

    def everything(self, resource_type: str, *params: tuple[str, str]) -> Iterator[Raw]:
        """All resources of a type that a search finds."""
        wanted = [*params, ("_count", "1000")]
        page = self._store.search(resource_type, wanted)
        while True:
            yield from (stored.raw for stored in page.matches)
            if page.next_page is None:
                return
            page = self._store.search(resource_type, [*wanted, ("_page", page.next_page)])
