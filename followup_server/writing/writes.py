"""Writing: create, update and delete in one transaction, each stamped in the order of commits.

Whoever gives out stamps holds the row of `commit_clock` until the commit can be seen, so stamps become
visible in their order and a reader who polls by `_lastUpdated` misses nothing, whichever process wrote.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update

from fhir_r4.compartment import JUDGED_TYPES
from followup_server.judging.patient_state import settle
from followup_server.moments import Micros
from followup_server.problems import Gone, InvalidContent, NotFound, PreconditionFailed
from followup_server.raw_json import Raw, encode
from followup_server.resource_types import ID_FORM
from followup_server.search.conditional import one_match, token_of
from followup_server.search.criteria import read_criteria
from followup_server.search.index_rows import drop_index_rows, index_rows, resolve_patient, resolve_waiting
from followup_server.search.indexing import Indexed, index, kept
from followup_server.search.pages import Page, search
from followup_server.search.request import read_request
from followup_server.storage import schema
from followup_server.storage.pending import PendingRows
from followup_server.storage.stored import Stored, Written
from followup_server.storage.versioning import Current, check_match, stamped
from followup_server.writing.changes import Changes
from threshold_engine.model import Instant

_ROW = schema.resource.c
_CLOCK = schema.commit_clock.c
_LOCKED: Final = select(_CLOCK.last_updated, _CLOCK.last_rid).with_for_update()
_ONE: Final = select(_ROW.rid, _ROW.version, _ROW.updated, _ROW.deleted, _ROW.patient, _ROW.body).where(
    _ROW.type == bindparam("type_name"), _ROW.id == bindparam("logical")
)


class WriteSession:
    """One write transaction, made by `ResourceStore.write`."""

    def __init__(self, connection: Connection, now: int, *, due: Instant | None) -> None:
        """`now` in milliseconds. `due`: when to judge the patients touched, 0 at once; none: not at all."""
        self.connection = connection
        self.pending = PendingRows(connection)
        self.changes = Changes()
        self._due: dict[str, tuple[Micros, Instant | None]] = {}
        self._due_then = due
        self._now = now
        self._stamp: Micros | None = None
        self._rid = 0
        self.finished = False
        """Whether all is written, so that only the commit can still fail: its outcome may stay unknown."""

    def lock(self) -> None:
        """Wait until no other transaction gives out stamps; then nothing changes any more but by this one."""
        if self._stamp is None:
            last, self._rid = self.connection.execute(_LOCKED).one()
            self._stamp = max(self._now * 1000 - 1, last)

    def next_stamp(self) -> Micros:
        """The stamp of the next version written: after all others, at the clock's now or later."""
        if self._stamp is None:
            raise RuntimeError("the transaction isn't locked")
        self._stamp += 1
        return self._stamp

    def settle(self, patient: str, seen: Micros, due: Instant | None) -> None:
        """Say when a patient who was judged as she was at the stamp `seen` is due next."""
        self._due[patient] = (seen, due)

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the transaction, such as one request of several: an error undoes this part alone."""
        with self.changes.part(), self.pending.part():
            yield

    def finish(self) -> None:
        """Write what belongs to the transaction as a whole; called just before the commit."""
        self.pending.send()
        if self._stamp is not None:
            clock = update(schema.commit_clock).values(last_updated=self._stamp, last_rid=self._rid)
            self.connection.execute(clock)
            self.changes.finish(self.connection, self._stamp, due=self._due_then)
            ours = self._due.keys() & self.changes.touched
            self._due |= {patient: (self._stamp, self._due[patient][1]) for patient in ours}
        settle(self.connection, self._due)
        self.finished = True

    def create(self, raw: Raw, *, logical: str | None = None, if_none_exist: str | None = None) -> Written:
        """Create a resource, with an id of ours unless `logical` names one.

        `if_none_exist` is a search as in the header If-None-Exist: one match is returned unchanged.
        Raises SeveralMatches for more than one match, PreconditionFailed if `logical` is taken.
        """
        type_name = str(raw["resourceType"])
        criteria = None
        if if_none_exist is not None:
            criteria = read_criteria(if_none_exist)
            found = self.match(type_name, criteria)
            if found is not None:
                return Written(found, created=False, changed=False)
        if logical is None:
            logical = str(uuid.uuid4())
        elif self._current(type_name, logical) is not None:
            raise _already(type_name, logical)
        rid, written = self._insert(raw, type_name, logical)
        if criteria is not None:
            self._claim(type_name, criteria, rid)
        return written

    def check_absent(self, type_name: str, logical: str) -> None:
        """Raises PreconditionFailed if there is such a resource; a deleted one doesn't count."""
        current = self._current(type_name, logical)
        if current is not None and not current.deleted:
            raise _already(type_name, logical)

    def check_version(self, type_name: str, logical: str, if_match: str) -> None:
        """Raises PreconditionFailed if `if_match` (an ETag) isn't the current version's."""
        check_match(type_name, logical, self._current(type_name, logical), if_match)

    def update(self, logical: str, raw: Raw, *, if_match: str | None = None) -> Written:
        """Put a resource: a new version of the one with this id, or the first.

        Raises PreconditionFailed if `if_match` (an ETag) isn't the current version's.
        """
        type_name = str(raw["resourceType"])
        current = self._current(type_name, logical)
        if if_match is not None:
            check_match(type_name, logical, current, if_match)
        if current is None:
            return self._insert(raw, type_name, logical)[1]
        self.pending.guard()
        self._keep(type_name, logical, current)
        version, stamp = current.version + 1, self.next_stamp()
        full = stamped(raw, logical, version, stamp)
        body = encode(full)
        found = self._indexed({**raw, "id": logical})
        self.connection.execute(
            update(schema.resource)
            .where(_ROW.rid == current.rid)
            .values(
                version=version,
                updated=stamp,
                deleted=False,
                patient=found.patient,
                status=found.status,
                date_low=found.date_low,
                date_high=found.date_high,
                body=body,
            )
        )
        drop_index_rows(self.connection, current.rid)
        self._pend_index(type_name, logical, current.rid, found)
        self.changes.written(full, current.patient, found.patient)
        if type_name == "Patient":
            self.adopt(logical, found)
        stored = Stored(type_name, logical, version, stamp, body)
        return Written(stored, created=current.deleted)

    def delete(self, type_name: str, logical: str, *, if_match: str | None = None) -> Written:
        """Delete a resource; its history stays. Deleting what is deleted changes nothing.

        Raises NotFound if there never was one, PreconditionFailed as `update`.
        """
        current = self._current(type_name, logical)
        if if_match is not None:
            check_match(type_name, logical, current, if_match)
        if current is None:
            raise NotFound(f"There is no {type_name}/{logical}.")
        if current.deleted:
            gone = Stored(type_name, logical, current.version, current.updated, None)
            return Written(gone, created=False, changed=False)
        self.pending.guard()
        self._keep(type_name, logical, current)
        version, stamp = current.version + 1, self.next_stamp()
        self.connection.execute(
            update(schema.resource)
            .where(_ROW.rid == current.rid)
            .values(version=version, updated=stamp, deleted=True, body=None, patient=None, status=None)
        )
        drop_index_rows(self.connection, current.rid)
        gone_key = schema.conditional_create.c.rid == current.rid
        self.connection.execute(delete(schema.conditional_create).where(gone_key))
        if current.patient is not None and type_name in JUDGED_TYPES:
            self.changes.moved(current.patient)
        return Written(Stored(type_name, logical, version, stamp, None), created=False)

    def read(self, type_name: str, logical: str) -> Stored:
        """The current version. Raises NotFound or Gone."""
        current = self._current(type_name, logical)
        if current is None:
            raise NotFound(f"There is no {type_name}/{logical}.")
        if current.deleted:
            raise Gone(f"{type_name}/{logical} has been deleted.")
        return Stored(type_name, logical, current.version, current.updated, current.body)

    def search(self, type_name: str, params: Iterable[tuple[str, str]], *, base: str = "") -> Page:
        """A page of search results as this transaction sees them."""
        self.pending.send()
        return search(self.connection, read_request(type_name, params, base))

    def match(self, type_name: str, criteria: str) -> Stored | None:
        """The one resource that matches a conditional reference or create, or none.

        Raises SeveralMatches if there are more.
        """
        token = token_of(type_name, criteria)
        if token is None or self.pending.has(token):
            self.pending.send()
        return one_match(self.connection, type_name, criteria)

    def free_id(self, type_name: str, preferred: str) -> str | None:
        """The preferred id, or none where a resource has it already."""
        return preferred if self._current(type_name, preferred) is None else None

    def insert(self, raw: Raw, type_name: str, logical: str, found: Indexed) -> tuple[int, Stored]:
        """Make the rows of a resource that is new for certain, with its search values; its row id too."""
        stamp = self.next_stamp()
        self._rid += 1
        rid = self._rid
        full = stamped(raw, logical, 1, stamp)
        body = encode(full)
        main = (found.patient, found.status, found.date_low, found.date_high)
        self.pending.add(schema.resource, (rid, type_name, logical, 1, stamp, False, *main, body))
        self._pend_index(type_name, logical, rid, found)
        self.changes.written(full, None, found.patient)
        return rid, Stored(type_name, logical, 1, stamp, body)

    def adopt(self, patient: str, found: Indexed) -> None:
        """Take what waited for this Patient into her compartment."""
        self.pending.send()
        if resolve_waiting(self.connection, patient, found):
            self.changes.moved(patient)

    def assign(self, rid: int, type_name: str, found: Indexed) -> None:
        """Put a resource into the compartment of the Patient whom its logical reference means, if any."""
        owner = resolve_patient(self.connection, found)
        if owner is not None:
            self.connection.execute(update(schema.resource).where(_ROW.rid == rid).values(patient=owner))
            if type_name in JUDGED_TYPES:
                self.changes.moved(owner)

    def _insert(self, raw: Raw, type_name: str, logical: str) -> tuple[int, Written]:
        if not ID_FORM.fullmatch(logical):
            raise InvalidContent("An id has 1 to 64 letters, digits, - or .", element=f"{type_name}.id")
        found = self._indexed({**raw, "id": logical})
        rid, stored = self.insert(raw, type_name, logical, found)
        if type_name == "Patient":
            self.adopt(logical, found)
        return rid, Written(stored, created=True)

    def _pend_index(self, type_name: str, logical: str, rid: int, found: Indexed) -> None:
        self.pending.note((type_name, logical))
        for table, rows in zip(schema.INDEX_TABLES, index_rows(rid, found), strict=True):
            for row in rows:
                self.pending.add(table, row)
        for token in found.tokens:
            self.pending.note((type_name, *token))

    def _indexed(self, raw: Raw) -> Indexed:
        found = index(raw)
        if found.patient is None and any(name == "patient" for name, *_ in found.references):
            self.pending.send()
            found.patient = resolve_patient(self.connection, found)
        return found

    def _claim(self, type_name: str, criteria: str, rid: int) -> None:
        """Take the unique key of a conditional create, also from a resource that no longer matches it."""
        self.pending.put(schema.conditional_create, (type_name, kept(criteria), rid))

    def _keep(self, type_name: str, logical: str, current: Current) -> None:
        stamps = (current.version, current.updated, current.deleted)
        self.pending.add(schema.history, (type_name, logical, *stamps, current.body))

    def _current(self, type_name: str, logical: str) -> Current | None:
        if self.pending.has((type_name, logical)):
            self.pending.send()
        row = self.connection.execute(_ONE, {"type_name": type_name, "logical": logical}).one_or_none()
        return None if row is None else Current(*row)


def _already(type_name: str, logical: str) -> PreconditionFailed:
    return PreconditionFailed(f"There is already a {type_name}/{logical}.")
