"""One resource over HTTP: create, read, update, delete, with their conditions."""

from __future__ import annotations

from collections.abc import Callable

import httpx

PATIENT = {
    "resourceType": "Patient",
    "identifier": [{"system": "http://example.org/ids", "value": "1"}],
    "name": [{"family": "Åsen", "given": ["Kåre"]}],
}


def test_created_resource_is_read_back_with_its_version(kari: httpx.Client) -> None:
    created = kari.post("/Patient", json=PATIENT)

    assert created.status_code == 201
    assert created.headers["etag"] == 'W/"1"'
    logical = created.json()["id"]
    assert created.headers["location"].endswith(f"/fhir/Patient/{logical}/_history/1")
    read = kari.get(f"/Patient/{logical}")
    assert read.json() == created.json()
    assert read.json()["name"] == PATIENT["name"]


def test_decimals_and_unknown_members_stay_as_written(kari: httpx.Client) -> None:
    body = (
        b'{"resourceType":"Observation","status":"final","code":{"text":"w"},"future":{"x":[1e3,0.10]},'
        b'"valueQuantity":{"value":82.30}}'
    )
    created = kari.post("/Observation", content=body, headers={"Content-Type": "application/fhir+json"})

    read = kari.get(f"/Observation/{created.json()['id']}")
    assert b'"value":82.30' in read.content
    assert b'"future":{"x":[1E+3,0.10]}' in read.content


def test_known_version_is_not_sent_again(kari: httpx.Client) -> None:
    logical = kari.post("/Patient", json=PATIENT).json()["id"]

    unchanged = kari.get(f"/Patient/{logical}", headers={"If-None-Match": 'W/"1"'})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert kari.get(f"/Patient/{logical}", headers={"If-None-Match": 'W/"2"'}).status_code == 200


def test_conditional_create_finds_creates_or_refuses(kari: httpx.Client) -> None:
    condition = {"If-None-Exist": "identifier=http://example.org/ids|1"}

    first = kari.post("/Patient", json=PATIENT, headers=condition)
    second = kari.post("/Patient", json=PATIENT, headers=condition)
    kari.post("/Patient", json=PATIENT)
    third = kari.post("/Patient", json=PATIENT, headers=condition)

    assert (first.status_code, second.status_code, third.status_code) == (201, 200, 412)
    assert second.json() == first.json()


def test_update_over_a_stale_version_is_refused(kari: httpx.Client) -> None:
    patient = kari.post("/Patient", json=PATIENT).json()
    url = f"/Patient/{patient['id']}"

    assert kari.put(url, json=patient, headers={"If-Match": 'W/"1"'}).headers["etag"] == 'W/"2"'
    stale = kari.put(url, json=patient, headers={"If-Match": 'W/"1"'})

    assert stale.status_code == 412
    assert stale.json()["resourceType"] == "OperationOutcome"
    assert kari.get(url).json()["meta"]["versionId"] == "2"


def test_put_with_an_id_of_the_clients_creates(kari: httpx.Client) -> None:
    put = kari.put("/Patient/p-1", json={**PATIENT, "id": "p-1"})

    assert put.status_code == 201
    assert kari.put("/Patient/p-1", json={**PATIENT, "id": "p-1"}).status_code == 200


def test_put_if_none_match_creates_and_never_replaces(kari: httpx.Client) -> None:
    only_new = {"If-None-Match": "*"}
    patient = {**PATIENT, "id": "p-1"}

    assert kari.put("/Patient/p-1", json=patient, headers=only_new).status_code == 201
    again = kari.put("/Patient/p-1", json=patient, headers=only_new)

    assert (again.status_code, again.json()["resourceType"]) == (412, "OperationOutcome")
    assert kari.get("/Patient/p-1").json()["meta"]["versionId"] == "1"
    kari.delete("/Patient/p-1")
    assert kari.put("/Patient/p-1", json=patient, headers=only_new).status_code == 201


def test_an_absolute_reference_to_this_server_is_kept_as_a_relative_one(kari: httpx.Client) -> None:
    patient = kari.post("/Patient", json=PATIENT).json()["id"]
    observation = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "x"},
        "subject": {"reference": f"http://127.0.0.1/fhir/Patient/{patient}"},
        "performer": [{"reference": "http://127.0.0.2/fhir/Practitioner/1"}],
    }

    made = kari.post("/Observation", json=observation).json()

    assert made["subject"]["reference"] == f"Patient/{patient}"
    assert made["performer"][0]["reference"] == "http://127.0.0.2/fhir/Practitioner/1"
    assert kari.get("/Observation", params={"patient": patient}).json()["total"] == 1


def test_put_under_another_id_is_refused(kari: httpx.Client) -> None:
    refused = kari.put("/Patient/p-1", json={**PATIENT, "id": "p-2"})

    assert refused.status_code == 400
    assert refused.json()["issue"][0]["expression"] == ["Patient.id"]


def test_deleted_resource_is_gone_but_remembered(kari: httpx.Client) -> None:
    logical = kari.post("/Patient", json=PATIENT).json()["id"]

    assert kari.delete(f"/Patient/{logical}").status_code == 204
    assert kari.get(f"/Patient/{logical}").status_code == 410
    assert "entry" not in kari.get("/Patient").json()
    assert kari.get(f"/Patient/{logical}/_history/1").status_code == 200
    assert kari.get(f"/Patient/{logical}/_history/2").status_code == 410
    methods = [
        entry["request"]["method"] for entry in kari.get(f"/Patient/{logical}/_history").json()["entry"]
    ]
    assert methods == ["DELETE", "POST"]
    assert kari.delete(f"/Patient/{logical}").status_code == 204
    assert kari.delete("/Patient/never").status_code == 404


def test_deleted_resource_can_be_put_again(kari: httpx.Client) -> None:
    kari.put("/Patient/p-1", json={**PATIENT, "id": "p-1"})
    kari.delete("/Patient/p-1")

    again = kari.put("/Patient/p-1", json={**PATIENT, "id": "p-1"})

    assert (again.status_code, again.headers["etag"]) == (201, 'W/"3"')
    assert kari.get("/Patient?identifier=1").json()["total"] == 1


def test_stamps_rise_from_resource_to_resource_while_the_clock_stands(kari: httpx.Client) -> None:
    stamps = [kari.post("/Patient", json=PATIENT).json()["meta"]["lastUpdated"] for _ in range(5)]

    assert stamps == sorted(set(stamps))
    assert all(len(stamp) == len("2026-05-28T20:26:40.000001Z") for stamp in stamps)


def test_date_header_tells_the_injected_time(kari: httpx.Client) -> None:
    assert kari.get("/metadata").headers.get_list("date") == ["Thu, 28 May 2026 20:26:40 GMT"]


def test_demo_centre_is_there_from_the_beginning(kari: httpx.Client) -> None:
    names = [entry["resource"]["name"][0]["given"][0] for entry in kari.get("/Practitioner").json()["entry"]]
    assert names == ["Kari", "Ola", "Ingrid"]
    found = kari.get("/Practitioner", params={"identifier": "http://triage-tui.org/fhir/user|kari"}).json()
    assert found["entry"][0]["resource"]["name"][0]["family"] == "Nordmann"
    assert kari.get("/Organization?name=nord-troms").json()["total"] == 1


def test_nobody_gets_in_without_a_known_login(base: str, login: Callable[[str], httpx.Client]) -> None:
    assert httpx.get(f"{base}/metadata", trust_env=False).status_code == 200
    unknown = login("nobody").get("/Patient")
    assert unknown.status_code == 401
    assert unknown.json()["issue"][0]["code"] == "login"
    assert httpx.get(f"{base}/Patient", trust_env=False).headers["www-authenticate"].startswith("Bearer")


def test_the_scheme_of_a_login_is_read_without_case(base: str) -> None:
    def status(authorization: str) -> int:
        headers = {"Authorization": authorization}
        return httpx.get(f"{base}/Patient", headers=headers, trust_env=False).status_code

    assert [status(f"{scheme} demo-kari") for scheme in ("Bearer", "bearer", "Basic")] == [200, 200, 401]


def test_calls_under_a_foreign_host_name_are_refused(kari: httpx.Client) -> None:
    assert kari.get("/metadata", headers={"Host": "evil.example"}).status_code == 421
