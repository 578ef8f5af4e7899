"""Writing within one transaction: creates, updates, deletes, each stamped in the order of commits.

The transaction holds the only write lock from its beginning, so stamps become visible in their order and a
reader who polls by `_lastUpdated` misses nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

from sqlalchemy import Connection, delete, insert, select, update

from followup_server import schema
from followup_server.due import set_due
from followup_server.index_rows import drop_index_rows, resolve_patient, resolve_waiting, write_index_rows
from followup_server.indexing import Indexed, index
from followup_server.moments import Micros
from followup_server.problems import (
    Gone,
    InvalidContent,
    NotFound,
    PreconditionFailed,
    SeveralMatches,
    UnknownParameter,
)
from followup_server.raw_json import Raw, encode
from followup_server.resource_types import ID_FORM
from followup_server.search import Page, search
from followup_server.search_request import read_request
from followup_server.stored import Stored, Written
from followup_server.versioning import Current, check_match, stamped

JUDGED_TYPES: Final = frozenset(
    (
        "Patient",
        "CarePlan",
        "Observation",
        "QuestionnaireResponse",
        "Task",
        "DetectedIssue",
        "Communication",
        "ServiceRequest",
    )
)
"""Types whose change may change what the judge finds for their patient."""

_ROW = schema.resource.c


class WriteSession:
    """One write transaction, made by `ResourceStore.write`."""

    def __init__(self, connection: Connection, now: int, *, marks_due: bool) -> None:
        """`now` in milliseconds. `marks_due`: whether patients touched are to be judged afterwards."""
        self.connection = connection
        self.touched: set[str] = set()
        """Logical ids of the patients whose judging may have changed."""
        self._marks_due = marks_due
        clock = schema.commit_clock.c
        locked = select(clock.last_updated, clock.last_rid).with_for_update()
        last, rid = connection.execute(locked).one()
        self._stamp: Micros = max(now * 1000 - 1, last)
        self._rid: int = rid

    def next_stamp(self) -> Micros:
        """The stamp of the next version written: after all others, at the clock's now or later."""
        self._stamp += 1
        return self._stamp

    def next_rid(self) -> int:
        """A new row id."""
        self._rid += 1
        return self._rid

    def finish(self) -> None:
        """Write what belongs to the transaction as a whole; called just before the commit."""
        self.connection.execute(
            update(schema.commit_clock).values(last_updated=self._stamp, last_rid=self._rid)
        )
        if self._marks_due:
            set_due(self.connection, dict.fromkeys(self.touched, 0))

    def create(self, raw: Raw, *, logical: str | None = None, if_none_exist: str | None = None) -> Written:
        """Create a resource, with an id of ours unless `logical` names one.

        `if_none_exist` is a search as in the header If-None-Exist: one match is returned unchanged.
        Raises SeveralMatches for more than one match, PreconditionFailed if `logical` is taken.
        """
        type_name = str(raw["resourceType"])
        criteria = None
        if if_none_exist is not None:
            criteria = _criteria(if_none_exist)
            found = self.match(type_name, criteria)
            if found is not None:
                return Written(found, created=False, changed=False)
        logical = logical or str(uuid.uuid4())
        if self._current(type_name, logical) is not None:
            raise _already(type_name, logical)
        written = self._insert(raw, type_name, logical)
        if criteria is not None:
            self._claim(type_name, criteria)
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
            return self._insert(raw, type_name, logical)
        self._keep(type_name, logical, current)
        version, stamp = current.version + 1, self.next_stamp()
        body = encode(stamped(raw, logical, version, stamp))
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
        write_index_rows(self.connection, current.rid, found)
        self._touch(type_name, current.patient, found.patient)
        self._adopt(type_name, logical, found)
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
        self._touch(type_name, current.patient)
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
        return search(self.connection, read_request(type_name, params, base))

    def match(self, type_name: str, criteria: str) -> Stored | None:
        """The one resource that matches a conditional reference or create, or none.

        Raises SeveralMatches if there are more.
        """
        params = parse_qsl(criteria, keep_blank_values=True)
        if not params or any(name.startswith(("_sort", "_count", "_page", "_summary")) for name, _ in params):
            raise UnknownParameter("If-None-Exist takes a search like identifier=system|value.")
        matches = self.search(type_name, [*params, ("_count", "2")]).matches
        if len(matches) > 1:
            raise SeveralMatches(f"More than one {type_name} matches the condition.")
        return matches[0] if matches else None

    def free_id(self, type_name: str, preferred: str) -> str | None:
        """The preferred id, or none where a resource has it already."""
        return preferred if self._current(type_name, preferred) is None else None

    def _insert(self, raw: Raw, type_name: str, logical: str) -> Written:
        if not ID_FORM.fullmatch(logical):
            raise InvalidContent("An id has 1 to 64 letters, digits, - or .", element=f"{type_name}.id")
        stamp, rid = self.next_stamp(), self.next_rid()
        body = encode(stamped(raw, logical, 1, stamp))
        found = self._indexed({**raw, "id": logical})
        self.connection.execute(
            insert(schema.resource).values(
                rid=rid,
                type=type_name,
                id=logical,
                version=1,
                updated=stamp,
                deleted=False,
                patient=found.patient,
                status=found.status,
                date_low=found.date_low,
                date_high=found.date_high,
                body=body,
            )
        )
        write_index_rows(self.connection, rid, found)
        self._touch(type_name, found.patient)
        self._adopt(type_name, logical, found)
        return Written(Stored(type_name, logical, 1, stamp, body), created=True)

    def _indexed(self, raw: Raw) -> Indexed:
        found = index(raw)
        if found.patient is None:
            found.patient = resolve_patient(self.connection, found)
        return found

    def _adopt(self, type_name: str, logical: str, found: Indexed) -> None:
        if type_name == "Patient" and resolve_waiting(self.connection, logical, found):
            self.touched.add(logical)

    def _touch(self, type_name: str, *patients: str | None) -> None:
        if type_name in JUDGED_TYPES:
            self.touched.update(patient for patient in patients if patient is not None)

    def _claim(self, type_name: str, criteria: str) -> None:
        """Take the unique key of a conditional create, also from a resource that no longer matches it."""
        key = schema.conditional_create.c
        same = (key.type == type_name, key.criteria == criteria)
        self.connection.execute(delete(schema.conditional_create).where(*same))
        self.connection.execute(
            insert(schema.conditional_create).values(type=type_name, criteria=criteria, rid=self._rid)
        )

    def _keep(self, type_name: str, logical: str, current: Current) -> None:
        self.connection.execute(
            insert(schema.history).values(
                type=type_name,
                id=logical,
                version=current.version,
                updated=current.updated,
                deleted=current.deleted,
                body=current.body,
            )
        )

    def _current(self, type_name: str, logical: str) -> Current | None:
        row = self.connection.execute(
            select(_ROW.rid, _ROW.version, _ROW.updated, _ROW.deleted, _ROW.patient, _ROW.body).where(
                _ROW.type == type_name, _ROW.id == logical
            )
        ).one_or_none()
        return None if row is None else Current(*row)


def _criteria(if_none_exist: str) -> str:
    return if_none_exist.strip().removeprefix("?")


def _already(type_name: str, logical: str) -> PreconditionFailed:
    return PreconditionFailed(f"There is already a {type_name}/{logical}.")
