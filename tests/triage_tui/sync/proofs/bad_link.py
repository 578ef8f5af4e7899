"""A link that does to HTTP whatever links do, drawn from a seed: a proxy in a thread of its own."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

_REFUSALS: Final = {
    "429": b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n",
    "503": b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3\r\nContent-Length: 0\r\n",
    "500": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n",
    "502": b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 9\r\n",
    "a login page": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n",
}
_HTML: Final = {"502": b"<h1>!</h1", "a login page": b"<h1>Wifi<"}
_ON_THE_WAY: Final = (
    "request lost",
    "answer lost",
    "answer cut",
    "half an answer",
    "delivered twice",
    "delivered again later",
    "trickles",
    "late",
)
HAPPENINGS: Final = (*_ON_THE_WAY, *_REFUSALS)


class BadLink:
    """Between one client and one server.

    Attributes:
        badness: How likely something happens to a request, 0 to 1.
        black: Nothing goes through.
        happened: How often each thing has happened.
    """

    def __init__(self, host: str, port: int, seed: int, late_s: float) -> None:
        self.badness, self.black = 0.0, False
        self.happened: Counter[str] = Counter()
        self._upstream, self._late_s = (host, port), late_s
        self._rng = random.Random(seed)  # noqa: S311 - to be run again by its seed
        self._echoes: list[tuple[int, bytes]] = []
        """Requests that will arrive once more, each with how many others come before."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        try:
            request = await _message(reader)
            if request and not self.black:
                await self._pass(request, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has hung up, as it may
        finally:
            writer.transport.abort()

    async def _pass(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        await self._deliver_echoes()
        happening = self._rng.choice(HAPPENINGS) if self._rng.random() < self.badness else "nothing"
        self.happened[happening] += 1
        if happening in _REFUSALS:
            head = _REFUSALS[happening] + b"Connection: close\r\n\r\n"
            await _say(writer, head + _HTML.get(happening, b""))
            return
        if happening == "request lost":
            return
        answer = await self._delivered(request)
        if happening == "delivered twice":
            answer = await self._delivered(request)
        elif happening == "delivered again later":
            self._echoes.append((self._rng.randrange(1, 6), request))
        elif happening == "late":
            await asyncio.sleep(self._late_s)
        elif happening == "answer lost":
            return
        elif happening == "answer cut":
            answer = answer[: self._rng.randrange(len(answer))]
        elif happening == "half an answer":
            answer = self._halved(answer)
        elif happening == "trickles":
            await self._trickle(answer, writer)
            return
        await _say(writer, answer)

    async def _delivered(self, request: bytes) -> bytes:
        """The server's whole answer."""
        reader, writer = await asyncio.open_connection(*self._upstream)
        try:
            writer.write(_closing(request))
            await writer.drain()
            return _closing(await _message(reader))
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _deliver_echoes(self) -> None:
        for left, request in self._echoes:
            if left == 0:
                await self._delivered(request)
        self._echoes = [(left - 1, request) for left, request in self._echoes if left > 0]

    async def settle(self) -> None:
        """What was still on its way arrives."""
        for _, request in self._echoes:
            await self._delivered(request)
        self._echoes = []

    def _halved(self, answer: bytes) -> bytes:
        """Half of the body, and a length that says it is all of it."""
        head, _, body = answer.partition(b"\r\n\r\n")
        if not body:
            return answer
        body = body[: self._rng.randrange(len(body))]
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
        return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])

    async def _trickle(self, answer: bytes, writer: asyncio.StreamWriter) -> None:
        step = max(1, len(answer) // 5)
        for start in range(0, len(answer), step):
            await asyncio.sleep(self._late_s / 50)
            await _say(writer, answer[start : start + step])


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A request or an answer, whose body's length is said in its head."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return head + await reader.readexactly(length)


def _closing(message: bytes) -> bytes:
    """The same, on a connection for itself alone."""
    head, _, body = message.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"Connection: close", b"", body])


async def _say(writer: asyncio.StreamWriter, said: bytes) -> None:
    writer.write(said)
    await writer.drain()
    if said:
        await asyncio.sleep(0)


class Running:
    """A link that is up, at a port of its own."""

    def __init__(self, link: BadLink, port: int, loop: asyncio.AbstractEventLoop) -> None:
        self.link, self.port, self._loop = link, port, loop

    def settle(self) -> None:
        """Wait until what was still on its way has arrived."""
        asyncio.run_coroutine_threadsafe(self.link.settle(), self._loop).result()


@contextmanager
def bad_link(host: str, port: int, seed: int, late_s: float) -> Iterator[Running]:
    """A link to a server while the block lasts."""
    link = BadLink(host, port, seed, late_s)
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(asyncio.start_server(link.serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, name="bad link")
    thread.start()
    try:
        yield Running(link, listening.sockets[0].getsockname()[1], loop)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listening.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
