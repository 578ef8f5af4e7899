"""Transactions: one transaction of the database, all or nothing (http://hl7.org/fhir/R4/http.html#trules).

Deletes first, then creates, updates and patches, and reads last; `urn:uuid:` references between the entries
are resolved, and conditional ones (`Patient?identifier=…`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from followup_server.bundles.entries import READS
from followup_server.bundles.references import is_urn, references_in, resolved
from followup_server.http import interactions
from followup_server.http.calls import Answer, Answering, Call, refused
from followup_server.http.server import Server
from followup_server.problems import FhirProblem, InvalidContent, NotFound, NotSupported, SeveralMatches
from followup_server.raw_json import Raw
from followup_server.search.criteria import read_criteria
from followup_server.storage.stored import Written
from followup_server.writing.writes import WriteSession

_ORDER: Final = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 2, "GET": 3, "HEAD": 4}


@dataclass(slots=True)
class _Planned:
    """An entry of a transaction, on its way."""

    place: int
    call: Call
    full_url: str | None
    logical: str | None = None
    """The id that what it creates will get."""
    written: Written | None = None

    @property
    def by_condition(self) -> bool:
        """Whether it is `PUT Type?criteria`."""
        return self.call.method == "PUT" and len(self.call.segments) == 1


def together(
    server: Server, calls: Sequence[Call], full_urls: Sequence[object], answering: Answering
) -> list[Answer]:
    """Do all of these or none, and answer each; `answering` does the reads. Raises FhirProblem."""
    planned = [
        _Planned(place, call, full_url if isinstance(full_url, str) else None)
        for place, (call, full_url) in enumerate(zip(calls, full_urls, strict=True))
    ]
    for one in planned:
        _check_form(one)
    _check_reads(server, planned, answering)

    def write(session: WriteSession) -> None:
        targets = _plan_ids(session, planned)
        for one in sorted(planned, key=lambda one: _ORDER[one.call.method]):
            if one.call.method not in READS:
                with _placed(one):
                    one.written = _write(session, one, targets)

    server.commit(write)
    return [
        _read(server, one.call, answering)
        if one.written is None
        else interactions.written_answer(one.call, one.written)
        for one in planned
    ]


@contextmanager
def _placed(one: _Planned) -> Iterator[None]:
    """What is wrong with an entry is told together with its place."""
    try:
        yield
    except FhirProblem as problem:
        problem.diagnostics = f"Bundle.entry[{one.place}]: {problem.diagnostics}"
        raise


def _check_form(one: _Planned) -> None:
    """Refuse what a transaction can't do here."""
    method, query = one.call.method, bool(one.call.query)
    by_id = len(one.call.segments) == 2 and method != "POST" and not query
    of_type = len(one.call.segments) == 1 and (
        (method == "POST" and not query) or (method == "PUT" and query)
    )
    if method not in READS and not by_id and not of_type:
        with _placed(one):
            raise NotSupported("A transaction has creates, updates, patches, deletes by id, and reads here.")


def _check_reads(server: Server, planned: Sequence[_Planned], answering: Answering) -> None:
    """Ask the reads once before anything is written, so that one that fails fails the whole transaction.

    What the transaction itself writes can only be read afterwards.
    """
    written = {one.call.segments for one in planned if one.call.method not in (*READS, "POST")}
    for one in planned:
        if one.call.method in READS and one.call.segments[:2] not in written:
            with _placed(one):
                answering(server, one.call)


def _read(server: Server, call: Call, answering: Answering) -> Answer:
    """A transaction's read, when its writes are done: what fails now is no reason to deny them."""
    try:
        return answering(server, call)
    except FhirProblem as problem:
        return refused(problem)


def _plan_ids(session: WriteSession, planned: Sequence[_Planned]) -> dict[str, str]:
    """What each entry's fullUrl will mean; ids for creates are chosen here.

    Raises InvalidContent where two entries would write one resource.
    """
    targets: dict[str, str] = {}
    seen: set[tuple[str, ...]] = set()
    for one in planned:
        if one.call.method in READS:
            continue
        with _placed(one):
            target = _target(session, one)
        if one.call.method != "POST":
            if target in seen:
                raise InvalidContent("The transaction writes one resource twice.", element="Bundle.entry")
            seen.add(target)
        if one.full_url is not None and (one.call.method == "POST" or is_urn(one.full_url)):
            targets[one.full_url] = "/".join(target)
    return targets


def _target(session: WriteSession, one: _Planned) -> tuple[str, ...]:
    """Type and id of what an entry will write."""
    segments = one.call.segments
    if len(segments) == 2:
        return segments
    if one.by_condition:
        criteria: str | None = interactions.criteria_of(one.call)
        own = one.call.raw().get("id")
    else:
        condition, own = one.call.headers.get("if-none-exist"), None
        criteria = None if condition is None else read_criteria(condition)
    found = session.match(segments[0], criteria) if criteria is not None else None
    if found is not None:
        one.logical = found.id
    else:
        one.logical = own if isinstance(own, str) else str(uuid.uuid4())
    return segments[0], one.logical


def _write(session: WriteSession, one: _Planned, targets: dict[str, str]) -> Written:
    if one.call.method == "DELETE":
        return interactions.delete(session, one.call)
    if one.call.method == "PATCH":
        return interactions.patch(session, one.call)
    raw = resolved(one.call.raw(), targets)
    raw = resolved(raw, _conditional(session, raw))
    for reference in references_in(raw):
        if is_urn(reference):
            raise InvalidContent(
                "A urn:uuid: reference names no entry of the transaction.", element="Bundle.entry"
            )
    call = replace(one.call, resource=raw)
    if one.by_condition:
        written = interactions.conditional_update(session, call, logical=one.logical)
    elif one.call.method == "PUT":
        return interactions.update(session, call)
    else:
        written = interactions.create(session, call, logical=one.logical)
    if written.stored.id != one.logical:
        raise SeveralMatches("Two entries of the transaction would create the same resource.")
    return written


def _conditional(session: WriteSession, raw: Raw) -> dict[str, str]:
    """What conditional references (`Patient?identifier=…`) in a resource mean."""
    found: dict[str, str] = {}
    for reference in references_in(raw):
        type_name, question, criteria = reference.partition("?")
        if question and type_name.isalpha():
            match = session.match(type_name, read_criteria(criteria))
            if match is None:
                raise NotFound(f"No {type_name} matches a conditional reference.", element="Bundle.entry")
            found[reference] = match.reference
    return found
