"""`/health` and `/metrics`: for the machine that the server runs on; no login, and nothing of a patient."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import anyio
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from followup_server.faults import log_fault
from followup_server.http.auth import check_host, is_loopback
from followup_server.http.metrics import CONTENT_TYPE, Metrics
from followup_server.problems import WrongHost
from followup_server.storage.store import ResourceStore

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

_UNCACHED: Final = {"Cache-Control": "no-store"}

_log = logging.getLogger(__name__)


def health_endpoint(store: ResourceStore) -> Endpoint:
    """Whether the server lives and its database answers: 200, else 503."""

    async def health(request: Request) -> Response:
        if not _from_here(request):
            return Response(status_code=404)
        try:
            await anyio.to_thread.run_sync(store.check)
        except DBAPIError:
            log_fault(_log, "the database failed")
            return JSONResponse({"status": "failing", "database": "failing"}, 503, _UNCACHED)
        return JSONResponse({"status": "ok", "database": "ok"}, headers=_UNCACHED)

    return health


def metrics_endpoint(metrics: Metrics) -> Endpoint:
    """The counters as Prometheus reads them."""

    async def exposed(request: Request) -> Response:
        if not _from_here(request):
            return Response(status_code=404)
        try:
            text = await anyio.to_thread.run_sync(metrics.exposition)
        except DBAPIError:
            log_fault(_log, "the database failed")
            return Response(status_code=503, headers=_UNCACHED)
        return Response(text, headers=_UNCACHED, media_type=CONTENT_TYPE)

    return exposed


def _from_here(request: Request) -> bool:
    try:
        check_host(request.headers.get("host", ""))
    except WrongHost:
        return False
    return request.client is not None and is_loopback(request.client.host)
