"""Episodes as JSON and back."""

from pathlib import Path
from typing import Any

import pytest

from threshold_engine import episode_from_json, episode_to_json, load_case, plausible_range, read_plan
from threshold_engine.measures import UNITS

VECTORS = sorted((Path(__file__).parent / "vectors").glob("*.json"))
GOOD: dict[str, Any] = {
    "id": "23edc65a-f855-55eb-81c5-b094b76543f6",
    "patient": "p",
    "rule": "a",
    "onset": "2026-03-02T08:00:00.000Z",
    "level": "red",
    "peak": "red",
    "cleared": None,
    "reason": None,
    "changes": [{"at": "2026-03-02T08:00:00.000Z", "level": "red", "reading": "x"}],
}


def test_every_expected_episode_survives_the_round_trip() -> None:
    for path in VECTORS:
        case: Any = load_case(path.read_bytes())
        for episode in case["expect"]:
            assert episode_to_json(episode_from_json(episode)) == episode


@pytest.mark.parametrize(
    "more",
    [
        {"id": None},
        {"onset": "yesterday"},
        {"level": "blue"},
        {"cleared": "2026-03-02T08:00:00.000Z"},
        {"reason": "reading"},
        {"reason": "boredom", "cleared": "2026-03-02T08:00:00.000Z"},
        {"changes": []},
        {"changes": None},
        {"changes": [5]},
        {"changes": [{"at": "2026-03-02T08:00:00.000Z", "level": "red", "reading": 5}]},
    ],
)
def test_what_is_no_episode_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        episode_from_json(GOOD | more)


@pytest.mark.parametrize("raw", [None, 5, [GOOD]])
def test_what_is_no_object_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match=r"object"):
        episode_from_json(raw)


def test_every_measure_with_a_unit_has_a_plausible_range() -> None:
    assert all(plausible_range(code) is not None for code in UNITS)
    assert plausible_range("fev1") == (200_000, 8_000_000)
    assert plausible_range("mood") is None


def test_plan_tells_what_is_in_force_and_watched() -> None:
    limit = {"id": "l", "kind": "limit", "code": "spo2", "red_below": 88, "label": "oksygen"}
    wait = {"id": "m", "kind": "missing", "codes": ["weight", "spo2"], "every": "P1D"}
    plan = read_plan(
        {
            "patient": "p",
            "versions": [
                {"version": 2, "valid_from": "1970-01-01T00:00:01Z", "rules": [wait]},
                {"version": 1, "valid_from": "1970-01-01T00:00:00Z", "rules": [limit]},
            ],
        }
    )

    assert [version.version for version in plan.versions] == [1, 2]
    assert [plan.codes_watched(at) for at in (-1, 0, 999, 1000)] == [
        frozenset(),
        {"spo2"},
        {"spo2"},
        {"spo2", "weight"},
    ]
    found = plan.rule("l", 0)
    assert found is not None
    assert (found.kind, found.label) == ("limit", "oksygen")
    assert plan.rule("l", 1000) is None
