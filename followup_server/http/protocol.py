"""HTTP/1.1 as uvicorn speaks it by h11, within limits.

What isn't HTTP, comes too slowly or is one connection too many is told by an OperationOutcome like any error.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from followup_server.http.fhir_endpoint import problem_response
from followup_server.http.limits import Limits
from followup_server.http.outcomes import outcome
from followup_server.problems import Busy
from followup_server.raw_json import encode

LARGEST_HEAD: Final = 32 * 1024
"""Bytes of a request's line and headers."""

_NO_HTTP: Final = f"That isn't HTTP as it is read here, or its head is over {LARGEST_HEAD} bytes."


async def _turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    problem = Busy("The server has as many connections as it can have; try again shortly.")
    response = problem_response(problem, scope["path"])
    response.headers["Connection"] = "close"
    await response(scope, receive, send)


def protocol_within(limits: Limits) -> type[H11Protocol]:
    """The protocol of one connection, for uvicorn's Config."""

    class Bounded(H11Protocol):
        """A connection that has to come to the point."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._patience: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(self.connections) > 2 * limits.connections:
                transport.abort()
            elif len(self.connections) > limits.connections:
                self.app = _turn_away
            self._await_head()

        def connection_lost(self, exc: Exception | None) -> None:
            self._head_is_there()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            before = self.cycle
            super().data_received(data)
            if self.cycle is not before:
                self._head_is_there()
            elif self._patience is None and (before is None or before.response_complete):
                self._await_head()

        def send_400_response(self, msg: str) -> None:
            self._refuse(400, "structure", _NO_HTTP)

        def _await_head(self) -> None:
            self._patience = self.loop.call_later(limits.silent_seconds, self._out_of_patience)

        def _head_is_there(self) -> None:
            if self._patience is not None:
                self._patience.cancel()
                self._patience = None

        def _out_of_patience(self) -> None:
            self._patience = None
            if self.conn.trailing_data[0]:
                self._refuse(408, "timeout", "The rest of the request didn't come; send it again.")
            else:
                self.transport.close()

        def _refuse(self, status: int, code: str, diagnostics: str) -> None:
            """Answer what never became a request, and hang up."""
            if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                body = encode(outcome("error", code, diagnostics))
                headers = [
                    (b"content-type", b"application/fhir+json; charset=utf-8"),
                    (b"content-length", str(len(body)).encode("ascii")),
                    (b"connection", b"close"),
                ]
                for event in (
                    h11.Response(status_code=status, headers=headers),
                    h11.Data(data=body),
                    h11.EndOfMessage(),
                ):
                    self.transport.write(self.conn.send(event) or b"")
            self.transport.close()

    return Bounded
