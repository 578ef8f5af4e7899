"""Batches and transactions (http://hl7.org/fhir/R4/http.html#transaction).

A batch's entries succeed or fail each by itself. A transaction's are one transaction of the database: all or
nothing, deletes first, then creates, updates and reads; `urn:uuid:` references between them are resolved.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from followup_server import interactions
from followup_server.bundle_references import entries_of, is_urn, references_in, resolved
from followup_server.bundle_writer import write_bundle
from followup_server.calls import Answer, Call
from followup_server.moments import format_micros
from followup_server.outcomes import outcome_of
from followup_server.problems import FhirProblem, InvalidContent, NotFound, NotSupported, SeveralMatches
from followup_server.raw_json import Raw, encode
from followup_server.server import Server
from followup_server.stored import Written
from followup_server.writes import WriteSession

Answering = Callable[[Server, Call], Answer]

_ORDER: Final = {"DELETE": 0, "POST": 1, "PUT": 2, "GET": 3, "HEAD": 4}
_HEADERS: Final = {
    "ifNoneExist": "if-none-exist",
    "ifMatch": "if-match",
    "ifNoneMatch": "if-none-match",
}
_READS: Final = frozenset(("GET", "HEAD"))


def process(server: Server, call: Call, answering: Answering) -> Answer:
    """`POST` of a Bundle of type batch or transaction; `answering` does a single call."""
    bundle = call.raw()
    if bundle.get("resourceType") != "Bundle":
        raise InvalidContent("Only a Bundle is posted here.", element="resourceType")
    kind = bundle.get("type")
    if kind not in ("batch", "transaction"):
        raise InvalidContent("Bundle.type is none of batch, transaction.", element="Bundle.type")
    entries = entries_of(bundle)
    if kind == "batch":
        touched: set[str] = set()
        later = replace(server, judge=touched.update)  # each patient is judged once, after all entries
        answers = [_alone(later, call, entry, place, answering) for place, entry in enumerate(entries)]
        server.judge(touched)
    else:
        answers = _together(server, call, entries, answering)
    written = [_entry(answer, full=_wants_resources(call)) for answer in answers]
    return Answer(200, write_bundle(f"{kind}-response", written))


def _wants_resources(call: Call) -> bool:
    return "return=representation" in call.headers.get("prefer", "")


def _alone(server: Server, call: Call, entry: Raw, place: int, answering: Answering) -> Answer:
    try:
        return answering(server, _call_of(call, entry, place))
    except FhirProblem as problem:
        return _refused(problem)


def _refused(problem: FhirProblem) -> Answer:
    return Answer(problem.status, encode(outcome_of(problem)))


def _call_of(call: Call, entry: Raw, place: int) -> Call:
    """The call that an entry stands for."""
    request = entry.get("request")
    element = f"Bundle.entry[{place}].request"
    if not isinstance(request, dict):
        raise InvalidContent(f"{element} is missing.", element=element)
    method, url = request.get("method"), request.get("url")
    if not isinstance(method, str) or method not in _ORDER:
        raise InvalidContent(
            f"{element}.method is none of GET, POST, PUT, DELETE.", element=f"{element}.method"
        )
    if not isinstance(url, str) or not url:
        raise InvalidContent(f"{element}.url is missing.", element=f"{element}.url")
    parts = urlsplit(url.removeprefix(call.base + "/").removeprefix("/"))
    resource = entry.get("resource")
    if method in ("POST", "PUT") and not isinstance(resource, dict) and not parts.path.endswith("_search"):
        raise InvalidContent(f"Bundle.entry[{place}].resource is missing.", element=f"Bundle.entry[{place}]")
    headers = {
        header: str(request[name]) for name, header in _HEADERS.items() if isinstance(request.get(name), str)
    }
    return Call(
        method=method,
        segments=tuple(unquote(segment) for segment in parts.path.rstrip("/").split("/")),
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        headers=headers,
        base=call.base,
        resource=resource if isinstance(resource, dict) else None,
    )


@dataclass(slots=True)
class _Planned:
    """An entry of a transaction, on its way."""

    place: int
    call: Call
    full_url: str | None
    logical: str | None = None
    """The id that a POST will get."""
    written: Written | None = None


def _together(server: Server, call: Call, entries: Sequence[Raw], answering: Answering) -> list[Answer]:
    planned = []
    for place, entry in enumerate(entries):
        full_url = entry.get("fullUrl")
        entry_call = _call_of(call, entry, place)
        planned.append(_Planned(place, entry_call, full_url if isinstance(full_url, str) else None))
    _check_apart(planned)
    _check_reads(server, planned, answering)
    with server.store.write() as session:
        targets = _plan_ids(session, planned)
        for one in sorted(planned, key=lambda one: _ORDER[one.call.method]):
            if one.call.method not in _READS:
                one.written = _write_named(session, one, targets)
    server.judge(session.touched)
    return [
        _read(server, one.call, answering)
        if one.written is None
        else interactions.written_answer(one.call, one.written)
        for one in planned
    ]


def _check_apart(planned: Sequence[_Planned]) -> None:
    """Refuse a transaction that writes one resource twice, or asks for what it can't do."""
    seen: set[tuple[str, ...]] = set()
    for one in planned:
        method, segments = one.call.method, one.call.segments
        if method in _READS:
            continue
        if len(segments) != (1 if method == "POST" else 2) or (one.call.query and method != "GET"):
            raise NotSupported("A transaction here has creates, updates and deletes by id, and reads.")
        if method != "POST":
            if segments in seen:
                raise InvalidContent("The transaction writes one resource twice.", element="Bundle.entry")
            seen.add(segments)


def _check_reads(server: Server, planned: Sequence[_Planned], answering: Answering) -> None:
    """Ask the reads once before anything is written, so that one that fails fails the whole transaction.

    What the transaction itself writes can only be read afterwards.
    """
    written = {one.call.segments for one in planned if one.call.method in ("PUT", "DELETE")}
    for place, one in enumerate(planned):
        if one.call.method in _READS and one.call.segments[:2] not in written:
            try:
                answering(server, one.call)
            except FhirProblem as problem:
                problem.diagnostics = f"Bundle.entry[{place}]: {problem.diagnostics}"
                raise


def _read(server: Server, call: Call, answering: Answering) -> Answer:
    """A transaction's read, when its writes are done: what fails now is no reason to deny them."""
    try:
        return answering(server, call)
    except FhirProblem as problem:
        return _refused(problem)


def _plan_ids(session: WriteSession, planned: Sequence[_Planned]) -> dict[str, str]:
    """What each entry's fullUrl will mean; ids for creates are chosen here."""
    targets: dict[str, str] = {}
    for one in planned:
        segments, condition = one.call.segments, one.call.headers.get("if-none-exist")
        if one.call.method == "POST":
            found = session.match(segments[0], condition.removeprefix("?")) if condition else None
            one.logical = str(uuid.uuid4()) if found is None else found.id
            if one.full_url is not None:
                targets[one.full_url] = f"{segments[0]}/{one.logical}"
        elif one.call.method == "PUT" and is_urn(one.full_url):
            targets[one.full_url] = "/".join(segments)
    return targets


def _write_named(session: WriteSession, one: _Planned, targets: dict[str, str]) -> Written:
    """Write an entry; what is wrong with it is told together with its place."""
    try:
        return _write(session, one, targets)
    except FhirProblem as problem:
        problem.diagnostics = f"Bundle.entry[{one.place}]: {problem.diagnostics}"
        raise


def _write(session: WriteSession, one: _Planned, targets: dict[str, str]) -> Written:
    if one.call.method == "DELETE":
        return interactions.delete(session, one.call)
    raw = resolved(one.call.raw(), targets)
    raw = resolved(raw, _conditional(session, raw))
    for reference in references_in(raw):
        if is_urn(reference):
            raise InvalidContent(
                "A urn:uuid: reference names no entry of the transaction.", element="Bundle.entry"
            )
    call = replace(one.call, resource=raw)
    if one.call.method == "PUT":
        return interactions.update(session, call)
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
            match = session.match(type_name, criteria)
            if match is None:
                raise NotFound(f"No {type_name} matches a conditional reference.", element="Bundle.entry")
            found[reference] = match.reference
    return found


def _entry(answer: Answer, *, full: bool) -> bytes:
    """An entry of the response bundle."""
    response: Raw = {"status": f"{answer.status} {HTTPStatus(answer.status).phrase}"}
    location = answer.headers.get("Location") or answer.headers.get("Content-Location")
    if location is not None:
        response["location"] = location
    if answer.stored is not None:
        response["etag"] = answer.stored.etag
        response["lastModified"] = format_micros(answer.stored.updated)
    is_written = location is not None
    if answer.status >= 400 and answer.body is not None:
        return b'{"response":%s,"outcome":%s}}' % (encode(response)[:-1], answer.body)
    if answer.body is not None and (full or not is_written):
        return b'{"resource":%s,"response":%s}' % (answer.body, encode(response))
    return b'{"response":%s}' % encode(response)
