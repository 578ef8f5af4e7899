"""The hostile centre on a real server, and a nurse who has synced it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "screens"))
sys.path.insert(0, str(Path(__file__).parent))

from hostile_server import Hostile, place, post_all

from tests.triage_tui.cli.conftest import Server


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """A server with the hostile centre; Kari is set up, logged in and synced."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "server").mkdir(mode=0o700)
    server = Server(folder / "server" / "fhir.db")
    server.start()
    try:
        post_all(server)
        kari = place(folder)
        for command in (("setup", "--server", server.base), ("login", "--user", "kari"), ("sync", "--once")):
            ran = kari.run(*command)
            assert ran.code == 0, ran.err
        yield Hostile(server, kari)
    finally:
        server.stop()
