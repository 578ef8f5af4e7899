"""The server as a Starlette application: the FHIR interface at /fhir, /health and /metrics beside it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from email.utils import formatdate

import anyio
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fhir_r4.readings_feed.entries import MEDIA_TYPE as READINGS
from followup_server.faults import log_fault
from followup_server.http.auth import AuthMode
from followup_server.http.fhir_endpoint import respond
from followup_server.http.health import health_endpoint, metrics_endpoint
from followup_server.http.limits import Limits
from followup_server.http.metrics import Metrics
from followup_server.http.observing import Observed
from followup_server.http.server import Server
from followup_server.http.zstd_bodies import ZstdBodies
from followup_server.judging.patients import judge_patients
from followup_server.judging.queue import waiting
from followup_server.judging.timer import JudgeTimer
from followup_server.storage.store import ResourceStore
from followup_server.writing.group_commit import GroupCommit
from threshold_engine.model import Clock
from work_items import Centre

_log = logging.getLogger(__name__)


def create_app(
    store: ResourceStore,
    *,
    auth: AuthMode,
    clock: Clock,
    centre: Centre | None = None,
    limits: Limits | None = None,
    judges: bool = True,
) -> Starlette:
    """The application on an open store. `centre`: opening hours and targets of the judge.

    `judges`: else nobody is judged here; `triage judge` may do it from beside. The judge's timer runs during
    its lifespan; the store is the caller's to close.
    """

    def judge(patients: Collection[str]) -> None:
        if judges and patients:
            judge_patients(store, patients, clock(), centre, if_due=True)

    def judge_and_wake(patients: Collection[str]) -> None:
        try:
            judge(patients)
        except DBAPIError:  # the write itself is safe, and its patients stay due
            log_fault(_log, "the judge can't use the database")
        timer.wake()

    def queue_depth() -> int:
        with store.reading() as connection:
            return waiting(connection, clock())

    timer = JudgeTimer(store, clock, judge)
    kept = limits or Limits()
    server = Server(store, auth, clock, kept, GroupCommit(store, judge_and_wake).write)
    metrics = Metrics(queue_depth)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if not judges:
            yield
            return
        timer.start()
        try:
            yield
        finally:
            await anyio.to_thread.run_sync(timer.stop)

    return Starlette(
        routes=[
            Route("/health", health_endpoint(store), methods=["GET"]),
            Route("/metrics", metrics_endpoint(metrics), methods=["GET"]),
            Route("/{path:path}", _FhirInterface(server)),
        ],
        middleware=[
            Middleware(_DateHeader, clock=clock),
            Middleware(Observed, metrics=metrics, most=kept.requests),
            Middleware(
                GZipMiddleware,
                minimum_size=1024,
                compresslevel=5,
                exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, READINGS),
            ),
            Middleware(ZstdBodies, exclude_content_types=(READINGS,)),
        ],
        lifespan=lifespan,
    )


class _FhirInterface:
    """Everything else, by whatever method: what isn't FHIR is told by an OperationOutcome too."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await respond(self._server, Request(scope, receive))
        await response(scope, receive, send)


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
