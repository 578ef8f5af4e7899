"""The client against a real server on loopback that answers whatever a test wants."""

from __future__ import annotations

import gzip
import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from fhir_r4 import client_errors as errors
from fhir_r4.client import FhirClient
from fhir_r4.raw import Raw
from threshold_engine.instants import parse_instant


@dataclass
class Scripted:
    """A server that gives the same answer to everything, and keeps what it was asked."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def says(self, raw: object, status: int = 200, **headers: str) -> None:
        self.status, self.body = status, json.dumps(raw).encode()
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def server() -> Iterator[Scripted]:
    script = Scripted()

    class Handler(http.server.BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            heads = {name.lower(): value for name, value in self.headers.items()}
            script.asked.append((self.command, self.path, heads, self.rfile.read(length)))
            self.send_response_only(script.status)
            given = {"Content-Length": str(len(script.body)), **script.headers}
            for name, value in given.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(script.body)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    script.url = f"http://127.0.0.1:{httpd.server_port}/fhir"
    yield script
    httpd.shutdown()
    thread.join()
    httpd.server_close()


@pytest.fixture
def client(server: Scripted, now: int) -> Iterator[FhirClient]:
    with FhirClient(server.url, authorization="Bearer t", timeout=2, clock=lambda: now) as made:
        yield made


def bundle(*resources: Raw, **members: object) -> Raw:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources], **members}


OUTCOME: Raw = {
    "resourceType": "OperationOutcome",
    "issue": [{"code": "x", "diagnostics": "Nei, <b>takk</b>"}],
}
TASK: Raw = {"resourceType": "Task", "id": "t1", "meta": {"versionId": "4"}}


def test_search_pages_and_next_link(server: Scripted, client: FhirClient) -> None:
    link = f"{server.url}/Task?_cursor=a%20b|c"
    server.says(bundle(TASK, total=9, link=[{"relation": "self"}, {"relation": "next", "url": link}]))
    page = client.search("Task", {"_lastUpdated": "ge2026-03-03T09:30:00.000Z", "_count": 500})
    assert (page.resources, page.next, page.total) == ((TASK,), link, 9)
    client.follow(page.next or "")
    (_, first, headers, _), (_, second, _, _) = server.asked
    assert first == "/fhir/Task?_lastUpdated=ge2026-03-03T09%3A30%3A00.000Z&_count=500"
    assert second.startswith("/fhir/Task?_cursor=a%20b")
    assert headers["authorization"] == "Bearer t"
    assert headers["cache-control"] == "no-cache"
    assert "gzip" in headers["accept-encoding"]


def test_relative_next_link_counts_from_the_base(server: Scripted, client: FhirClient) -> None:
    server.says(bundle(link=[{"relation": "next", "url": "Task?page=2"}]))
    assert client.search("Task").next == f"{server.url}/Task?page=2"


@pytest.mark.parametrize(
    "link", ["https://evil.example/fhir?page=2", "http://127.0.0.1:1/fhir", "file:///etc"]
)
def test_link_to_another_server_is_never_followed(link: str, server: Scripted, client: FhirClient) -> None:
    server.says(bundle(link=[{"relation": "next", "url": link}]))
    with pytest.raises(errors.NotAFhirServer):
        client.search("Task")
    with pytest.raises(errors.NotAFhirServer):
        client.follow(link)
    assert len(server.asked) == 1


def test_national_number_goes_in_the_body_only(server: Scripted, client: FhirClient) -> None:
    server.says(bundle())
    client.post_search("Patient", {"identifier": "urn:oid:1|13815412345"})
    method, path, headers, body = server.asked[0]
    assert (method, path) == ("POST", "/fhir/Patient/_search")
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert body == b"identifier=urn%3Aoid%3A1%7C13815412345"


def test_conditional_create(server: Scripted, client: FhirClient) -> None:
    server.says(TASK, 201, ETag='W/"4"')
    stored = client.create({"resourceType": "Task"}, "identifier=urn:ietf:rfc:3986|urn:uuid:x")
    assert (stored.reference, stored.version_id, stored.created) == ("Task/t1", "4", True)
    assert server.asked[0][2]["if-none-exist"] == "identifier=urn:ietf:rfc:3986|urn:uuid:x"
    server.says(TASK, 200)
    assert not client.create({"resourceType": "Task"}, "identifier=x").created


def test_create_answered_by_headers_only(server: Scripted, client: FhirClient) -> None:
    server.status, server.body = 201, b""
    server.headers = {"Location": f"{server.url}/Task/t9/_history/2"}
    stored = client.create({"resourceType": "Task"})
    assert (stored.reference, stored.version_id, stored.raw) == ("Task/t9", "2", None)


def test_update_sends_the_version_it_was_made_from(server: Scripted, client: FhirClient) -> None:
    server.says(TASK)
    assert client.update(TASK, "4").reference == "Task/t1"
    method, path, headers, body = server.asked[0]
    assert (method, path, headers["if-match"]) == ("PUT", "/fhir/Task/t1", 'W/"4"')
    assert json.loads(body) == TASK


def test_conflict_counts_as_failed_precondition_only_with_a_version(
    server: Scripted, client: FhirClient
) -> None:
    server.says(OUTCOME, 409)
    with pytest.raises(errors.PreconditionFailed):
        client.update(TASK, "4")
    with pytest.raises(errors.Refused):
        client.update(TASK)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Refused),
        (401, errors.LoginRefused),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (410, errors.Gone),
        (412, errors.PreconditionFailed),
        (422, errors.Refused),
        (429, errors.Busy),
        (500, errors.ServerFailed),
        (502, errors.ServerFailed),
        (503, errors.Busy),
        (302, errors.NotAFhirServer),
        (407, errors.NotAFhirServer),
        (511, errors.ServerFailed),
    ],
)
def test_each_status_is_a_typed_error_with_a_remedy(
    status: int, kind: type[errors.FhirError], server: Scripted, client: FhirClient
) -> None:
    server.says(OUTCOME, status, Location="https://login.example/")
    with pytest.raises(kind, match=r"^HTTP \d+") as caught:
        client.read("Task", "t1")
    assert type(caught.value) is kind
    assert caught.value.remedy
    assert len(server.asked) == 1


def test_diagnostics_are_the_servers_words_cut_short(server: Scripted, client: FhirClient) -> None:
    server.says({"resourceType": "OperationOutcome", "issue": [{"diagnostics": "x" * 9999}]}, 422)
    with pytest.raises(errors.Refused) as caught:
        client.create(TASK)
    assert (caught.value.status, len(caught.value.diagnostics)) == (422, 500)
    assert "x" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("-3", None),
        ("999999", 3600),
        ("Tue, 03 Mar 2026 09:31:30 GMT", 30),
        ("Tue, 03 Mar 2020 09:31:30 GMT", 0),
        ("soon", None),
        ("nan", None),
    ],
)
def test_retry_after(header: str, seconds: float | None, server: Scripted, client: FhirClient) -> None:
    server.says(OUTCOME, 429, Retry_After=header, Date="Tue, 03 Mar 2026 09:31:00 GMT")
    with pytest.raises(errors.Busy) as caught:
        client.search("Task")
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [200, 201, 502])
def test_page_of_a_proxy_is_no_answer_and_may_be_tried_again(
    status: int, server: Scripted, client: FhirClient
) -> None:
    server.status, server.body = status, b"<html><body>Logg inn</body></html>"
    server.headers = {"Content-Type": "text/html"}
    with pytest.raises(errors.FhirError) as caught:
        client.create(TASK)
    assert caught.value.may_retry


@pytest.mark.parametrize("body", [b'{"resourceType": "Task", "id": "t', b""])
def test_half_an_answer_is_no_answer(body: bytes, server: Scripted, client: FhirClient) -> None:
    server.body = body
    with pytest.raises(errors.ServerUnreachable):
        client.read("Task", "t1")


def test_body_shorter_than_promised(server: Scripted, client: FhirClient) -> None:
    server.headers = {"Content-Length": "100", "Connection": "close"}
    with pytest.raises(errors.ServerUnreachable):
        client.read("Task", "t1")


def test_packed_garbage_is_no_answer(server: Scripted, client: FhirClient) -> None:
    server.headers, server.body = {"Content-Encoding": "gzip"}, b"not packed at all"
    with pytest.raises(errors.ServerUnreachable):
        client.read("Task", "t1")


def test_answer_is_bounded_after_unpacking(server: Scripted, now: int) -> None:
    server.body = gzip.compress(b" " * 5_000_000)
    server.headers = {"Content-Encoding": "gzip"}
    with (
        FhirClient(
            server.url, authorization=None, timeout=2, clock=lambda: now, largest_answer=100_000
        ) as small,
        pytest.raises(errors.TooLarge),
    ):
        small.read("Task", "t1")
    assert 0 < small.bytes_in < 50_000


def test_nobody_there(now: int) -> None:
    with (
        FhirClient("http://127.0.0.1:1/fhir", authorization=None, timeout=1, clock=lambda: now) as client,
        pytest.raises(errors.ServerUnreachable) as caught,
    ):
        client.read("Patient", "secret")
    assert "secret" not in str(caught.value)


def test_requests_and_bytes_are_counted(server: Scripted, client: FhirClient) -> None:
    server.says(TASK)
    client.read("Task", "t1")
    client.update(TASK)
    assert client.requests == 2
    assert client.bytes_in >= 2 * len(server.body)
    assert client.bytes_out > len(json.dumps(TASK))


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://fhir.example.org/fhir", errors.InsecureAddress),
        ("http://127.0.0.1.example.org/fhir", errors.InsecureAddress),
        ("http://localhost.evil.example/fhir", errors.InsecureAddress),
        ("ftp://127.0.0.1/fhir", errors.NotAFhirServer),
        ("127.0.0.1:8087/fhir", errors.NotAFhirServer),
        ("https://kari:pw@fhir.example.org/fhir", errors.NotAFhirServer),
        ("https://fhir.example.org/fhir?x=1", errors.NotAFhirServer),
        ("https://[::1/fhir", errors.NotAFhirServer),
        ("", errors.NotAFhirServer),
    ],
)
def test_address_that_is_refused(url: str, kind: type[errors.FhirError], now: int) -> None:
    with pytest.raises(kind):
        FhirClient(url, authorization=None, timeout=1, clock=lambda: now)


@pytest.mark.parametrize(
    "url",
    [
        "https://fhir.example.org/fhir/",
        "http://localhost:8087/fhir",
        "http://[::1]:1/fhir",
        "http://127.9.9.9/",
    ],
)
def test_address_that_is_allowed(url: str, now: int) -> None:
    FhirClient(url, authorization=None, timeout=1, clock=lambda: now).close()


def test_proxy_of_the_environment_is_not_used(
    server: Scripted, now: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.says(TASK)
    with FhirClient(server.url, authorization=None, timeout=2, clock=lambda: now) as client:
        assert client.read("Task", "t1") == TASK


def test_capability_statement(server: Scripted, client: FhirClient) -> None:
    server.says({"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1"})
    assert client.capability()["fhirVersion"] == "4.0.1"
    server.says({"resourceType": "CapabilityStatement", "fhirVersion": "3.0.2"})
    with pytest.raises(errors.NotAFhirServer):
        client.capability()


def test_batch_entries_are_answered_one_by_one(server: Scripted, client: FhirClient) -> None:
    entries: list[Raw] = [{"request": {"method": "POST", "url": "Task"}, "resource": TASK}] * 3
    said: Raw = {
        "resourceType": "Bundle",
        "type": "batch-response",
        "entry": [
            {"response": {"status": "201 Created", "location": "Task/a/_history/1", "etag": 'W/"1"'}},
            {"response": {"status": "429", "outcome": OUTCOME}},
            {"response": {"status": "412 Precondition Failed"}, "resource": OUTCOME},
        ],
    }
    server.says(said)
    done, busy, changed = client.batch(entries)
    assert (done.reference, done.version_id, done.error) == ("Task/a", "1", None)
    assert isinstance(busy.error, errors.Busy)
    assert isinstance(changed.error, errors.PreconditionFailed)
    server.says({**said, "entry": []})
    with pytest.raises(errors.NotAFhirServer):
        client.batch(entries)


def test_server_clock_is_measured_by_the_quickest_answer(server: Scripted) -> None:
    base = parse_instant("2026-03-03T09:30:00Z")
    ticks = iter([base, base + 4000, base + 5000, base + 5100, base + 6000, base + 9000])
    server.says(TASK, Date="Tue, 03 Mar 2026 09:35:05 GMT")
    with FhirClient(server.url, authorization=None, timeout=2, clock=lambda: next(ticks)) as client:
        assert client.server_time_offset_ms is None
        client.read("Task", "t1")
        rough = client.server_time_offset_ms
        client.read("Task", "t1")
        good = client.server_time_offset_ms
        client.read("Task", "t1")
        assert (rough, good, client.server_time_offset_ms) == (303_500, 300_450, 300_450)


def test_mapping_is_imported_without_the_http_library() -> None:
    code = (
        "import sys, fhir_r4, fhir_r4.tasks, fhir_r4.readings, fhir_r4.task_change;"
        "print('httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_errors_of_the_transport_never_carry_the_address(now: int) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout(f"reading {request.url}", request=request)

    with (
        FhirClient(
            "https://fhir.example.org/fhir",
            authorization=None,
            timeout=1,
            clock=lambda: now,
            transport=httpx.MockTransport(fail),
        ) as client,
        pytest.raises(errors.ServerUnreachable, match=r"^ReadTimeout$"),
    ):
        client.read("Patient", "p1")
