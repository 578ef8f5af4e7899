"""The FHIR interface as a Starlette application: HTTP in, HTTP out, every error an OperationOutcome."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from email.utils import formatdate
from typing import Final
from urllib.parse import parse_qsl

import anyio
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from followup_server.auth import AuthMode, check_host, check_may, user_of
from followup_server.calls import Answer, Call
from followup_server.faults import log_fault
from followup_server.judge_timer import JudgeTimer
from followup_server.judging import judge_patients
from followup_server.outcomes import outcome, outcome_of
from followup_server.problems import (
    FhirProblem,
    LoginNeeded,
    NotAcceptable,
    NotFound,
    NotSupported,
    TooLarge,
    UnsupportedMediaType,
)
from followup_server.raw_json import encode
from followup_server.routing import allowed_methods, answer
from followup_server.server import Server
from followup_server.store import ResourceStore
from threshold_engine.model import Clock
from work_items import Centre

LARGEST_BODY: Final = 32 * 1024 * 1024
"""Bytes of a request's body that are accepted."""

_FHIR_JSON: Final = "application/fhir+json"
_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
_JSON_TYPES: Final = frozenset((_FHIR_JSON, "application/json", ""))

_log = logging.getLogger(__name__)


def create_app(
    store: ResourceStore, *, auth: AuthMode, clock: Clock, centre: Centre | None = None
) -> Starlette:
    """The application on an open store. `centre`: opening hours and targets of the judge.

    The judge's timer runs during its lifespan; the store is the caller's to close.
    """

    def judge(patients: Collection[str]) -> None:
        if patients:
            judge_patients(store, patients, clock(), centre)

    def judge_and_wake(patients: Collection[str]) -> None:
        try:
            judge(patients)
        except DBAPIError:  # the write itself is safe, and its patients stay due
            log_fault(_log, "the judge can't use the database")
        timer.wake()

    timer = JudgeTimer(store, clock, judge)
    server = Server(store, auth, clock, judge_and_wake)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        timer.start()
        try:
            yield
        finally:
            await anyio.to_thread.run_sync(timer.stop)

    async def endpoint(request: Request) -> Response:
        return await _respond(server, request)

    return Starlette(
        routes=[Route("/{path:path}", endpoint, methods=_METHODS)],
        middleware=[
            Middleware(_DateHeader, clock=clock),
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
        ],
        lifespan=lifespan,
    )


class _DateHeader:
    """Puts the injected clock's time into the header Date, which clients measure their own clock by."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = formatdate(self._clock() / 1000, usegmt=True)
                message["headers"] = [*message["headers"], (b"date", date.encode("ascii"))]
            await send(message)

        await self._app(scope, receive, send_dated if scope["type"] == "http" else send)


async def _respond(server: Server, request: Request) -> Response:
    try:
        check_host(request.headers.get("host", ""))
        segments = _segments(request)
        _check_login(server, request, segments)
        _check_accept(request)
        call = await _call(request, segments)
        return _response(request, await _in_thread(server, call))
    except FhirProblem as problem:
        return _problem_response(problem, request)
    except ClientDisconnect:
        return Response(status_code=400)
    except DBAPIError:
        log_fault(_log, "the database failed")
        busy = outcome("error", "transient", "The store can't be used just now; try again shortly.")
        return Response(encode(busy), 503, {"Retry-After": "5"}, f"{_FHIR_JSON}; charset=utf-8")
    except Exception:  # noqa: BLE001 (the last border: nothing of it may leak to the client)
        log_fault(_log, "a request failed")
        failed = outcome("fatal", "exception", "Something failed in the server; its log says what.")
        return Response(encode(failed), 500, media_type=f"{_FHIR_JSON}; charset=utf-8")


async def _in_thread(server: Server, call: Call) -> Answer:
    return await anyio.to_thread.run_sync(answer, server, call)


def _segments(request: Request) -> tuple[str, ...]:
    path = request.url.path.rstrip("/")
    if path != "/fhir" and not path.startswith("/fhir/"):
        raise NotFound("There is nothing at this address; the FHIR interface is at /fhir.")
    return tuple(request.path_params["path"].rstrip("/").split("/")[1:])


def _check_login(server: Server, request: Request, segments: tuple[str, ...]) -> None:
    if segments == ("metadata",):
        return
    user = user_of(server.auth, request.headers.get("authorization"))
    check_may(server.auth, user, request.method)


def _check_accept(request: Request) -> None:
    accept = request.headers.get("accept", "")
    ranges = [one.partition(";")[0].strip().lower() for one in accept.split(",")]
    if accept and not any(one in (*_JSON_TYPES, "*/*", "application/*") for one in ranges):
        raise NotAcceptable("This server writes JSON only: Accept: application/fhir+json.")


async def _call(request: Request, segments: tuple[str, ...]) -> Call:
    return Call(
        method=request.method,
        segments=segments,
        query=tuple(parse_qsl(request.url.query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in request.headers.items()},
        base=f"{request.url.scheme}://{request.url.netloc}/fhir",
        body=await _body(request) if request.method in ("POST", "PUT") else b"",
    )


async def _body(request: Request) -> bytes:
    form = request.url.path.endswith("/_search")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not form and kind not in _JSON_TYPES:
        raise UnsupportedMediaType(f"This server reads JSON only: Content-Type: {_FHIR_JSON}.")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaType("This server doesn't read compressed bodies; send it as it is.")
    length = request.headers.get("content-length", "0")
    chunks, size = [], int(length) if length.isdigit() else 0
    if size <= LARGEST_BODY:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > LARGEST_BODY:
                break
            chunks.append(chunk)
    if size > LARGEST_BODY:
        raise TooLarge(f"The body is over {LARGEST_BODY // 1024 // 1024} MiB; send it in parts.")
    return b"".join(chunks)


def _response(request: Request, given: Answer) -> Response:
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff", **given.headers}
    if given.body is None:
        return Response(status_code=given.status, headers=headers)
    return Response(given.body, given.status, headers, f"{_FHIR_JSON}; charset=utf-8")


def _problem_response(problem: FhirProblem, request: Request) -> Response:
    headers = {"Cache-Control": "private, no-cache"}
    if isinstance(problem, LoginNeeded):
        headers["WWW-Authenticate"] = 'Bearer realm="triage-tui"'
    if isinstance(problem, NotSupported):
        headers["Allow"] = allowed_methods(_segments(request))
    if isinstance(problem, TooLarge):
        headers["Connection"] = "close"  # the rest of the body is not read
    return Response(encode(outcome_of(problem)), problem.status, headers, f"{_FHIR_JSON}; charset=utf-8")
