"""One resource: create, read, update, patch, delete, each also on a condition."""

from __future__ import annotations

import json

from tests.followup_server.conformance.visit import SYSTEM, Visit, check, patch


@check("says what it can in a CapabilityStatement", needed=True)
def capability(visit: Visit) -> None:
    statement = visit.get("/metadata")
    assert statement["resourceType"] == "CapabilityStatement"
    assert statement["fhirVersion"].startswith("4.0")


@check("create, then read with ETag", needed=True)
def create_and_read(visit: Visit) -> None:
    answer = visit.ask("POST", "/Patient", 201, json=visit.patient())
    assert answer.headers.get("location", "").find(f"/Patient/{answer.json()['id']}") >= 0, "no Location"
    read = visit.ask("GET", f"/Patient/{answer.json()['id']}", 200)
    assert read.headers["etag"] == f'W/"{read.json()["meta"]["versionId"]}"'


@check("decimals and unknown extensions come back as they were", needed=True)
def kept(visit: Visit) -> None:
    extension = [{"url": "http://example.org/unknown", "valueString": "x"}]
    made = visit.create(visit.observation(extension=extension))
    read = visit.ask("GET", f"/Observation/{made['id']}", 200)
    assert read.json()["extension"] == extension


@check("decimals keep their trailing zeros")
def precision(visit: Visit) -> None:
    raw = json.dumps(visit.observation()).replace('"value": 70,', '"value": 70.00,')
    kind = {"Content-Type": "application/fhir+json"}
    made = visit.ask("POST", "/Observation", 201, content=raw, headers=kind).json()
    assert "70.00" in visit.ask("GET", f"/Observation/{made['id']}", 200).text


@check("conditional create by identifier: twice gives one", needed=True)
def conditional_create(visit: Visit) -> None:
    condition = {"If-None-Exist": f"identifier={visit.token()}"}
    first = visit.ask("POST", "/Task", 201, json=visit.task(), headers=condition).json()
    visit.ask("POST", "/Task", 200, 201, json=visit.task(), headers=condition)
    assert visit.ids("/Task", identifier=visit.token()) == [first["id"]]


@check("conditional create by tag: twice gives one", needed=True)
def conditional_create_by_tag(visit: Visit) -> None:
    tagged = visit.patient(meta={"tag": [{"system": SYSTEM, "code": visit.mark}]})
    condition = {"If-None-Exist": f"_tag={SYSTEM}|{visit.mark}"}
    for _ in range(2):
        visit.ask("POST", "/Patient", 200, 201, json=tagged, headers=condition)
    assert len(visit.ids("/Patient", _tag=f"{SYSTEM}|{visit.mark}")) == 1


@check("conditional create: several matches give 412", needed=True)
def conditional_create_of_several(visit: Visit) -> None:
    for _ in range(2):
        visit.create(visit.task())
    condition = {"If-None-Exist": f"identifier={visit.token()}"}
    visit.ask("POST", "/Task", 412, json=visit.task(), headers=condition)


@check("conditional create: eight at once give one")
def conditional_create_race(visit: Visit) -> None:
    condition = {"If-None-Exist": f"identifier={visit.token()}"}
    call = lambda: visit.client.post("/Task", json=visit.task(), headers=condition)  # noqa: E731
    answers = visit.at_once([call] * 8)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len(visit.ids("/Task", identifier=visit.token())) == 1


@check("update with If-Match; a stale one gives 412", needed=True)
def update(visit: Visit) -> None:
    made = visit.create(visit.task())
    changed = visit.put({**made, "status": "in-progress"}, **{"If-Match": f'W/"{made["meta"]["versionId"]}"'})
    assert changed.json()["meta"]["versionId"] != made["meta"]["versionId"]
    stale = {"If-Match": f'W/"{made["meta"]["versionId"]}"'}
    visit.put({**made, "status": "completed"}, 412, **stale)
    assert visit.get(f"/Task/{made['id']}")["status"] == "in-progress"


@check("of eight updates over one version one wins")
def update_race(visit: Visit) -> None:
    made = visit.create(visit.task())
    match = {"If-Match": f'W/"{made["meta"]["versionId"]}"'}
    call = lambda: visit.client.put(f"/Task/{made['id']}", json=made, headers=match)  # noqa: E731
    assert sorted(answer.status_code for answer in visit.at_once([call] * 8)) == [200] + [412] * 7


@check("PUT under an id of the client's creates")
def client_id(visit: Visit) -> None:
    visit.put(visit.patient(id=visit.mark), 201)
    assert visit.get(f"/Patient/{visit.mark}")["id"] == visit.mark


@check("If-None-Match gives 304 for a known version")
def not_modified(visit: Visit) -> None:
    made = visit.create(visit.patient())
    etag = f'W/"{made["meta"]["versionId"]}"'
    known = visit.ask("GET", f"/Patient/{made['id']}", 304, headers={"If-None-Match": etag})
    assert known.content == b""


@check("conditional update: creates, then updates, several give 412")
def conditional_update(visit: Visit) -> None:
    query = {"identifier": visit.token()}
    made = visit.ask("PUT", "/Patient", 201, params=query, json=visit.patient()).json()
    again = visit.ask("PUT", "/Patient", 200, params=query, json=visit.patient(gender="other")).json()
    assert (again["id"], again["gender"]) == (made["id"], "other")
    assert again["meta"]["versionId"] != made["meta"]["versionId"]
    visit.create(visit.patient())
    visit.ask("PUT", "/Patient", 412, params=query, json=visit.patient())


@check("conditional update: eight at once make one")
def conditional_update_race(visit: Visit) -> None:
    query = {"identifier": visit.token()}
    call = lambda: visit.client.put("/Patient", params=query, json=visit.patient())  # noqa: E731
    assert sorted(answer.status_code for answer in visit.at_once([call] * 8)) == [200] * 7 + [201]
    assert len(visit.ids("/Patient", **query)) == 1


@check("conditional update: another id than the match's gives 400, a stale If-Match 412")
def conditional_update_of_another(visit: Visit) -> None:
    made = visit.create(visit.patient())
    query = {"identifier": visit.token()}
    visit.ask("PUT", "/Patient", 400, params=query, json=visit.patient(id="another"))
    visit.put({**made, "active": False})
    stale = {"If-Match": f'W/"{made["meta"]["versionId"]}"'}
    visit.ask("PUT", "/Patient", 412, params=query, json=visit.patient(), headers=stale)


@check("JSON Patch changes what it names")
def json_patch(visit: Visit) -> None:
    made = visit.create(visit.task())
    operations = patch(
        {"op": "test", "path": "/status", "value": "requested"},
        {"op": "replace", "path": "/status", "value": "in-progress"},
        {"op": "add", "path": "/priority", "value": "stat"},
    )
    changed = visit.ask("PATCH", f"/Task/{made['id']}", 200, **operations).json()
    assert (changed["status"], changed["priority"]) == ("in-progress", "stat")
    assert visit.get(f"/Task/{made['id']}") == changed


@check("JSON Patch over a stale version gives 412")
def json_patch_stale(visit: Visit) -> None:
    made = visit.create(visit.task())
    visit.put({**made, "priority": "stat"})
    operations = patch({"op": "remove", "path": "/priority"})
    operations["headers"]["If-Match"] = f'W/"{made["meta"]["versionId"]}"'
    visit.ask("PATCH", f"/Task/{made['id']}", 412, **operations)


@check("JSON Patch whose test fails changes nothing")
def json_patch_test(visit: Visit) -> None:
    made = visit.create(visit.task())
    operations = patch(
        {"op": "replace", "path": "/status", "value": "cancelled"},
        {"op": "test", "path": "/intent", "value": "plan"},
    )
    visit.ask("PATCH", f"/Task/{made['id']}", 409, 422, **operations)
    assert visit.get(f"/Task/{made['id']}")["meta"]["versionId"] == made["meta"]["versionId"]


@check("JSON Patch that breaks the resource gives 422 naming the element")
def json_patch_breaking(visit: Visit) -> None:
    made = visit.create(visit.task())
    operations = patch({"op": "replace", "path": "/status", "value": "nonsense"})
    told = visit.ask("PATCH", f"/Task/{made['id']}", 422, **operations).json()
    assert told["issue"][0]["expression"] == ["Task.status"]
    for pointer in ("/id", "/resourceType"):
        operations = patch({"op": "replace", "path": pointer, "value": "Another"})
        visit.ask("PATCH", f"/Task/{made['id']}", 400, 422, **operations)


@check("delete: 410 afterwards, gone from search", needed=True)
def delete(visit: Visit) -> None:
    made = visit.create(visit.patient())
    visit.ask("DELETE", f"/Patient/{made['id']}", 200, 204)
    visit.ask("GET", f"/Patient/{made['id']}", 404, 410)
    assert visit.ids("/Patient", identifier=visit.token()) == []


@check("delete is told from never having been: 410, not 404")
def gone(visit: Visit) -> None:
    made = visit.create(visit.patient())
    visit.ask("DELETE", f"/Patient/{made['id']}", 200, 204)
    visit.ask("GET", f"/Patient/{made['id']}", 410)
    visit.ask("GET", "/Patient/never-was", 404)
