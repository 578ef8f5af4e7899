"""The log says what was done and how it went, and nothing of anybody."""

from __future__ import annotations

import io
import json
import logging
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from followup_server.http import fhir_endpoint
from followup_server.http.request_log import JsonLines, log_as_json
from followup_server.judging import patients
from followup_server.problems import ServeError

NUMBER = "13116900216"
NAME = "Hemmelig"
LOGICAL = "a-patient-of-ours"
LOGGERS = ("followup_server", "followup_server.requests", "uvicorn.error")
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Logs as the running server does; gives the lines of the requests' file and of standard error."""
    faults = io.StringIO()
    monkeypatch.setattr(logging, "raiseExceptions", True)  # put back afterwards
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger.propagate, logger.level, list(logger.handlers)) for logger in loggers]
    log_as_json(str(tmp_path / "requests.log"), faults)

    def read() -> list[dict[str, Any]]:
        text = (tmp_path / "requests.log").read_text() + faults.getvalue()
        return [json.loads(line) for line in text.splitlines()]

    yield read
    for logger, (propagate, level, handlers) in zip(loggers, before, strict=True):
        for handler in set(logger.handlers) - set(handlers):
            handler.close()
        logger.propagate, logger.handlers = propagate, handlers
        logger.setLevel(level)


def test_a_request_is_one_line_of_json(kari: httpx.Client, lines: Lines) -> None:
    answer = kari.get(f"/Patient?identifier={NUMBER}")

    (line,) = lines()
    assert line.pop("at").endswith("Z")
    assert line.pop("ms") >= 0
    assert line == {
        "level": "info",
        "event": "request",
        "request": answer.headers["x-request-id"],
        "method": "GET",
        "type": "Patient",
        "interaction": "search-type",
        "status": 200,
        "bytes": len(answer.content),
    }


def test_interactions_are_named_as_fhir_names_them(kari: httpx.Client, lines: Lines) -> None:
    kari.put("/Patient/1", json={"resourceType": "Patient", "id": "1"})
    kari.get("/Patient/1/_history/1")
    kari.post("http://127.0.0.1/fhir", json={"resourceType": "Bundle", "type": "batch"})
    kari.get("/$readings")
    kari.delete("/Patient")
    kari.get("/Nothing/1")
    kari.get("/metadata", headers={"X-Request-Id": NUMBER})
    kari.get("http://127.0.0.1/health")

    found = [(line["type"], line["interaction"], line["status"]) for line in lines()]
    assert found == [
        ("Patient", "update", 201),
        ("Patient", "vread", 200),
        ("", "bundle", 200),
        ("", "operation", 200),
        ("Patient", "", 405),
        ("", "", 404),
        ("", "capabilities", 200),
        ("", "health", 200),
    ]


def test_nothing_of_a_patient_reaches_the_log(
    kari: httpx.Client, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = {
        "resourceType": "Patient",
        "id": LOGICAL,
        "identifier": [{"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": NUMBER}],
        "name": [{"family": NAME}],
    }
    kari.put(f"/Patient/{LOGICAL}", json=person)
    kari.put(f"/Patient/{LOGICAL}", json={**person, "gender": NAME})
    kari.get(f"/Patient?identifier={NUMBER}&colour={NAME}")
    kari.get(f"/Patient/{NUMBER}")
    kari.get(f"/{NAME}/{NUMBER}")
    kari.post("/Patient/_search", data={"name": NAME})
    kari.post(
        "/Patient", content=NUMBER, headers={"Content-Type": "application/json", "X-Request-Id": NUMBER}
    )
    kari.request(NAME.upper(), f"/Patient/{NUMBER}")
    bad = [{"op": "test", "path": f"/{NAME}", "value": NUMBER}]
    kind = {"Content-Type": "application/json-patch+json"}
    kari.patch(f"/Patient/{LOGICAL}", content=json.dumps(bad), headers=kind)

    def failing(*_: object) -> None:
        raise RuntimeError(f"{NAME} {NUMBER}")

    monkeypatch.setattr(patients, "_apply", failing)
    kari.put(f"/Patient/{LOGICAL}", json={**person, "active": True})
    monkeypatch.setattr(fhir_endpoint, "answer", failing)
    assert kari.get(f"/Patient/{LOGICAL}?name={NAME}").status_code == 500

    found = lines()
    assert len(found) == 13  # eleven requests and two faults
    for secret in (NUMBER, NAME, NAME.upper(), LOGICAL):
        assert secret not in json.dumps(found)
    faults = [line for line in found if line["level"] == "error"]
    assert ["judge" in line["event"].partition(":")[0] for line in faults] == [True, False]
    assert all("RuntimeError at" in line["event"] for line in faults)
    assert faults[-1]["request"] == found[-len(faults) - 1]["request"]


def test_a_librarys_exception_is_logged_without_its_words() -> None:
    error = ValueError(NUMBER)
    exception = (ValueError, error, None)
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "failed on %s", (NAME,), exception)

    line = JsonLines().format(record)

    assert "ValueError" in line
    assert NUMBER not in line
    assert NAME not in line


def test_a_log_that_fails_prints_nothing_of_what_failed(
    kari: httpx.Client, lines: Lines, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError(NUMBER)

    for logger in map(logging.getLogger, LOGGERS):
        for handler in logger.handlers:
            monkeypatch.setattr(handler, "stream", io.StringIO())
            handler.stream.close()
    monkeypatch.setattr(fhir_endpoint, "answer", failing)

    assert kari.get("/Patient").status_code == 500
    assert NUMBER not in "".join(capsys.readouterr())


def test_the_log_is_for_its_owner_only(kari: httpx.Client, lines: Lines, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "requests.log").stat().st_mode) == 0o600


def test_a_log_that_cant_be_written_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="can't be written"):
        log_as_json(str(tmp_path / "none" / "requests.log"), io.StringIO())
