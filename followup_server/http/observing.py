"""Each request counted, timed and logged in one line; and no more of them at once than the server can do.

Nothing of a patient is in a line: no path, no query, no body, no identifier, no logical id.
"""

from __future__ import annotations

import logging
import time
import uuid
from contextvars import ContextVar
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from followup_server.http.fhir_endpoint import problem_response, segments_of
from followup_server.http.metrics import Metrics
from followup_server.http.routing import named
from followup_server.problems import Busy, NotFound

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request that is being answered, in its threads too."""

_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_BESIDE: Final = {"/health": "health", "/metrics": "metrics"}

_log = logging.getLogger("followup_server.requests")


class Observed:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, metrics: Metrics, most: int) -> None:
        """`most`: requests that may be under way at once."""
        self._app = app
        self._metrics = metrics
        self._most = most
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = _Seen(send)
        token = request_id.set(seen.id)
        self._under_way += 1
        self._metrics.under_way.inc()
        try:
            await self._answer(scope, receive, seen)
        finally:
            self._under_way -= 1
            self._metrics.under_way.dec()
            self._tell(scope, seen)
            request_id.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, seen: _Seen) -> None:
        if self._under_way > self._most and scope["path"] not in _BESIDE:
            problem = Busy("The server has as much to do as it can at once; try again shortly.")
            await problem_response(problem, scope["path"])(scope, receive, seen.send)
        else:
            await self._app(scope, receive, seen.send)

    def _tell(self, scope: Scope, seen: _Seen) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        type_name, interaction = _named(method, scope["path"])
        seconds = time.perf_counter() - seen.began
        self._metrics.answered(method, type_name, interaction, seen.status, seconds=seconds, size=seen.size)
        fields = {
            "request": seen.id,
            "method": method,
            "type": type_name,
            "interaction": interaction,
            "status": seen.status,
            "ms": round(seconds * 1000, 1),
            "bytes": seen.size,
        }
        _log.info("request", extra={"fields": fields})


class _Seen:
    """What goes out in answer to one request."""

    def __init__(self, send: Send) -> None:
        self.id = uuid.uuid4().hex  # never the client's own, which could be anything
        self.status = 0
        """0 where the client went before there was an answer."""
        self.size = 0
        self.began = time.perf_counter()
        self._send = send

    async def send(self, message: Message) -> None:
        """Send on, and take note."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], (b"x-request-id", self.id.encode("ascii"))]
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
        await self._send(message)


def _named(method: str, path: str) -> tuple[str, str]:
    beside = _BESIDE.get(path)
    if beside is not None:
        return "", beside
    try:
        return named(method, segments_of(path))
    except NotFound:
        return "", ""
