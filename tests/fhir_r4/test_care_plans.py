"""The self-treatment plan is read from a CarePlan, or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from fhir_r4 import systems
from fhir_r4.care_plans import (
    Approval,
    Zone,
    care_plan,
    is_in_force,
    last_changed,
    plan_of,
    with_approvals,
    with_form_mapping,
)
from fhir_r4.errors import BadPlan
from fhir_r4.raw import Raw, with_extension

ENGINE_PLAN: dict[str, object] = {
    "versions": [
        {
            "version": 2,
            "valid_from": "2026-01-01T00:00:00Z",
            "rules": [
                {"id": "spo2", "kind": "limit", "code": "spo2", "red_below": 88},
                {"id": "w", "kind": "change", "code": "weight", "window": "P3D", "rise_red": Decimal("2.10")},
            ],
        }
    ]
}
ZONES = (Zone("green", "Mål daglig.", ""), Zone("red", "Ring senteret.", "Ring pasienten."))


@pytest.fixture
def raw() -> Raw:
    made = care_plan(
        "p1",
        ENGINE_PLAN,
        title="Kols",
        zones=ZONES,
        author="Practitioner/kari",
        contributors=["Practitioner/berg"],
    )
    return {**made, "id": "c1", "meta": {"versionId": "7", "lastUpdated": "2026-03-01T00:00:00Z"}}


def with_plan_text(raw: Raw, text: str) -> Raw:
    return with_extension(raw, systems.ENGINE_PLAN, {"valueString": text})


def test_plan_comes_back(raw: Raw, validated: Callable[[Raw], Raw], now: int) -> None:
    document = plan_of(validated(raw))
    assert (document.reference, document.patient, document.version_id) == ("CarePlan/c1", "p1", "7")
    assert (document.status, document.intent, document.title) == ("active", "plan", "Kols")
    assert (document.author, document.contributors) == ("Practitioner/kari", ("Practitioner/berg",))
    assert document.zones == ZONES
    assert document.plan.patient == "p1"
    assert document.plan.codes_watched(now) == {"spo2", "weight"}
    assert document.plan_json == ENGINE_PLAN


@pytest.mark.parametrize("patient", ['"somebody else"', "17", "null"])
def test_patient_of_the_json_is_ignored(patient: str, raw: Raw) -> None:
    text = f'{{"patient": {patient}, "versions": []}}'
    assert plan_of(with_plan_text(raw, text)).plan.patient == "p1"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not JSON"),
        ("[]", "no JSON object"),
        ('{"versions": [], "versions": []}', "stands twice"),
        ('{"versions": NaN}', "NaN"),
        ('{"versions": [{"version": 1, "valid_from": "2026-01-01", "rules": []}]}', "valid_from"),
        ('{"versions": [], "proposal": {}}', "proposal"),
    ],
)
def test_plan_that_cannot_be_read_says_why(text: str, why: str, raw: Raw) -> None:
    with pytest.raises(BadPlan, match=f"^CarePlan/c1: .*{why}"):
        plan_of(with_plan_text(raw, text))


def test_plan_without_the_extension_is_refused(raw: Raw) -> None:
    with pytest.raises(BadPlan, match="missing"):
        plan_of(with_extension(raw, systems.ENGINE_PLAN, None))


def test_approvals_and_form_mapping_travel_beside_the_plan(
    raw: Raw, validated: Callable[[Raw], Raw], now: int
) -> None:
    approvals = (Approval(2, "Practitioner/berg", now),)
    document = plan_of(validated(with_form_mapping(with_approvals(raw, approvals), {"f/w": "weight"})))
    assert document.approvals == approvals
    assert document.form_mapping == {"f/w": "weight"}


def test_approvals_that_cannot_be_read_approve_nothing(raw: Raw) -> None:
    text = '[{"version": 1}, {"version": 1, "approvedBy": "b", "approvedAt": "yesterday"}, 3]'
    broken = with_extension(raw, systems.ENGINE_PLAN_APPROVALS, {"valueString": text})
    assert plan_of(broken).approvals == ()
    assert (
        plan_of(with_extension(broken, systems.ENGINE_PLAN_APPROVALS, {"valueString": "{"})).approvals == ()
    )


def test_only_an_active_self_treatment_plan_is_in_force(raw: Raw, validated: Callable[[Raw], Raw]) -> None:
    assert is_in_force(raw)
    assert not is_in_force({**raw, "status": "draft"})
    assert not is_in_force({**raw, "status": "entered-in-error"})
    assert not is_in_force(validated(care_plan("p1", ENGINE_PLAN, title="Forslag", proposal=True)))
    other: Raw = {"resourceType": "CarePlan", "status": "active", "intent": "plan", "category": []}
    assert not is_in_force(other)


def test_of_several_the_one_changed_last_comes_first(raw: Raw) -> None:
    def changed(name: str, at: str | None) -> Raw:
        return {**raw, "id": name, "meta": {"lastUpdated": at} if at else {}}

    plans = [
        changed("a", "2026-03-01T10:00:00.000100+00:00"),
        changed("b", "2026-03-01T11:00:00.000200+01:00"),
        changed("c", None),
    ]
    assert [plan["id"] for plan in last_changed(plans)] == ["b", "a", "c"]


def test_cancelled_part_of_a_zone_is_left_out(raw: Raw) -> None:
    activity = {
        "detail": {
            "code": {"coding": [{"system": systems.ZONE, "code": "yellow"}]},
            "status": "cancelled",
            "description": "gammelt",
        }
    }
    activities = raw["activity"]
    assert isinstance(activities, list)
    assert plan_of({**raw, "activity": [*activities, activity]}).zones == ZONES
