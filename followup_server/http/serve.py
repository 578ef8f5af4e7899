"""Running the server: a socket of its own, uvicorn, and a graceful stop."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from followup_server.http.app import create_app
from followup_server.http.auth import check_mode
from followup_server.http.limits import Limits
from followup_server.http.memory import share_heaps
from followup_server.http.protocol import LARGEST_HEAD, protocol_within
from followup_server.problems import ServeError
from followup_server.storage.store import ResourceStore
from threshold_engine.model import Clock

Ready = Callable[[int], None]
"""Called with the bound port once the server answers."""

_STOP_S = 5


def run(
    database_url: str | Path,
    host: str,
    port: int,
    auth: str,
    clock: Clock,
    ready: Ready | None = None,
    *,
    limits: Limits | None = None,
    judges: bool = True,
) -> None:
    """Serve until SIGTERM or SIGINT (which finish what is under way first). Port 0 takes any free one.

    `judges`: as of `create_app`.

    Raises ServeError (port in use, login not allowed on this address), DatabaseRefused.
    """
    mode = check_mode(auth, host)
    share_heaps()
    with _bound(host, port) as listening:
        store = ResourceStore(database_url, clock)
        try:
            app = create_app(store, auth=mode, clock=clock, limits=limits, judges=judges)
            _Server(app, listening, ready, limits or Limits()).run(sockets=[listening])
        finally:
            store.close()


@contextmanager
def in_background(
    app: Starlette, host: str = "127.0.0.1", port: int = 0, limits: Limits | None = None
) -> Iterator[str]:
    """Serve an application from a thread of its own while the block lasts; gives the FHIR base."""
    started = threading.Event()
    with _bound(host, port) as listening:
        server = _Server(app, listening, lambda _port: started.set(), limits or Limits())
        thread = threading.Thread(target=server.run, args=([listening],), name="followup-server")
        thread.start()
        try:
            while not started.wait(0.05):
                if not thread.is_alive():
                    raise ServeError("The server couldn't start.", "Its log says why.")
            yield f"http://{host}:{listening.getsockname()[1]}/fhir"
        finally:
            server.should_exit = True
            thread.join()


class _Server(uvicorn.Server):
    """uvicorn that says when it is ready, and ends as asked instead of by the signal that asked."""

    def __init__(self, app: Starlette, listening: socket.socket, ready: Ready | None, limits: Limits) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=protocol_within(limits),
                ws="none",
                h11_max_incomplete_event_size=LARGEST_HEAD,
                log_config=None,
                access_log=False,
                date_header=False,  # ours comes from the clock that was passed in
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=limits.silent_seconds,
                timeout_graceful_shutdown=_STOP_S,
                lifespan="on",
            )
        )
        self._listening = listening
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets)
        if self.started and self._ready is not None:
            self._ready(self._listening.getsockname()[1])

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGTERM and SIGINT, without raising them again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        asked = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self._stop) for number in asked}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.force_exit = self.should_exit  # asked twice: don't wait any longer
        self.should_exit = True


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host.strip("[]"), port))
        except OSError as error:
            raise ServeError(
                f"Port {port} on {host} can't be used ({error.strerror}).",
                "Stop what uses it, or name another --port.",
            ) from error
        except OverflowError:
            raise ServeError(f"There is no port {port}.", "--port is a number from 0 to 65535.") from None
        listening.listen(128)
        with suppress(OSError):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listening
