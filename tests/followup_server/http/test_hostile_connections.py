"""Whatever comes over a socket, HTTP or not, the answer is an OperationOutcome and the server goes on."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from followup_server.http.app import create_app
from followup_server.http.limits import Limits
from followup_server.http.serve import in_background
from followup_server.storage.store import ResourceStore
from tests.followup_server.conftest import MovableClock

HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST /fhir/Patient HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Where a server listens that is patient for a second and takes three connections."""
    limits = Limits(silent_seconds=1, connections=3)
    clock = MovableClock()
    store = ResourceStore(tmp_path_factory.mktemp("hostile") / "fhir.db", clock)
    with in_background(create_app(store, auth="none", clock=clock, limits=limits), limits=limits) as base:
        parts = urlsplit(base)
        yield str(parts.hostname), int(parts.port or 0)
    store.close()


def said(place: tuple[str, int], sent: bytes) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer to these bytes, once the server has hung up or said all."""
    with closing(socket.create_connection(place, timeout=20)) as opened:
        opened.sendall(sent)
        got = b""
        while b"]}" not in got:
            more = opened.recv(65_536)
            if not more:
                break
            got += more
    head, _, body = got.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"hello there\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /fhir/Patient HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 100_000, 400),
        (b"GET /fhir/Patient HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 20_000, 400),
        (b"GET /fhir/\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /fhir/Patient HTTP/1.1\r\nHost: [::1\r\n\r\n", 421),
        (b"GET /fhir/Patient HTTP/1.1\r\nHost: 127.0.0.1:port\r\n\r\n", 421),
        (b"GET /fhir/Patient?name=%FF%00 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"BREW /fhir/Patient HTTP/1.1\r\n" + HOST + b"\r\n", 405),
        (POST + b"Content-Length: 2\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b", 415),
        (POST + b"Content-Length: 99999999999999999999\r\n\r\n", 413),
        (POST + b"Content-Length: 9999999999999999999999\r\n\r\n{", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nno size\r\n", 400),
    ],
)
def test_what_is_no_good_request_is_told_in_fhir(place: tuple[str, int], sent: bytes, status: int) -> None:
    found, outcome = said(place, sent)

    assert (found, outcome["resourceType"]) == (status, "OperationOutcome")
    assert httpx.get(f"http://127.0.0.1:{place[1]}/fhir/Patient", trust_env=False).status_code == 200


def test_who_stops_amid_a_request_is_cut_off(place: tuple[str, int]) -> None:
    assert said(place, b"GET /fhir/Pat")[0] == 408
    assert said(place, POST + b"Content-Length: 10\r\n\r\n{")[0] == 408


def test_who_says_nothing_is_cut_off(place: tuple[str, int]) -> None:
    with closing(socket.create_connection(place, timeout=20)) as opened:
        assert opened.recv(1) == b""


def test_connections_beyond_the_limit_are_sent_away(place: tuple[str, int]) -> None:
    get = b"GET /fhir/metadata HTTP/1.1\r\n" + HOST + b"\r\n"
    held = [socket.create_connection(place, timeout=20) for _ in range(3)]
    try:
        for one in held:  # each is there once it has been answered
            one.sendall(b"HEAD" + get[3:])
            assert one.recv(65_536).startswith(b"HTTP/1.1 200")
        status, outcome = said(place, get)
    finally:
        for one in held:
            one.close()

    assert (status, outcome["issue"][0]["code"]) == (429, "throttled")
