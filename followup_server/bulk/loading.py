"""Loading many resources at once, past the HTTP interface, not judged.

Resources with an id are put, those without one get that of their bundle entry's fullUrl or one made of their
content. References between entries of a bundle are resolved. Loading the same again changes nothing, so that
a load that was broken off is just begun anew. Memory doesn't grow with what is loaded, and others may write
between its transactions, each of which is short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from sqlalchemy import and_, select

from followup_server.bulk.owners import new_patients, without_patient
from followup_server.bulk.sources import Found, Source, Unreadable, expanded
from followup_server.judging.patient_state import make_due
from followup_server.problems import BulkError, FhirProblem
from followup_server.raw_json import Raw
from followup_server.search.indexing import index
from followup_server.storage import schema
from followup_server.storage.demo_centre import CENTRE_REFERENCE, organisation
from followup_server.storage.store import ResourceStore
from followup_server.storage.stored import Stored
from followup_server.writing.validation import validate
from followup_server.writing.writes import WriteSession

BATCH: Final = 1_000
"""Resources in a transaction: some tenths of a second."""
_BATCH_BYTES: Final = 4 * 1024 * 1024
JUDGED_LATER_MS: Final = 10 * 60_000
"""When patients touched by a load that was broken off are judged: half a history raises what isn't so."""
_MOST_TOLD: Final = 10
_ROW = schema.resource.c
NOTHING_LOADED: Final = "Nothing was loaded; put it right and load all again."
PARTLY_LOADED: Final = (
    "What comes before it was loaded; put it right and load all again: what is there is passed over."
)
_META_OF_OURS: Final = frozenset(("versionId", "lastUpdated"))


@dataclass(slots=True)
class BulkReport:
    """What a load did."""

    created: Counter[str] = field(default_factory=Counter)
    """New resources by type."""
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    patients: set[str] = field(default_factory=set)
    """Logical ids of the patients that the load touched, who are to be judged."""

    @property
    def total(self) -> int:
        """How many resources were read."""
        return self.created.total() + self.updated.total() + self.unchanged


def load(store: ResourceStore, resources: Iterable[Raw], *, centre: str | None = None) -> BulkReport:
    """Load resources, and the entries of bundles among them.

    `centre`: name of the Organization (made if it isn't there) that patients without one go to; none: the
    demo centre. Raises BulkError; of a list nothing is loaded then.
    """

    def found() -> Source:
        return chain.from_iterable(map(expanded, resources))

    return load_found(
        store, found(), first=found() if isinstance(resources, Sequence) else None, centre=centre
    )


def load_found(
    store: ResourceStore, found: Source, *, first: Source | None = None, centre: str | None = None
) -> BulkReport:
    """As `load`, from files: see `bulk_files.resources_in`. What is wrong is told with its place.

    `first`: the same once more, to be checked before anything is loaded; none where it can be read only once.
    """
    if first is not None:
        beforehand = _Checking(first)
        for _ in beforehand:
            pass
        beforehand.raise_if_refused(NOTHING_LOADED)
    report = BulkReport()
    checked = _Checking(found)
    for number, batch in enumerate(_batches(checked)):
        if number:
            store.let_others_write()
        with store.write(due=store.clock() + JUDGED_LATER_MS) as session:
            loading = _Loading(session, _centre_reference(session, centre), report)
            loading.take(batch)
            loading.finish()
        report.patients |= session.changes.touched
    checked.raise_if_refused(PARTLY_LOADED if report.total else NOTHING_LOADED)
    with store.write() as session:
        make_due(session.connection, report.patients)
    return report


class _Checking:
    """Iterates over what can be loaded, until something can't be; then it only looks for more of that."""

    def __init__(self, found: Iterable[Found | Unreadable]) -> None:
        self._found = found
        self._refused: list[str] = []

    def __iter__(self) -> Iterator[Found]:
        for found in self._found:
            why = found.why if isinstance(found, Unreadable) else _fault_of(found.raw)
            if why is not None:
                self._refused.append(f"{_place(found)} {why.rstrip('.')}")
                if len(self._refused) == _MOST_TOLD:
                    return
            elif isinstance(found, Found) and not self._refused:
                yield found

    def raise_if_refused(self, remedy: str) -> None:
        """Raises BulkError naming the first places at which something is wrong."""
        if not self._refused:
            return
        more = "; there may be more" if len(self._refused) == _MOST_TOLD else ""
        raise BulkError(f"Not loaded: {'; '.join(self._refused)}{more}.", remedy)


def _place(found: Found | Unreadable) -> str:
    if found.place or isinstance(found, Unreadable):
        return found.place
    return f"{found.raw.get('resourceType', '?')}/{found.raw.get('id', '?')}"


def _fault_of(raw: Raw) -> str | None:
    """What keeps a resource from being loaded."""
    try:
        validate(raw)
    except FhirProblem as problem:
        return f"can't be loaded: {problem.diagnostics}"
    return None


def _batches(found: Iterable[Found]) -> Iterator[list[Raw]]:
    batch: list[Raw] = []
    size = 0
    for one in found:
        batch.append(one.raw)
        size += one.size
        if len(batch) == BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _centre_reference(session: WriteSession, name: str | None) -> str:
    if name is None:
        return CENTRE_REFERENCE
    matches = session.search("Organization", [("name:exact", _escaped(name)), ("_count", "1")]).matches
    if matches:
        return matches[0].reference
    named = organisation("unnamed", name)
    return session.create({key: value for key, value in named.items() if key != "id"}).stored.reference


def _escaped(value: str) -> str:
    return "".join("\\" + char if char in "\\,|$" else char for char in value)


class _Loading:
    """One transaction of a load."""

    def __init__(self, session: WriteSession, centre: str, report: BulkReport) -> None:
        self._report = report
        self._session = session
        self._centre = centre
        self._first: int | None = None
        """Row id of the first new resource."""

    def take(self, batch: Sequence[Raw]) -> None:
        """Put resources, each with its id."""
        current = self._existing(batch)
        new: dict[tuple[str, str], Raw] = {}
        again: list[tuple[str, str, Raw]] = []
        for raw in batch:
            type_name, logical = str(raw["resourceType"]), str(raw["id"])
            if (type_name, logical) in new or (type_name, logical) in current:
                again.append((type_name, logical, raw))
            else:
                new[type_name, logical] = raw
        self._insert(new)
        for type_name, logical, raw in again:
            self._put(type_name, logical, raw, current.get((type_name, logical)))

    def finish(self) -> None:
        """Resolve logical references, to and from what was there before, too."""
        if self._first is not None:
            connection = self._session.connection
            for patient, found in new_patients(connection, self._first):
                self._session.adopt(patient, found)
            for rid, type_name, found in without_patient(connection, self._first):
                self._session.assign(rid, type_name, found)

    def _with_centre(self, type_name: str, raw: Raw, before: Raw | None) -> Raw:
        """The resource; a Patient without an organisation stays where she was, or comes to the centre."""
        if type_name != "Patient" or "managingOrganization" in raw:
            return raw
        kept = (before or {}).get("managingOrganization", {"reference": self._centre})
        return {**raw, "managingOrganization": kept}

    def _existing(self, batch: Sequence[Raw]) -> dict[tuple[str, str], Stored]:
        by_type: dict[str, list[str]] = {}
        for raw in batch:
            by_type.setdefault(str(raw["resourceType"]), []).append(str(raw["id"]))
        found: dict[tuple[str, str], Stored] = {}
        for type_name, ids in by_type.items():
            for at in range(0, len(ids), 400):
                wanted = select(_ROW.id, _ROW.version, _ROW.updated, _ROW.body).where(
                    and_(_ROW.type == type_name, _ROW.id.in_(ids[at : at + 400]))
                )
                for logical, version, updated, body in self._session.connection.execute(wanted):
                    found[type_name, logical] = Stored(type_name, logical, version, updated, body)
        return found

    def _insert(self, new: dict[tuple[str, str], Raw]) -> None:
        for (type_name, logical), given in new.items():
            raw = self._with_centre(type_name, given, None)
            found = index(raw)
            rid, _ = self._session.insert(raw, type_name, logical, found)
            self._report.created[type_name] += 1
            self._first = rid if self._first is None else self._first
        self._session.pending.send()

    def _put(self, type_name: str, logical: str, raw: Raw, before: Stored | None) -> None:
        old = before.raw if before is not None and before.body is not None else None
        wanted = self._with_centre(type_name, raw, old)
        if old is not None and _content(old) == _content(wanted):
            self._report.unchanged += 1
            return
        self._session.update(logical, wanted)
        self._report.updated[type_name] += 1


def _content(raw: Raw) -> Raw:
    """The resource without what the server itself says of it."""
    meta = raw.get("meta")
    kept = (
        {name: value for name, value in meta.items() if name not in _META_OF_OURS}
        if isinstance(meta, dict)
        else {}
    )
    rest = {name: value for name, value in raw.items() if name != "meta"}
    return {**rest, "meta": kept} if kept else rest
