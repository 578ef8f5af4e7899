"""Histories of a resource, of a type and of all."""

from __future__ import annotations

import httpx
import pytest


@pytest.fixture
def written(kari: httpx.Client) -> httpx.Client:
    for status in ("requested", "in-progress", "completed"):
        task = {"resourceType": "Task", "id": "t-1", "status": status, "intent": "order"}
        kari.put("/Task/t-1", json=task)
    kari.put("/Task/t-2", json={**task, "id": "t-2"})
    kari.delete("/Task/t-2")
    return kari


def versions(response: httpx.Response) -> list[tuple[str, str]]:
    return [
        (entry["fullUrl"].rpartition("/")[2], entry["response"]["etag"])
        for entry in response.json().get("entry", [])
    ]


def test_instance_history_is_newest_first(written: httpx.Client) -> None:
    history = written.get("/Task/t-1/_history")

    assert versions(history) == [("t-1", 'W/"3"'), ("t-1", 'W/"2"'), ("t-1", 'W/"1"')]
    assert [entry["resource"]["status"] for entry in history.json()["entry"]] == [
        "completed",
        "in-progress",
        "requested",
    ]
    assert written.get("/Task/t-1/_history/2").json()["status"] == "in-progress"


def test_type_history_tells_deletions_and_begins_at_since(written: httpx.Client) -> None:
    whole = written.get("/Task/_history")
    assert versions(whole)[:2] == [("t-2", 'W/"2"'), ("t-2", 'W/"1"')]
    assert "resource" not in whole.json()["entry"][0]

    since = whole.json()["entry"][1]["resource"]["meta"]["lastUpdated"]
    assert versions(written.get("/Task/_history", params={"_since": since})) == versions(whole)[:2]
    assert versions(written.get("/Task/_history?_since=2030-01-01")) == []


def test_histories_are_paged_without_loss(written: httpx.Client) -> None:
    seen, url = [], "/Task/_history?_count=2"
    while url:
        page = written.get(url)
        seen += versions(page)
        url = next((link["url"] for link in page.json()["link"] if link["relation"] == "next"), "")

    assert seen == versions(written.get("/Task/_history"))
    assert len(seen) == 5


def test_history_of_everything_has_the_demo_centre_too(written: httpx.Client) -> None:
    assert len(versions(written.get("/_history"))) == 5 + 8
