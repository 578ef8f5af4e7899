"""Packing answers by zstd: only for those who take it, and only what is worth it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import zstandard

from followup_server.http.app import create_app
from followup_server.http.serve import in_background
from followup_server.storage.store import ResourceStore


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    store = ResourceStore(tmp_path / "fhir.db", lambda: 1_780_000_000_000)
    with store.write() as session:
        for number in range(30):
            session.update(f"p{number}", {"resourceType": "Patient", "id": f"p{number}", "active": True})
    with in_background(create_app(store, auth="none", clock=lambda: 1_780_000_000_000)) as base:
        yield base
    store.close()


def raw(url: str, accepted: str) -> tuple[str | None, bytes]:
    with httpx.stream("GET", f"{url}/Patient", headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
        assert int(answer.headers["content-length"]) == len(body)
        assert answer.headers["vary"] == "Accept-Encoding"
        return answer.headers.get("content-encoding"), body


def test_who_takes_zstd_gets_it_and_others_gzip(url: str) -> None:
    encoding, body = raw(url, "gzip, deflate, zstd")
    assert encoding == "zstd"
    assert len(json.loads(zstandard.ZstdDecompressor().decompress(body))["entry"]) == 30

    assert raw(url, "gzip")[0] == "gzip"
    assert raw(url, "gzip, zstd;q=0")[0] == "gzip"


def test_small_answers_stay_as_they_are(url: str) -> None:
    answer = httpx.get(f"{url}/Patient/p1", headers={"Accept-Encoding": "zstd"})
    assert "content-encoding" not in answer.headers
    assert answer.json()["id"] == "p1"
