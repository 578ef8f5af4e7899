"""Odd and hostile data from devices and other systems: through server, judge, cache and queue, unharmed."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.triage_tui.cli.conftest import Nurse, Server

pytestmark = pytest.mark.slow

HOSTILE = "Ola [/nope] \x1b]0;x\x07"
PLAN_SYSTEM = "http://ehelse.no/fhir/CodeSystem/vkp-careplan-category-v090"
ENGINE_PLAN = "http://triage-tui.org/fhir/StructureDefinition/engine-plan"


def put(server: Server, resource: dict[str, object]) -> int:
    answer = httpx.put(
        f"{server.base}/{resource['resourceType']}/{resource['id']}",
        json=resource,
        headers={"Authorization": "Bearer demo-device"},
        trust_env=False,
    )
    return answer.status_code


def patient(name: str, logical: str) -> dict[str, object]:
    return {
        "resourceType": "Patient",
        "id": logical,
        "name": [{"family": name, "given": ["x"]}],
        "managingOrganization": {"reference": "Organization/nord-troms-oppfolgingssenter"},
    }


def observation(logical: str, of: str, **more: object) -> dict[str, object]:
    return {
        "resourceType": "Observation",
        "id": logical,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "subject": {"reference": f"Patient/{of}"},
        "effectiveDateTime": "2026-03-03T07:00:00+01:00",
        "issued": "2026-03-03T07:01:00+01:00",
        **more,
    }


def plan(logical: str, of: str, engine: str) -> dict[str, object]:
    return {
        "resourceType": "CarePlan",
        "id": logical,
        "status": "active",
        "intent": "plan",
        "category": [{"coding": [{"system": PLAN_SYSTEM, "code": "2"}]}],
        "title": "Kols",
        "subject": {"reference": f"Patient/{of}"},
        "extension": [{"url": ENGINE_PLAN, "valueString": engine}],
    }


WATCHES_WEIGHT = """{"patient": "x", "versions": [{"version": 1, "valid_from": "2026-01-01T00:00:00Z",
 "rules": [{"id": "w", "kind": "limit", "code": "weight", "red_above": 150}]}]}"""


def kg(value: float, code: str = "kg") -> dict[str, object]:
    return {"value": value, "unit": code, "system": "http://unitsofmeasure.org", "code": code}


@pytest.fixture
def odd(server: Server, nurse: Callable[[str], Nurse]) -> Nurse:
    """A centre with all of it, and Kari synced."""
    for logical in ("odd-values", "odd-plan", "two-plans"):
        assert put(server, patient(HOSTILE, logical)) == 201
    assert put(server, plan("cp-a", "odd-values", WATCHES_WEIGHT)) == 201
    assert put(server, plan("cp-b", "odd-plan", "this is not JSON")) == 201
    assert put(server, plan("cp-c", "two-plans", WATCHES_WEIGHT)) == 201
    assert put(server, plan("cp-d", "two-plans", WATCHES_WEIGHT)) == 201
    odd_ones = (
        observation("no-value", "odd-values"),
        observation("stones", "odd-values", valueQuantity=kg(12, "[stone_av]")),
        observation("2099", "odd-values", valueQuantity=kg(80), effectiveDateTime="2099-01-01T07:00:00Z"),
        observation("day", "odd-values", valueQuantity=kg(80), effectiveDateTime="2026-03-02"),
        observation("fine", "odd-values", valueQuantity=kg(80)),
        observation("fine-2", "odd-plan", valueQuantity=kg(80)),
        observation("fine-3", "two-plans", valueQuantity=kg(80)),
    )
    for resource in odd_ones:
        assert put(server, resource) == 201, resource["id"]
    kari = nurse("kari")
    assert kari.run("setup", "--server", server.base).code == 0
    assert kari.run("login", "--user", "kari").code == 0
    synced = kari.run("sync", "--once", "--json")
    assert synced.code == 0, synced.err
    return kari


def test_each_oddity_is_a_technical_item_and_nothing_crashes(odd: Nurse) -> None:
    rows = {row["patient"]: row for row in odd.run("queue", "--json").json}
    no_plan = ("odd-plan", "two-plans")
    assert [rows[each]["band"] for each in no_plan] == ["yellow", "yellow"]
    assert ["no valid plan" in rows[each]["why"] for each in no_plan] == [True, True]
    assert {item["code"] for each in no_plan for item in rows[each]["items"]} == {"technical"}
    values = rows["odd-values"]["items"]
    assert {item["code"] for item in values} == {"technical"}
    assert len(values) >= 2, "the date without a time, and readings that can't be right"
    shown = odd.run("show", "odd-values", "--json").json
    eighty = {each["effective"][:4]: each["plausible"] for each in shown["readings"] if each["value"] == 80}
    assert eighty == {"2026": True, "2099": False}


def test_a_hostile_name_reaches_the_terminal_as_plain_text(odd: Nurse) -> None:
    for command in (("queue",), ("patients",), ("show", "odd-values")):
        ran = odd.run(*command)
        assert ran.code == 0, ran.err
        assert "[/nope]" in ran.out
        assert "\x1b" not in ran.out + ran.err
        assert "\x07" not in ran.out + ran.err
