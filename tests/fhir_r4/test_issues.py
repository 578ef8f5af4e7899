"""An alert's evidence: an episode as DetectedIssue and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fhir_r4 import systems
from fhir_r4.errors import BadElement
from fhir_r4.issues import episode_of, is_ours, is_undone, issue_of, rule_of, withdrawn
from fhir_r4.raw import Raw, with_extension
from threshold_engine.identity import episode_id
from threshold_engine.model import Change, Episode, Level


@pytest.fixture
def episode(now: int) -> Episode:
    return Episode(
        id=episode_id("p1", "spo2-low", now),
        patient="p1",
        rule="spo2-low",
        onset=now,
        level=Level.YELLOW,
        peak=Level.RED,
        cleared=None,
        reason=None,
        changes=(
            Change(now, Level.RED, "Observation/o1#spo2"),
            Change(now + 1, Level.YELLOW, "urn:dev|m-2"),
        ),
    )


def codes(raw: Raw) -> list[tuple[object, object]]:
    concept = raw["code"]
    assert isinstance(concept, dict)
    return [(coding["system"], coding.get("code")) for coding in concept["coding"]]


def test_new_issue_says_what_the_spec_asks(episode: Episode, validated: Callable[[Raw], Raw]) -> None:
    raw = validated(
        issue_of(episode, kind="limit", codes=["spo2"], references={"urn:dev|m-2": "Observation/9"})
    )
    assert raw["identifier"] == [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{episode.id}"}]
    assert (raw["status"], raw["severity"]) == ("preliminary", "high")
    assert raw["identifiedDateTime"] == "2026-03-03T09:30:00.000Z"
    assert raw["patient"] == {"reference": "Patient/p1"}
    assert raw["implicated"] == [{"reference": "Observation/o1"}, {"reference": "Observation/9"}]
    assert codes(raw) == [(systems.ALERT_CODE, "5.2.1"), (systems.RULE, "spo2-low")]
    assert rule_of(raw) == "spo2-low"
    assert is_ours(raw)


def test_episode_comes_back(episode: Episode) -> None:
    assert episode_of(issue_of(episode, kind="limit")) == episode
    cleared = replace(
        episode,
        cleared=episode.onset + 2,
        reason="reading",
        changes=(*episode.changes, Change(episode.onset + 2, Level.GREEN, "x")),
    )
    raw = issue_of(cleared, kind="limit", current=issue_of(episode, kind="limit"))
    assert raw["status"] == "final"
    assert episode_of(raw) == cleared


@pytest.mark.parametrize(
    ("kind", "watched", "code"),
    [
        ("limit", ["spo2"], "5.2.1"),
        ("score", [], "5.2.1"),
        ("limit", ["phq-9/q9"], "5.2.2"),
        ("answer", ["copd/q1"], "5.2.2"),
        ("count", ["copd/q1"], "5.2.2"),
        ("missing", ["weight"], "5.3.2"),
        ("missing", ["copd/q1"], "5.3.1"),
        ("implausible", ["spo2"], "5"),
    ],
)
def test_alert_code_by_kind(
    kind: str, watched: list[str], code: str, episode: Episode, validated: Callable[[Raw], Raw]
) -> None:
    raw = validated(issue_of(episode, kind=kind, codes=watched))
    assert codes(raw)[0] == (systems.ALERT_CODE, code)


def test_technical_is_low_and_says_so(episode: Episode, validated: Callable[[Raw], Raw]) -> None:
    technical = replace(episode, rule="implausible:spo2", peak=Level.YELLOW)
    raw = validated(issue_of(technical, kind="implausible", codes=["spo2"]))
    assert raw["severity"] == "low"
    assert isinstance(raw["code"], dict)
    assert raw["code"]["text"]


def test_missing_names_the_measure_by_its_loinc_code(
    episode: Episode, validated: Callable[[Raw], Raw]
) -> None:
    missing = replace(episode, changes=(Change(episode.onset, Level.YELLOW, None),), peak=Level.YELLOW)
    watched = ["weight", "loinc.org|2160-0", "copd/q1"]
    raw = validated(issue_of(missing, kind="missing", codes=watched))
    assert raw["severity"] == "moderate"
    assert raw["implicated"] == [
        {"identifier": {"system": systems.CODE, "value": "copd/q1"}},
        {"identifier": {"system": "http://loinc.org", "value": "2160-0"}},
        {"identifier": {"system": "http://loinc.org", "value": "29463-7"}},
    ]


def test_reading_whose_resource_is_unknown_is_named_by_its_identifier(episode: Episode) -> None:
    changes = tuple(Change(episode.onset, Level.RED, reading) for reading in ("urn:dev|a#b#bp_sys", "r1#q.1"))
    raw = issue_of(replace(episode, changes=changes), kind="limit")
    assert raw["implicated"] == [
        {"type": "Observation", "identifier": {"system": "urn:dev", "value": "a#b"}},
        {"reference": "QuestionnaireResponse/r1"},
    ]


@pytest.mark.parametrize("rule", ["for  mange mellomrom ", "å/", " "])
def test_rule_id_that_is_no_fhir_code_is_shown(
    rule: str, episode: Episode, validated: Callable[[Raw], Raw]
) -> None:
    raw = validated(issue_of(replace(episode, rule=rule), kind="limit"))
    assert rule_of(raw) == rule


def test_update_keeps_what_we_do_not_know(episode: Episode) -> None:
    current = {**issue_of(episode, kind="limit", codes=["spo2"]), "id": "d1", "note": "x", "meta": {}}
    assert issue_of(episode, kind=None, current=current) == current


def test_published_identity_wins_over_the_json(episode: Episode) -> None:
    raw = issue_of(episode, kind="limit")
    raw["identifier"] = [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:published"}]
    found = episode_of(raw)
    assert found is not None
    assert found.id == "published"


def test_withdrawn_refers_to_the_same_one(episode: Episode, validated: Callable[[Raw], Raw]) -> None:
    raw = validated(withdrawn(issue_of(episode, kind="limit"), "abc"))
    assert is_undone(raw)
    assert {"url": systems.REPLACED_BY, "valueUri": "urn:uuid:abc"} in raw["extension"]  # type: ignore[operator]


def test_issue_of_somebody_else_carries_no_episode() -> None:
    assert episode_of({"resourceType": "DetectedIssue", "status": "final"}) is None


def test_episode_that_cannot_be_read_is_a_typed_error(episode: Episode) -> None:
    raw = with_extension(issue_of(episode, kind="limit"), systems.ENGINE_EPISODE, {"valueString": "{}"})
    with pytest.raises(BadElement):
        episode_of(raw)
