"""HTTP in, HTTP out: a request read as a call, its answer sent, every error an OperationOutcome."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import parse_qsl

import anyio
from sqlalchemy.exc import DBAPIError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from followup_server.faults import log_fault
from followup_server.http.auth import check_host, check_may, user_of
from followup_server.http.calls import FHIR_JSON, Answer, Call
from followup_server.http.outcomes import outcome, outcome_of
from followup_server.http.routing import Interaction, allowed_methods, answer, interaction_of
from followup_server.http.server import Server
from followup_server.problems import (
    FhirProblem,
    LoginNeeded,
    NotAcceptable,
    NotFound,
    NotSupported,
    TooLarge,
    TooSlow,
    UnsupportedMediaType,
)
from followup_server.raw_json import Raw, encode
from followup_server.writing.json_patch import MEDIA_TYPE as JSON_PATCH

_JSON_TYPES: Final = frozenset((FHIR_JSON, "application/json", ""))
_WITH_BODY: Final = frozenset(("POST", "PUT", "PATCH"))

_log = logging.getLogger(__name__)


async def respond(server: Server, request: Request) -> Response:
    """Do what a request asks for; never raises."""
    try:
        check_host(request.headers.get("host", ""))
        segments = segments_of(request.scope["path"])
        _check_login(server, request, segments)
        interaction = interaction_of(request.method, segments)
        _check_accept(request, interaction)
        call = await _call(server, request, segments)
        threads = server.heavy if interaction is not None and interaction.is_heavy else None
        return _answered(await anyio.to_thread.run_sync(answer, server, call, limiter=threads))
    except FhirProblem as problem:
        return problem_response(problem, request.scope["path"])
    except ClientDisconnect:
        return Response(status_code=400)
    except DBAPIError:
        log_fault(_log, "the database failed")
        busy = outcome("error", "transient", "The store can't be used just now; try again shortly.")
        return _json(busy, 503, {"Retry-After": "5"})
    except Exception:  # noqa: BLE001 (the last border: nothing of it may leak to the client)
        log_fault(_log, "a request failed")
        return _json(outcome("fatal", "exception", "Something failed in the server; its log says what."), 500)


def segments_of(path: str) -> tuple[str, ...]:
    """The parts of a path below the FHIR base. Raises NotFound for a path that isn't there."""
    path = path.rstrip("/")
    if path != "/fhir" and not path.startswith("/fhir/"):
        raise NotFound("There is nothing at this address; the FHIR interface is at /fhir.")
    return tuple(path.split("/")[2:])


def problem_response(problem: FhirProblem, path: str) -> Response:
    """The OperationOutcome of a problem, with the headers that belong to it."""
    headers = {"Cache-Control": "private, no-cache"}
    if isinstance(problem, LoginNeeded):
        headers["WWW-Authenticate"] = 'Bearer realm="triage-tui"'
    if isinstance(problem, NotSupported):
        headers["Allow"] = allowed_methods(segments_of(path))
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if isinstance(problem, TooLarge | TooSlow):
        headers["Connection"] = "close"  # the rest of the body is not read
    return _json(outcome_of(problem), problem.status, headers)


def _json(raw: Raw, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(encode(raw), status, headers, f"{FHIR_JSON}; charset=utf-8")


def _check_login(server: Server, request: Request, segments: tuple[str, ...]) -> None:
    if segments == ("metadata",):
        return
    user = user_of(server.auth, request.headers.get("authorization"))
    check_may(server.auth, user, request.method)


def _check_accept(request: Request, interaction: Interaction | None) -> None:
    written = FHIR_JSON if interaction is None else interaction.media_type
    accept = request.headers.get("accept", "")
    ranges = [one.partition(";")[0].strip().lower() for one in accept.split(",")]
    # JSON will do everywhere, since errors are written in it
    if accept and not any(one in (*_JSON_TYPES, written, "*/*", "application/*") for one in ranges):
        raise NotAcceptable(f"This server writes {written} only: Accept: {written}.")


async def _call(server: Server, request: Request, segments: tuple[str, ...]) -> Call:
    query = request.scope["query_string"].decode("latin-1")
    return Call(
        method=request.method,
        segments=segments,
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in request.headers.items()},
        base=f"{request.url.scheme}://{request.url.netloc}/fhir",
        body=await _body(server, request) if request.method in _WITH_BODY else b"",
        limits=server.limits,
    )


async def _body(server: Server, request: Request) -> bytes:
    _check_content(request)
    most = server.limits.body_bytes
    length = request.headers.get("content-length", "0")
    size = int(length) if length.isdigit() and len(length) < 30 else 0
    chunks = []
    if size <= most:
        size = 0
        async for chunk in _chunks(request, server.limits.silent_seconds):
            size += len(chunk)
            if size > most:
                break
            chunks.append(chunk)
    if size > most:
        raise TooLarge(f"The body is over {most} bytes; send it in parts.")
    return b"".join(chunks)


def _check_content(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_form = request.scope["path"].endswith("/_search")  # what a search takes it says itself
    known = request.method == "PATCH" if kind == JSON_PATCH else kind in _JSON_TYPES
    if not is_form and not known:
        wanted = JSON_PATCH if request.method == "PATCH" else FHIR_JSON
        raise UnsupportedMediaType(f"This server reads JSON only: Content-Type: {wanted}.")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaType("This server doesn't read compressed bodies; send it as it is.")


async def _chunks(request: Request, silent_seconds: int) -> AsyncIterator[bytes]:
    """The parts of a body. Raises TooSlow when none comes for so long."""
    stream = request.stream()
    try:
        while True:
            with anyio.fail_after(silent_seconds):
                chunk = await anext(stream, None)
            if chunk is None:
                return
            yield chunk
    except TimeoutError:
        raise TooSlow("The rest of the body didn't come; send it again.") from None


def _answered(given: Answer) -> Response:
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff", **given.headers}
    if given.body is None:
        return Response(status_code=given.status, headers=headers)
    return Response(given.body, given.status, headers, f"{FHIR_JSON}; charset=utf-8")
