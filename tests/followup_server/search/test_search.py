"""What searches find, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from followup_server.storage.store import ResourceStore

Made = Callable[..., dict[str, object]]
LOINC = "http://loinc.org"


def ids(found: httpx.Response) -> list[str]:
    assert found.status_code == 200, found.text
    return [entry["resource"]["id"] for entry in found.json().get("entry", [])]


@pytest.fixture(scope="module")
def filled(shared: httpx.Client, observation: Made) -> httpx.Client:
    """Observations o-1 … o-5 of a day each, the last of them another patient's, code and status."""
    for day in range(1, 5):
        raw = observation(90 + day, f"2026-05-0{day}T10:00:00Z", id=f"o-{day}")
        shared.put(f"/Observation/o-{day}", json=raw)
    other = observation(
        70,
        "2026-05-05T10:00:00+02:00",
        id="o-5",
        status="amended",
        subject={"reference": "Patient/p-2"},
        code={"coding": [{"system": LOINC, "code": "8867-4"}, {"system": "http://local", "code": "puls"}]},
        identifier=[{"system": "http://device", "value": "m|1,2"}],
        meta={"tag": [{"system": "http://tags", "code": "t"}]},
    )
    shared.put("/Observation/o-5", json=other)
    return shared


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("_id=o-2,o-4,none", ["o-2", "o-4"]),
        ("patient=p-2", ["o-5"]),
        ("patient=Patient/p-2", ["o-5"]),
        ("subject=Patient/p-2", ["o-5"]),
        ("subject:Patient=p-2", ["o-5"]),
        ("subject=http://127.0.0.1/fhir/Patient/p-2", ["o-5"]),
        ("patient=p-1,p-2&code=8867-4", ["o-5"]),
        ("code=http://loinc.org|8867-4", ["o-5"]),
        ("code=http://local|puls,nothing", ["o-5"]),
        ("code=http://local|", ["o-5"]),
        ("code=|8867-4", []),
        ("code=http://loinc.org|puls", []),
        ("status=amended", ["o-5"]),
        ("status=amended,final&patient=p-2", ["o-5"]),
        ("status:not=final", ["o-5"]),
        ("code:not=59408-5", ["o-5"]),
        ("identifier=http://device|m\\|1\\,2", ["o-5"]),
        ("identifier=m\\|1\\,2", ["o-5"]),
        ("identifier:missing=false", ["o-5"]),
        ("_tag=http://tags|t", ["o-5"]),
        ("date=2026-05-02", ["o-2"]),
        ("date=2026-05-02T10:00:00Z", ["o-2"]),
        ("date=eq2026-05-05T08:00:00Z", ["o-5"]),
        ("date=ge2026-05-04", ["o-4", "o-5"]),
        ("date=gt2026-05-04", ["o-5"]),
        ("date=lt2026-05-02", ["o-1"]),
        ("date=le2026-05-02", ["o-1", "o-2"]),
        ("date=ge2026-05-02&date=lt2026-05-04", ["o-2", "o-3"]),
        ("date=2026-04", []),
        ("date=sa2026-05-04", ["o-5"]),
        ("date=eb2026-05-02", ["o-1"]),
        ("date=ne2026-05&patient=p-1", []),
        ("_sort=-date&_count=2", ["o-5", "o-4"]),
        ("_sort=status,-date", ["o-5", "o-4", "o-3", "o-2", "o-1"]),
        ("_sort=-_lastUpdated", ["o-5", "o-4", "o-3", "o-2", "o-1"]),
        ("_sort=-status,_id&_count=1", ["o-1"]),
        ("_sort=code&_count=1", ["o-1"]),
    ],
)
def test_search_finds_exactly(filled: httpx.Client, query: str, expected: list[str]) -> None:
    assert ids(filled.get(f"/Observation?{query}")) == expected


def test_last_updated_takes_one_or_two_bounds(filled: httpx.Client) -> None:
    stamps = [
        entry["resource"]["meta"]["lastUpdated"] for entry in filled.get("/Observation").json()["entry"]
    ]

    def found(*bounds: str) -> list[str]:
        return ids(filled.get("/Observation", params=[("_lastUpdated", bound) for bound in bounds]))

    assert found(f"gt{stamps[2]}") == ["o-4", "o-5"]
    assert found(f"ge{stamps[2]}") == ["o-3", "o-4", "o-5"]
    assert found(f"lt{stamps[1]}") == ["o-1"]
    assert found(f"le{stamps[1]}") == ["o-1", "o-2"]
    assert found(f"ge{stamps[1]}", f"lt{stamps[3]}") == ["o-2", "o-3"]
    assert found(stamps[0]) == ["o-1"]
    assert len(found(f"gt{stamps[0][:23]}Z")) == 5, "a stamp cut to milliseconds loses nothing"
    assert len(found("2026-05-28")) == 5
    assert found("gt2026-05-28") == []


def test_post_search_is_the_same_and_leaks_no_number_into_links(
    kari: httpx.Client, observation: Made
) -> None:
    number = {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "13116900216"}
    for _ in range(3):
        kari.post("/Patient", json={"resourceType": "Patient", "identifier": [number]})

    form = {"identifier": f"{number['system']}|{number['value']}", "_count": "2"}
    first = kari.post("/Patient/_search", data=form)

    assert number["value"] not in str(first.json()["link"])
    following = next(link["url"] for link in first.json()["link"] if link["relation"] == "next")
    second = kari.get(following)
    assert len(set(ids(first) + ids(second))) == 3
    assert number["value"] not in str(second.json()["link"])


def test_elements_sends_only_these_and_says_so(filled: httpx.Client) -> None:
    resource = filled.get("/Observation?_id=o-5&_elements=id,meta").json()["entry"][0]["resource"]

    assert set(resource) == {"resourceType", "id", "meta"}
    assert [tag["code"] for tag in resource["meta"]["tag"]] == ["t", "SUBSETTED"]


def test_counts_without_and_with_resources(filled: httpx.Client) -> None:
    counted = filled.get("/Observation?patient=p-1&_summary=count").json()
    assert (counted["total"], "entry" in counted) == (4, False)
    assert filled.get("/Observation?_count=0").json()["total"] == 5
    exact = filled.get("/Observation?_count=2&_total=accurate").json()
    assert (exact["total"], len(exact["entry"])) == (5, 2)
    assert "total" not in filled.get("/Observation?_count=2").json()


def test_includes_what_is_referred_to_and_what_refers(filled: httpx.Client) -> None:
    filled.put("/Patient/p-2", json={"resourceType": "Patient", "id": "p-2"})
    issue = {
        "resourceType": "DetectedIssue",
        "id": "d-1",
        "status": "final",
        "patient": {"reference": "Patient/p-2"},
        "implicated": [{"reference": "Observation/o-5"}],
    }
    filled.put("/DetectedIssue/d-1", json=issue)

    forward = filled.get("/Observation?_id=o-5,o-1&_include=Observation:patient").json()["entry"]
    assert [(entry["resource"]["id"], entry["search"]["mode"]) for entry in forward] == [
        ("o-1", "match"),
        ("o-5", "match"),
        ("p-2", "include"),
    ]
    assert "d-1" in ids(filled.get("/Observation?_id=o-5&_revinclude=DetectedIssue:implicated"))
    assert set(ids(filled.get("/Patient?_revinclude=Observation:subject"))) == {"p-2", "o-5"}


def test_tasks_are_found_by_all_that_the_console_asks_for(kari: httpx.Client) -> None:
    task = {
        "resourceType": "Task",
        "id": "t-1",
        "status": "in-progress",
        "intent": "order",
        "priority": "stat",
        "code": {"coding": [{"system": "http://triage-tui.org/fhir/work", "code": "alert"}]},
        "for": {"reference": "Patient/p-1"},
        "owner": {"reference": "Practitioner/demo-kari"},
        "authoredOn": "2026-05-20T10:00:00Z",
        "lastModified": "2026-05-21T10:00:00Z",
    }
    kari.put("/Task/t-1", json=task)

    for query in (
        "owner=Practitioner/demo-kari",
        "owner=demo-kari",
        "priority=stat",
        "intent=order",
        "for=p-1",
        "patient=p-1",
        "subject=Patient/p-1",
        "status=requested,in-progress,on-hold",
        "authored-on=ge2026-05-20",
        "modified=lt2026-05-22",
        "code=http://triage-tui.org/fhir/work|alert",
    ):
        assert ids(kari.get(f"/Task?{query}")) == ["t-1"], query
    assert ids(kari.get("/Task?modified=lt2026-05-21")) == []


def test_names_are_found_without_regard_to_case_and_accents(kari: httpx.Client) -> None:
    name = {"family": "Åsen", "given": ["Kåre", "Émile"]}
    kari.put("/Patient/p-1", json={"resourceType": "Patient", "id": "p-1", "name": [name]})

    for query in ("name=åse", "name=asen", "family=ÅSEN", "given=emile", "name:contains=SEN"):
        assert ids(kari.get(f"/Patient?{query}")) == ["p-1"], query
    assert ids(kari.get("/Patient?name:exact=asen")) == []
    assert ids(kari.get("/Patient?name:exact=Åsen")) == ["p-1"]
    assert ids(kari.get("/Patient?name=%25")) == []


def test_logical_reference_by_identifier_is_found_and_joins_its_patient(
    kari: httpx.Client, observation: Made
) -> None:
    identifier = {"system": "http://ids", "value": "7"}
    early = observation(id="o-early", subject={"identifier": identifier})
    kari.put("/Observation/o-early", json=early)
    kari.put("/Patient/p-7", json={"resourceType": "Patient", "id": "p-7", "identifier": [identifier]})
    kari.put("/Observation/o-late", json={**early, "id": "o-late"})

    assert ids(kari.get("/Observation?patient=p-7")) == ["o-early", "o-late"]
    assert ids(kari.get("/Observation?subject:identifier=http://ids|7")) == ["o-early", "o-late"]


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "_foo=1",
        "code:above=1",
        "patient.name=x",
        "_has:Task:focus:code=x",
        "date=yesterday",
        "date=2026-02-30",
        "_lastUpdated=ge",
        "_count=-1",
        "_count=x",
        "_count=1&_count=2",
        "_sort=colour",
        "_summary=text",
        "_total=maybe",
        "_include=Observation:nothing",
        "_include=Task:focus",
        "_elements=id;meta",
        "status=",
        "identifier:missing=maybe",
    ],
)
def test_what_isnt_known_is_refused_not_ignored(filled: httpx.Client, query: str) -> None:
    refused = filled.get(f"/Observation?{query}")

    assert refused.status_code == 400
    assert refused.json()["resourceType"] == "OperationOutcome"


def test_values_longer_than_an_index_holds_are_found_by_the_whole(kari: httpx.Client) -> None:
    long = "å" * 3_000
    for end in "ab":
        identifier = [{"system": f"http://example.org/{long}", "value": long + end}]
        name = [{"family": f"Å{long}{end}"}]
        created = kari.post(
            "/Patient", json={"resourceType": "Patient", "identifier": identifier, "name": name}
        )
        assert created.status_code == 201

    def count(**query: str) -> int:
        total: int = kari.get("/Patient", params={**query, "_summary": "count"}).json()["total"]
        return total

    assert count(identifier=f"{long}a") == 1
    assert count(identifier=f"http://example.org/{long}|{long}b") == 1
    assert count(identifier=f"{long}c") == 0
    assert count(**{"family:exact": f"Å{long}a"}) == 1
    assert count(family=f"å{long}") == 2


def test_a_text_with_nul_can_be_loaded_and_isnt_searched_for(
    kari: httpx.Client, store: ResourceStore
) -> None:
    raw = {"resourceType": "Patient", "name": [{"family": "A\0B"}], "identifier": [{"value": "1\0"}]}
    assert store.create(raw).stored.raw["name"] == raw["name"]

    assert kari.get("/Patient", params={"identifier": "1"}).json()["total"] == 1
    assert kari.get("/Patient", params={"identifier": "1\0"}).status_code == 400
