"""`triage judge` as a process: what it says, how it ends, and what a kill in the middle leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from followup_server.http.app import create_app
from followup_server.http.serve import in_background
from followup_server.simulator.generation import Simulation
from followup_server.storage.store import ResourceStore
from threshold_engine import parse_instant

NOW = "2026-03-03T08:31:00Z"
INSTANT = parse_instant(NOW)
TRIAGE = (sys.executable, "-m", "triage_tui", "--lang", "en", "judge")
pytestmark = pytest.mark.slow


def env(**more: str) -> dict[str, str]:
    return {**os.environ, "TRIAGE_NOW": NOW, **more}


def ran(server: str, *options: str, **more: str) -> tuple[int, str]:
    command = [*TRIAGE, "--server", server, *options]
    done = subprocess.run(command, env=env(**more), capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ResourceStore]:
    """A simulated centre that nobody has judged."""
    opened = ResourceStore(tmp_path / "fhir.db", lambda: INSTANT)
    made = Simulation(12, 20, 4, INSTANT)
    with opened.write() as session:
        for raw in (*made.persons(), *made.sent()):
            session.update(str(raw["id"]), raw)
    yield opened
    opened.close()


@pytest.fixture
def base(store: ResourceStore) -> Iterator[str]:
    app = create_app(store, auth="demo", clock=lambda: INSTANT, judges=False)
    with in_background(app) as url:
        yield url


def identifiers(store: ResourceStore) -> list[str]:
    """Of all alerts and work."""
    raws = [
        stored.raw
        for kind in ("DetectedIssue", "Task")
        for stored in store.search(kind, [("_count", "1000")]).matches
    ]
    return sorted(str(raw["identifier"][0]["value"]) for raw in raws)  # type: ignore[index]


def test_one_round_judges_everybody_and_a_second_run_finds_nothing(base: str, store: ResourceStore) -> None:
    code, said = ran(base, "--once")

    found = identifiers(store)
    assert (code, said) == (0, f"Judged 12, wrote {len(found)}, failed 0.\n")
    assert ran(base, "--once") == (0, "Judged 12, wrote 0, failed 0.\n")
    assert identifiers(store) == found


def test_killed_between_two_writes_it_is_completed_by_the_next_run(
    base: str, store: ResourceStore, tmp_path: Path
) -> None:
    with stopped_after(3, base) as front:
        process = subprocess.Popen([*TRIAGE, "--server", front.url, "--once"], env=env())
        assert front.reached.wait(30)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    left = identifiers(store)
    assert ran(base, "--once", "--lease", "2")[0] == 0

    found = identifiers(store)
    assert 0 < len(left) < len(found) == len(set(found))
    assert set(left) < set(found)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_when_asked_and_lets_another_begin_at_once(
    base: str, number: signal.Signals, code: int
) -> None:
    command = [*TRIAGE, "--server", base]
    with subprocess.Popen(command, env=env(), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Judged 12")
        process.send_signal(number)
        assert process.wait(10) == code
    assert ran(base, "--once", "--lease", "3000")[0] == 0


def test_a_server_that_isnt_there_or_refuses_the_login(base: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("demo-nobody\n")
    token.chmod(0o600)
    assert ran("http://127.0.0.1:9/fhir", "--once")[0] == 3
    code, said = ran(base, "--once", TRIAGE_TOKEN_FILE=str(token))
    assert (code, "refuses the login" in said) == (4, True)
    token.chmod(0o644)
    code, said = ran(base, "--once", "--token-file", str(token))
    assert (code, "chmod 600" in said) == (2, True)


class Front:
    """Passes everything on to a server, but after so many alerts and tasks answers no more."""

    def __init__(self, most: int, base: str) -> None:
        self.reached = threading.Event()
        self.url = ""
        self._left, self._base = most, base.removesuffix("/fhir")

    def pass_on(self, request: BaseHTTPRequestHandler) -> None:
        content = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        if request.command == "POST" and request.path.endswith(("/Task", "/DetectedIssue")):
            self._left -= 1
            if self._left < 0:
                self.reached.set()
                request.close_connection = True
                return
        answer = httpx.request(
            request.command,
            self._base + request.path,
            headers={**request.headers, "Accept-Encoding": "identity"},  # Host too: its links lead here
            content=content,
            trust_env=False,
        )
        request.send_response_only(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in ("connection", "transfer-encoding"):
                request.send_header(name, value)
        request.end_headers()
        request.wfile.write(answer.content)


@contextmanager
def stopped_after(writes: int, base: str) -> Iterator[Front]:
    front = Front(writes, base)

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if self.raw_requestline and self.parse_request():
                front.pass_on(self)
            else:
                self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        front.url = f"http://127.0.0.1:{served.server_port}/fhir"
        thread = threading.Thread(target=served.serve_forever, daemon=True)
        thread.start()
        try:
            yield front
        finally:
            served.shutdown()
            thread.join()
