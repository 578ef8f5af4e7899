"""Interactions on one resource: read, vread, create, update, patch, delete (http://hl7.org/fhir/R4/http.html)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from urllib.parse import urlencode

from followup_server.bundles.references import made_relative
from followup_server.bundles.writer import only_elements
from followup_server.http.calls import Answer, Call
from followup_server.http.server import Server
from followup_server.problems import (
    InvalidContent,
    NotFound,
    PreconditionFailed,
    UnknownParameter,
    Unprocessable,
    UnsupportedMediaType,
)
from followup_server.raw_json import Raw, encode
from followup_server.search.conditions import safe_name
from followup_server.search.criteria import read_criteria
from followup_server.search.request import check_format, read_elements
from followup_server.storage.stored import Stored, Written
from followup_server.writing.json_patch import MEDIA_TYPE, patched, read_patch
from followup_server.writing.validation import validate
from followup_server.writing.writes import WriteSession


def read(server: Server, call: Call) -> Answer:
    """`GET Type/id`; 304 where If-None-Match names the current version."""
    type_name, logical = call.segments
    return _shown(call, server.store.read(type_name, logical))


def vread(server: Server, call: Call) -> Answer:
    """`GET Type/id/_history/version`."""
    type_name, logical, _, version = call.segments
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise NotFound(f"There is no such version of {type_name}/{logical}.")
    return _shown(call, server.store.vread(type_name, logical, int(version)))


def _shown(call: Call, stored: Stored) -> Answer:
    elements = _read_parameters(call)
    if stored.etag in [tag.strip() for tag in call.headers.get("if-none-match", "").split(",")]:
        return Answer(304, None, version_headers(stored), stored)
    body = stored.body if elements is None else encode(only_elements(stored.raw, elements))
    return Answer(200, body, version_headers(stored), stored)


def _read_parameters(call: Call) -> frozenset[str] | None:
    elements = None
    for name, value in call.query:
        if name == "_format":
            check_format(value)
        elif name == "_elements":
            elements = read_elements(value)
        elif name not in ("_pretty", "_summary") or (name == "_summary" and value != "false"):
            raise UnknownParameter(f"A read has no parameter {safe_name(name)} here.")
    return elements


def write_alone(server: Server, write: Callable[[WriteSession, Call], Written], call: Call) -> Answer:
    """A create, update, patch or delete by itself; then its patients are judged."""
    return written_answer(call, server.commit(lambda session: write(session, call)))


def create(session: WriteSession, call: Call, *, logical: str | None = None) -> Written:
    """`POST Type`, by If-None-Exist only where nothing matches; `logical`: the id that it gets."""
    (type_name,) = call.segments
    raw = _sent(call, type_name)
    condition = call.headers.get("if-none-exist")
    criteria = None if condition is None else read_criteria(condition)
    return session.create(raw, if_none_exist=criteria, logical=logical)


def update(session: WriteSession, call: Call) -> Written:
    """`PUT Type/id`; creates where there is none.

    By If-Match only over the version that was read, by `If-None-Match: *` only where there is nothing yet.
    """
    type_name, logical = call.segments
    raw = _sent(call, type_name)
    if raw.get("id") != logical:
        raise InvalidContent("The resource's id isn't the one in the URL.", element=f"{type_name}.id")
    if call.headers.get("if-none-match", "").strip() == "*":
        session.check_absent(type_name, logical)
    return session.update(logical, raw, if_match=call.headers.get("if-match"))


def conditional_update(session: WriteSession, call: Call, *, logical: str | None = None) -> Written:
    """`PUT Type?criteria`: updates the one that matches, creates where none does.

    `logical`: the id that one created gets, unless the resource names its own. Raises SeveralMatches.
    """
    (type_name,) = call.segments
    raw = _sent(call, type_name)
    criteria = criteria_of(call)
    found, own = session.match(type_name, criteria), raw.get("id")
    if found is None and own is None:
        if "if-match" in call.headers:
            raise PreconditionFailed(f"No {type_name} matches that If-Match could be about.")
        return session.create(raw, if_none_exist=criteria, logical=logical)
    if found is not None and own not in (None, found.id):
        raise InvalidContent(
            "The resource's id isn't that of the one that matches.", element=f"{type_name}.id"
        )
    named = str(own) if found is None else found.id
    there = replace(call, segments=(type_name, named), query=(), body=b"", resource={**raw, "id": named})
    return update(session, there)


def criteria_of(call: Call) -> str:
    """The search of a conditional update. Raises UnknownParameter where it is none."""
    return read_criteria(urlencode(call.query))


def patch(session: WriteSession, call: Call) -> Written:
    """`PATCH Type/id` by JSON Patch (RFC 6902), by If-Match only over the version that was read.

    Raises Conflict where it doesn't fit the resource, Unprocessable where the result isn't valid.
    """
    if call.content_type() != MEDIA_TYPE:
        raise UnsupportedMediaType(f"A patch here is a JSON Patch: Content-Type: {MEDIA_TYPE}.")
    type_name, logical = call.segments
    operations = read_patch(call.body, call.limits.json_depth)
    if_match = call.headers.get("if-match")
    if if_match is not None:  # before a patch that fits the old version only is told that it doesn't fit
        session.check_version(type_name, logical, if_match)
    changed = patched(session.read(type_name, logical).raw, operations, call.limits.json_depth)
    raw = made_relative(changed, call.base)
    try:
        validate(raw, type_name)
    except InvalidContent as problem:
        raise Unprocessable(problem.diagnostics, element=problem.element) from None
    return session.update(logical, raw)


def _sent(call: Call, type_name: str) -> Raw:
    raw = made_relative(call.raw(), call.base)
    validate(raw, type_name)
    return raw


def delete(session: WriteSession, call: Call) -> Written:
    """`DELETE Type/id`; its history stays."""
    type_name, logical = call.segments
    return session.delete(type_name, logical, if_match=call.headers.get("if-match"))


def written_answer(call: Call, written: Written) -> Answer:
    """The answer to a write: 201, 200 or 204, with the resource unless `Prefer: return=minimal`."""
    stored = written.stored
    headers = version_headers(stored)
    if stored.body is None:
        return Answer(204, None, headers, stored)
    location = f"{call.base}/{stored.reference}/_history/{stored.version}"
    headers["Location" if written.created else "Content-Location"] = location
    body = None if "return=minimal" in call.headers.get("prefer", "") else stored.body
    return Answer(201 if written.created else 200, body, headers, stored)


def version_headers(stored: Stored) -> dict[str, str]:
    """ETag and Last-Modified of a version."""
    return {
        "ETag": stored.etag,
        "Last-Modified": formatdate(stored.updated / 1_000_000, usegmt=True),
    }
