"""A thin line to a server on this machine: a rate for each direction, shared by all connections, and a delay.

Loss and cuts are for tests; here it is only slow. Run as a process of its own, so that it takes no turns with
what is measured: `python benchmarks/_link.py HOST PORT [--mbit R] [--rtt-ms T]` prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 16 * 1024


class Direction:
    """One way of the line: bytes leave one after another at its rate, and arrive half a round trip later."""

    def __init__(self, bytes_per_second: float, delay_s: float) -> None:
        self._rate, self._delay = bytes_per_second, delay_s
        self._free_at = 0.0

    def arrives_at(self, size: int, now: float) -> float:
        """When so many bytes that are handed over now have arrived."""
        self._free_at = max(self._free_at, now) + size / self._rate
        return self._free_at + self._delay

    @property
    def backlog_until(self) -> float:
        """When all that was handed over has left."""
        return self._free_at


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Direction) -> None:
    """Carry all that one end says to the other."""
    loop = asyncio.get_running_loop()
    on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            at, chunk = await on_the_way.get()
            await asyncio.sleep(max(0.0, at - loop.time()))
            writer.write(chunk)
            await writer.drain()
            if not chunk:
                return

    delivery = asyncio.create_task(deliver())
    with suppress(ConnectionError):
        while chunk := await reader.read(_CHUNK):
            on_the_way.put_nowait((way.arrives_at(len(chunk), loop.time()), chunk))
            await asyncio.sleep(max(0.0, way.backlog_until - loop.time()))  # a sender waits for a full line
    on_the_way.put_nowait((loop.time(), b""))
    with suppress(ConnectionError):
        await delivery
    writer.close()


async def _serve(host: str, port: int, mbit: float, rtt_s: float) -> None:
    rate = mbit * 1e6 / 8
    up, down = Direction(rate, rtt_s / 2), Direction(rate, rtt_s / 2)

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(rtt_s)  # the handshake
        there_in, there_out = await asyncio.open_connection(host, port)
        await asyncio.gather(_carry(reader, there_out, up), _carry(there_in, writer, down))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def thin_line(host: str, port: int, mbit: float, rtt_ms: float) -> Iterator[int]:
    """The line as a process of its own; its port on 127.0.0.1."""
    command = [sys.executable, __file__, host, str(port)]
    command += ["--mbit", str(mbit), "--rtt-ms", str(rtt_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def main() -> None:
    """Carry until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--mbit", type=float, default=1.0)
    parser.add_argument("--rtt-ms", type=float, default=600.0)
    given = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(given.host, given.port, given.mbit, given.rtt_ms / 1000))


if __name__ == "__main__":
    main()
