"""What there was: versions of a resource, of a type, of everything."""

from __future__ import annotations

from tests.followup_server.conformance.visit import Raw, Visit, check


@check("history of a resource, and each version by itself")
def instance_history(visit: Visit) -> None:
    made = visit.create(visit.task())
    visit.put({**made, "status": "in-progress"})
    history = visit.get(f"/Task/{made['id']}/_history")
    assert history["type"] == "history"
    assert [one["resource"]["status"] for one in history["entry"]] == ["in-progress", "requested"]
    first = visit.get(f"/Task/{made['id']}/_history/{made['meta']['versionId']}")
    assert first["status"] == "requested"


@check("history of a resource tells its deletion")
def instance_history_of_the_deleted(visit: Visit) -> None:
    made = visit.create(visit.task())
    visit.ask("DELETE", f"/Task/{made['id']}", 200, 204)
    assert _methods(visit.get(f"/Task/{made['id']}/_history"), made["id"]) == ["DELETE", "POST"]


@check("history of a type since an instant, with deletions")
def type_history(visit: Visit) -> None:
    _since(visit, "/Task/_history")


@check("history of everything since an instant, with deletions")
def system_history(visit: Visit) -> None:
    _since(visit, "/_history")


def _since(visit: Visit, path: str) -> None:
    before = visit.create(visit.task("before"))
    kept, deleted = visit.create(visit.task("kept")), visit.create(visit.task("deleted"))
    visit.ask("DELETE", f"/Task/{deleted['id']}", 200, 204)
    pages = list(visit.pages(path, _since=kept["meta"]["lastUpdated"], _count=50))
    whole = {"entry": [one for page in pages for one in page.get("entry", [])]}
    assert _methods(whole, before["id"]) == []
    assert _methods(whole, kept["id"]) == ["POST"]
    assert _methods(whole, deleted["id"]) == ["DELETE", "POST"]


def _methods(history: Raw, logical: str) -> list[str]:
    """What was done to a resource, newest first."""
    return [
        one["request"]["method"]
        for one in history.get("entry", [])
        if logical in (one.get("fullUrl", "").rpartition("/")[2], one["request"]["url"].rpartition("/")[2])
        or one.get("resource", {}).get("id") == logical
    ]
