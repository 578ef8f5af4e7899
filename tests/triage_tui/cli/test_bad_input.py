"""What a nurse gets wrong, or a machine lacks: one clear sentence, the right exit code, nothing lost."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.triage_tui.cli.conftest import Nurse, Server

pytestmark = pytest.mark.slow


@contextmanager
def a_web_page() -> Iterator[str]:
    """Something that answers, but isn't FHIR."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<html>Logg inn</html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    web = HTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=web.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}/fhir"
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def one_sentence(err: str) -> bool:
    return "Traceback" not in err and 0 < len(err.strip().splitlines()) <= 2


def test_setup_refuses_what_is_not_there_not_fhir_or_not_safe(nurse: Callable[[str], Nurse]) -> None:
    kari = nurse("kari")
    with a_web_page() as page:
        addresses = [f"http://127.0.0.1:{free_port()}/fhir", page, "http://192.0.2.1/fhir", "not a url"]
        for address in addresses:
            ran = kari.run("setup", "--server", address)
            assert ran.code == 1, address
            assert one_sentence(ran.err), ran.err
    assert not (kari.data_dir / "default" / "cache.db").exists()


def test_without_a_keyring_setup_says_what_to_do(server: Server, nurse: Callable[[str], Nurse]) -> None:
    kari = nurse("kari")
    ran = kari.run("setup", "--server", server.base, TRIAGE_PASSPHRASE_FILE="", DBUS_SESSION_BUS_ADDRESS="")
    assert ran.code == 1
    assert "TRIAGE_PASSPHRASE_FILE" in ran.err


def test_a_wrong_passphrase_opens_nothing(kari: Nurse) -> None:
    kari.passphrase.write_text("feil\n")
    ran = kari.run("queue")
    assert ran.code == 4
    assert one_sentence(ran.err), ran.err
    kari.passphrase.write_text("riktig hest batteri stift\n")
    assert kari.run("queue").code == 0


def test_an_open_passphrase_file_is_refused(kari: Nurse) -> None:
    kari.passphrase.chmod(0o644)
    ran = kari.run("queue")
    assert ran.code == 4
    assert "chmod 600" in ran.err


def test_a_damaged_cache_is_said_to_be_damaged(kari: Nurse) -> None:
    database = next(kari.data_dir.rglob("*.db"))
    held = bytearray(database.read_bytes())
    held[100] ^= 1
    database.write_bytes(held)
    ran = kari.run("queue")
    assert ran.code == 1
    assert one_sentence(ran.err), ran.err


def test_acts_need_somebody_who_acts(server: Server, nurse: Callable[[str], Nurse]) -> None:
    kari = nurse("kari")
    assert kari.run("setup", "--server", server.base).code == 0
    ran = kari.run("note", "nobody", "--text", "x")
    assert ran.code == 4
    assert one_sentence(ran.err), ran.err


def test_an_unknown_user_is_not_logged_in(server: Server, nurse: Callable[[str], Nurse]) -> None:
    kari = nurse("kari")
    assert kari.run("setup", "--server", server.base).code == 0
    assert kari.run("login", "--user", "mallory").code == 4


def test_wrong_usage_exits_2(kari: Nurse) -> None:
    assert kari.run("queue", "--band", "purple").code == 2
    assert kari.run("nonsense").code == 2
    assert kari.run("--profile", "../etc", "queue").code == 2
    assert kari.run("show", "13815412345").code == 2
    assert kari.run("--lang", "xx", "queue").code == 2


def test_a_profile_that_is_not_there_is_named(nurse: Callable[[str], Nurse]) -> None:
    ran = nurse("kari").run("--profile", "vakt", "queue")
    assert ran.code == 1
    assert "triage setup" in ran.err


def test_servers_without_real_logins_stay_on_this_machine(nurse: Callable[[str], Nurse]) -> None:
    for auth in ("none", "demo"):
        ran = nurse(auth).run("server", "run", "--host", "192.0.2.7", "--port", "0", "--auth", auth)
        assert ran.code == 1
        assert one_sentence(ran.err), ran.err


def test_console_without_a_terminal_points_to_the_commands(kari: Nurse) -> None:
    ran = kari.run()
    assert ran.code == 1
    assert "triage queue" in ran.err


def test_wiping_asks_before_it_loses_what_is_unsent(server: Server, kari: Nurse) -> None:
    patient = kari.run("patients", "--json").json[0]["patient"]
    server.stop()
    assert kari.run("note", patient, "--text", "usendt").code == 3
    assert kari.run("wipe").code == 1
    assert kari.run("status", "--json").json["pending"] == 1
    assert kari.run("wipe", "--even-unsent").code == 0
    assert not list(kari.data_dir.rglob("*.db"))
    assert kari.run("queue").code == 1
