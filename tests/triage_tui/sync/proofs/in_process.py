"""The real server without a socket: an httpx transport over its application, and faults on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypeVar
from unittest.mock import patch

import httpx
from starlette.applications import Starlette
from starlette.types import Message, Scope

T = TypeVar("T")

BASE: Final = "http://127.0.0.1/fhir"

Mishap: TypeAlias = Literal[
    "request lost", "answer lost", "link down", "killed before", "killed after", "meanwhile", "busy", "broken"
]
Meanwhile: TypeAlias = Callable[[], object]
MISHAPS: Final[tuple[Mishap, ...]] = (
    "request lost",
    "answer lost",
    "link down",
    "killed before",
    "killed after",
    "meanwhile",
    "busy",
    "broken",
)


PLACES: Final = ("POST", "PUT", "Task", "DetectedIssue", "Patient", "Communication", "$readings")
"""Of which requests one may be counted: by method, or by type."""


class Killed(BaseException):
    """The process is no more: nothing of it may tidy up."""


@contextmanager
def in_one_thread() -> Iterator[None]:
    """While the block lasts applications answer in the thread that asks.

    Thousands of stories wait for nothing else, and each fails in the same way when it is told again.
    """

    async def at_once(call: Callable[..., T], *given: object, **_how: object) -> T:
        return call(*given)

    with patch("anyio.to_thread.run_sync", at_once):
        yield


class InProcess(httpx.BaseTransport):
    """Hands each request to the application, within `in_one_thread`."""

    def __init__(self, app: Starlette) -> None:
        self._app, self._loop = app, asyncio.new_event_loop()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        answer = self._answer(request, body)
        if body:  # is read against the clock, which takes a loop
            return self._loop.run_until_complete(answer)
        try:
            answer.send(None)
        except StopIteration as done:
            assert isinstance(done.value, httpx.Response)
            return done.value
        answer.close()
        raise AssertionError("the application waits for something")

    def close(self) -> None:
        """Each client of it says so: it goes on for the others."""

    def end(self) -> None:
        """Nobody asks any more."""
        self._loop.close()

    async def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": request.url.path,
            "raw_path": request.url.raw_path.partition(b"?")[0],
            "query_string": request.url.query,
            "root_path": "",
            # what never leaves the process needs no packing
            "headers": [
                (name.lower(), value)
                for name, value in request.headers.raw
                if name.lower() != b"accept-encoding"
            ],
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 50_000),
            "state": {},
        }
        came = [{"type": "http.request", "body": body, "more_body": False}]
        said: list[Message] = []

        async def receive() -> Message:
            return came.pop() if came else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            said.append(message)

        await self._app(scope, receive, send)
        content = b"".join(part.get("body", b"") for part in said[1:])
        return httpx.Response(said[0]["status"], headers=said[0]["headers"], content=content)


@dataclass
class Way(httpx.BaseTransport):
    """One process's way to the server; at its `nth` request of a kind a mishap happens."""

    real: httpx.BaseTransport
    mishap: Mishap | None = None
    place: str = ""
    nth: int = 0
    meanwhile: Meanwhile = lambda: None
    """Somebody else's doings, between two requests of this process."""
    dying: Callable[[], object] = lambda: None
    """Called when the process is killed, before anything of it can tidy up."""
    asked: int = field(default=0, init=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        named = (request.method, request.url.path.removeprefix("/fhir/").partition("/")[0])
        here = self.place in named
        self.asked += here
        if self.mishap == "link down" and self.asked >= self.nth:
            raise httpx.ConnectError("no route")
        if not here or self.asked != self.nth:
            return self.real.handle_request(request)
        match self.mishap:
            case "request lost":
                raise httpx.ConnectTimeout("no answer")
            case "answer lost":
                self.real.handle_request(request)
                raise httpx.ReadError("the connection was cut")
            case "killed before":
                self._die()
            case "killed after":
                self.real.handle_request(request)
                self._die()
            case "meanwhile":
                self.meanwhile()
            case "busy":
                return httpx.Response(429, headers={"Retry-After": "1"}, text="slow down")
            case "broken":
                return httpx.Response(502, headers={"Content-Type": "text/html"}, text="<h1>Bad gateway</h1>")
            case _:
                pass
        return self.real.handle_request(request)

    def _die(self) -> None:
        self.dying()
        raise Killed

    def close(self) -> None:
        return None
