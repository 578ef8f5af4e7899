"""A plan with anything wrong in it is refused whole, with the place and the reason."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from threshold_engine import CaseError, PlanError, evaluate, evaluate_case, load_case, read_plan

V1 = "2026-03-01T00:00:00Z"
LIMIT: dict[str, object] = {"id": "l", "kind": "limit", "code": "k", "red_above": 5}
CHANGE: dict[str, object] = {"id": "c", "kind": "change", "code": "k", "window": "P1D", "rise_red": 2}
AVERAGE: dict[str, object] = {
    "id": "a",
    "kind": "average",
    "code": "k",
    "window": "P1D",
    "stat": "mean",
    "red_above": 2,
}
TERM: dict[str, object] = {"code": "k", "below": [{"at": 5, "points": 1}]}
TREND: dict[str, object] = {"code": "k", "fall": [{"at": 5, "points": 1}], "baseline": "P7D"}
POINTS: dict[str, object] = {"id": "p", "kind": "points", "terms": [TERM], "yellow_at": 1}
MISSING: dict[str, object] = {"id": "m", "kind": "missing", "codes": ["k"], "every": "P1D"}
SCORE: dict[str, object] = {"id": "s", "kind": "score", "score": "news2", "scale": 1}
ANSWER: dict[str, object] = {"id": "q", "kind": "answer", "code": "k", "yellow": ["yes"]}
COUNT: dict[str, object] = {
    "id": "n",
    "kind": "count",
    "answers": {"k": ["yes"]},
    "window": "P1D",
    "red_at": 1,
}


def plan(*rules: object, **more: object) -> dict[str, object]:
    version = {"version": 1, "valid_from": V1, "rules": list(rules)}
    return {"patient": "p", "versions": [version], "pauses": []} | more


def points(*terms: object) -> dict[str, object]:
    return POINTS | {"terms": list(terms)}


@pytest.mark.parametrize(
    "raw",
    [
        plan(),
        plan(versions=[]),
        {"patient": "p", "versions": [], "pauses": None},
        plan(LIMIT, CHANGE, AVERAGE, POINTS, MISSING, SCORE, ANSWER, COUNT),
        plan(LIMIT | {"note": {"any": ["thing"]}, "label": 7}),
        plan(LIMIT | {"deadband": 1000, "yellow_below": 0, "need": Decimal("2.0"), "of": 3}),
        plan(LIMIT | {"red_abvoe": None}),
        plan(LIMIT | {"yellow_above": 5}),
        plan(LIMIT | {"red_above": -3, "within": "P1D", "spacing": "PT1H", "clear": 3}),
        plan(MISSING | {"every": "PT0S", "grace": "P0D", "red_after": "PT1S"}),
        plan(SCORE | {"required": []}),
        plan(SCORE | {"required": ["spo2", "spo2"], "single": False, "yellow_at": 7}),
        plan(ANSWER | {"red": []}),
        plan(ANSWER | {"yellow": [], "red": ["", True, 3]}),
        plan(points(TREND | {"lag": "P7D"})),
        plan(points({"code": "k", "values": ["x"], "points": 2}, TERM | {"above": None})),
        plan(points(TERM | {"below": [{"at": -5, "points": Decimal("3.0")}]})),
        plan(pauses=[{"from": V1}, {"from": V1, "to": None}, {"from": V1, "to": "2020-01-01T00:00:00Z"}]),
        plan(versions=[{"version": -1, "valid_from": V1, "rules": []}]),
        plan(
            versions=[
                {"version": 1, "valid_from": V1, "rules": [LIMIT]},
                {"version": 1, "valid_from": "2026-03-02T00:00:00Z", "rules": [LIMIT]},
            ]
        ),
    ],
)
def test_allowed_plan_is_read(raw: object) -> None:
    assert read_plan(raw).patient == "p"


RULE = "versions[0].rules[0]"


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (5, ""),
        (None, ""),
        ({"id": "x"}, ".kind"),
        (LIMIT | {"kind": "limits"}, ".kind"),
        (LIMIT | {"kind": "implausible"}, ".kind"),
        (LIMIT | {"kind": ""}, ".kind"),
        (LIMIT | {"id": None}, ".id"),
        (LIMIT | {"id": ""}, ".id"),
        (LIMIT | {"id": 1}, ".id"),
        (LIMIT | {"id": "a/b"}, ".id"),
        (LIMIT | {"id": "implausible:spo2"}, ".id"),
        (LIMIT | {"id": "\ud800"}, ".id"),
        (LIMIT | {"code": None}, ".code"),
        (LIMIT | {"code": ""}, ".code"),
        (LIMIT | {"code": ["k"]}, ".code"),
        (LIMIT | {"red_abvoe": 5}, ".red_abvoe"),
        (LIMIT | {"window": "P1D"}, ".window"),
        (LIMIT | {"at_least": 2}, ".at_least"),
        (LIMIT | {"red_above": None}, ""),
        (LIMIT | {"red_above": "5"}, ".red_above"),
        (LIMIT | {"red_above": True}, ".red_above"),
        (LIMIT | {"red_above": 10**15}, ".red_above"),
        (LIMIT | {"yellow_above": 6}, ".red_above"),
        (LIMIT | {"yellow_below": 2, "red_below": 3}, ".red_below"),
        (LIMIT | {"deadband": -1}, ".deadband"),
        (LIMIT | {"deadband": "1"}, ".deadband"),
        (LIMIT | {"need": 0}, ".need"),
        (LIMIT | {"need": 1.5}, ".need"),
        (LIMIT | {"need": True}, ".need"),
        (LIMIT | {"need": "2"}, ".need"),
        (LIMIT | {"need": 3, "of": 2}, ".need"),
        (LIMIT | {"of": 0}, ".of"),
        (LIMIT | {"clear": 0}, ".clear"),
        (LIMIT | {"within": "PT0S"}, ".within"),
        (LIMIT | {"within": "1 day"}, ".within"),
        (LIMIT | {"within": ""}, ".within"),
        (LIMIT | {"spacing": "P0D"}, ".spacing"),
        (LIMIT | {"spacing": 3600}, ".spacing"),
        (CHANGE | {"window": None}, ".window"),
        (CHANGE | {"window": "PT0S"}, ".window"),
        (CHANGE | {"window": "P1M"}, ".window"),
        (CHANGE | {"rise_red": None}, ""),
        (CHANGE | {"rise_red": 0}, ".rise_red"),
        (CHANGE | {"rise_red": Decimal("0.0000001")}, ".rise_red"),
        (CHANGE | {"fall_yellow": -1}, ".fall_yellow"),
        (CHANGE | {"rise_yellow": 3}, ".rise_red"),
        (CHANGE | {"fall_yellow": 3, "fall_red": 2}, ".fall_red"),
        (CHANGE | {"reference": "mean"}, ".reference"),
        (CHANGE | {"reference": ""}, ".reference"),
        (CHANGE | {"at_least": 0}, ".at_least"),
        (CHANGE | {"red_above": 3}, ".red_above"),
        (AVERAGE | {"stat": None}, ".stat"),
        (AVERAGE | {"stat": "mode"}, ".stat"),
        (AVERAGE | {"at_least": 0}, ".at_least"),
        (AVERAGE | {"red_above": None}, ""),
        (AVERAGE | {"reference": "median"}, ".reference"),
        (AVERAGE | {"yellow_above": 3}, ".red_above"),
        (POINTS | {"terms": None}, ".terms"),
        (POINTS | {"terms": []}, ".terms"),
        (POINTS | {"terms": {}}, ".terms"),
        (POINTS | {"yellow_at": None}, ""),
        (POINTS | {"yellow_at": 0}, ".yellow_at"),
        (POINTS | {"yellow_at": 1.5}, ".yellow_at"),
        (POINTS | {"yellow_at": 3, "red_at": 2}, ".red_at"),
        (POINTS | {"window": "PT0S"}, ".window"),
        (POINTS | {"deadband": -1}, ".deadband"),
        (points(5), ".terms[0]"),
        (points(TERM, TERM | {"code": None}), ".terms[1].code"),
        (points(TERM | {"below": None}), ".terms[0]"),
        (points(TERM | {"above": [{"at": 5, "points": 1}]}), ".terms[0]"),
        (points(TERM | {"below": []}), ".terms[0].below"),
        (points(TERM | {"below": [5]}), ".terms[0].below[0]"),
        (points(TERM | {"below": [{"at": 5}]}), ".terms[0].below[0].points"),
        (points(TERM | {"below": [{"points": 5}]}), ".terms[0].below[0].at"),
        (points(TERM | {"below": [{"at": "5", "points": 1}]}), ".terms[0].below[0].at"),
        (points(TERM | {"below": [{"at": 5, "points": 0}]}), ".terms[0].below[0].points"),
        (points(TERM | {"below": [{"at": 5, "points": 1.5}]}), ".terms[0].below[0].points"),
        (points(TERM | {"below": [{"at": 5, "points": 1, "note": ""}]}), ".terms[0].below[0].note"),
        (points(TERM | {"belov": 5}), ".terms[0].belov"),
        (points(TERM | {"baseline": "P1D"}), ".terms[0].baseline"),
        (points(TERM | {"points": 1}), ".terms[0].points"),
        (points(TREND | {"baseline": None}), ".terms[0].baseline"),
        (points(TREND | {"baseline": "PT12H"}), ".terms[0].lag"),
        (points(TREND | {"lag": "P8D"}), ".terms[0].lag"),
        (points(TREND | {"lag": "PT0S"}), ".terms[0].lag"),
        (points(TREND | {"at_least": 0}), ".terms[0].at_least"),
        (points(TREND | {"points": 1}), ".terms[0].points"),
        (points({"code": "k", "values": ["x"]}), ".terms[0].points"),
        (points({"code": "k", "values": [], "points": 1}), ".terms[0].values"),
        (points({"code": "k", "values": [None], "points": 1}), ".terms[0].values[0]"),
        (points({"code": "k", "values": ["x"], "points": 1, "at_least": 1}), ".terms[0].at_least"),
        (MISSING | {"codes": None}, ".codes"),
        (MISSING | {"codes": []}, ".codes"),
        (MISSING | {"codes": "k"}, ".codes"),
        (MISSING | {"codes": ["k", ""]}, ".codes[1]"),
        (MISSING | {"codes": [5]}, ".codes[0]"),
        (MISSING | {"every": None}, ".every"),
        (MISSING | {"every": "P10001D"}, ".every"),
        (MISSING | {"grace": 5}, ".grace"),
        (MISSING | {"red_after": "PT0S"}, ".red_after"),
        (MISSING | {"grace": "PT2H", "red_after": "PT2H"}, ".red_after"),
        (MISSING | {"need": 1}, ".need"),
        (SCORE | {"score": None}, ".score"),
        (SCORE | {"score": "news"}, ".score"),
        (SCORE | {"scale": None}, ".scale"),
        (SCORE | {"scale": 3}, ".scale"),
        (SCORE | {"scale": "1"}, ".scale"),
        (SCORE | {"scale": True}, ".scale"),
        (SCORE | {"required": ["weight"]}, ".required[0]"),
        (SCORE | {"required": ["spo2", 1]}, ".required[1]"),
        (SCORE | {"required": "spo2"}, ".required"),
        (SCORE | {"single": 1}, ".single"),
        (SCORE | {"yellow_at": 8}, ".red_at"),
        (SCORE | {"red_at": 4}, ".red_at"),
        (SCORE | {"yellow_at": 0}, ".yellow_at"),
        (SCORE | {"window": "PT0S"}, ".window"),
        (ANSWER | {"code": None}, ".code"),
        (ANSWER | {"yellow": None}, ""),
        (ANSWER | {"yellow": []}, ""),
        (ANSWER | {"yellow": [], "red": []}, ""),
        (ANSWER | {"yellow": "yes"}, ".yellow"),
        (ANSWER | {"yellow": ["yes", None]}, ".yellow[1]"),
        (ANSWER | {"red": [10**15]}, ".red[0]"),
        (ANSWER | {"red": [["yes"]]}, ".red[0]"),
        (COUNT | {"answers": None}, ".answers"),
        (COUNT | {"answers": {}}, ".answers"),
        (COUNT | {"answers": {"k": None}}, ".answers"),
        (COUNT | {"answers": ["k"]}, ".answers"),
        (COUNT | {"answers": {"k": []}}, ".answers.k"),
        (COUNT | {"answers": {"k": "yes"}}, ".answers.k"),
        (COUNT | {"answers": {"k": ["yes", {}]}}, ".answers.k[1]"),
        (COUNT | {"window": None}, ".window"),
        (COUNT | {"red_at": None}, ""),
        (COUNT | {"yellow_at": 2}, ".red_at"),
        (COUNT | {"yellow": 2}, ".yellow"),
    ],
)
def test_wrong_rule_is_refused_at_its_place(rule: object, path: str) -> None:
    with pytest.raises(PlanError) as refused:
        read_plan(plan(rule))

    assert refused.value.path == RULE + path
    assert str(refused.value).startswith(f"p: {RULE}{path}: ")


@pytest.mark.parametrize(
    ("raw", "patient", "path"),
    [
        (5, "?", "plan"),
        ({"versions": []}, "?", "patient"),
        (plan(patient=None), "?", "patient"),
        (plan(patient=""), "?", "patient"),
        (plan(patient=5), "?", "patient"),
        (plan(versions=None), "p", "versions"),
        (plan(versions={}), "p", "versions"),
        (plan(versions=[5]), "p", "versions[0]"),
        (plan(version=1), "p", "version"),
        (plan(note="n"), "p", "note"),
        (plan(pauses={}), "p", "pauses"),
        (plan(pauses=[5]), "p", "pauses[0]"),
        (plan(pauses=[{"from": V1, "until": V1}]), "p", "pauses[0].until"),
        (plan(pauses=[{"to": V1}]), "p", "pauses[0].from"),
        (plan(pauses=[{"from": V1, "to": "later"}]), "p", "pauses[0].to"),
        (plan(pauses=[{"from": V1, "to": ""}]), "p", "pauses[0].to"),
        (plan(LIMIT, LIMIT), "p", "versions[0].rules[1].id"),
        (plan(versions=[{"valid_from": V1, "rules": []}]), "p", "versions[0].version"),
        (plan(versions=[{"version": 1.5, "valid_from": V1, "rules": []}]), "p", "versions[0].version"),
        (plan(versions=[{"version": "1", "valid_from": V1, "rules": []}]), "p", "versions[0].version"),
        (plan(versions=[{"version": 1, "rules": []}]), "p", "versions[0].valid_from"),
        (plan(versions=[{"version": 1, "valid_from": "2026", "rules": []}]), "p", "versions[0].valid_from"),
        (plan(versions=[{"version": 1, "valid_from": V1}]), "p", "versions[0].rules"),
        (plan(versions=[{"version": 1, "valid_from": V1, "rules": {}}]), "p", "versions[0].rules"),
        (plan(versions=[{"version": 1, "valid_from": V1, "rules": [], "x": 1}]), "p", "versions[0].x"),
        (plan(versions=[{"version": 1, "valid_from": V1, "rules": []}] * 2), "p", "versions[1].version"),
    ],
)
def test_wrong_plan_is_refused_at_its_place(raw: object, patient: str, path: str) -> None:
    with pytest.raises(PlanError) as refused:
        read_plan(raw)

    assert (refused.value.patient, refused.value.path) == (patient, path)


def test_wrong_rule_in_a_version_that_no_longer_exists_is_refused_too() -> None:
    versions = [
        {"version": 2, "valid_from": V1, "rules": []},
        {"version": 1, "valid_from": V1, "rules": [LIMIT | {"need": 0}]},
    ]
    with pytest.raises(PlanError, match=r"^p: versions\[1\]\.rules\[0\]\.need: "):
        read_plan(plan(versions=versions))


def test_two_plans_of_one_patient_are_refused() -> None:
    with pytest.raises(PlanError, match=r"^p: patient: "):
        evaluate([read_plan(plan()), read_plan(plan())], [], 0)


def test_one_invalid_plan_leaves_no_episode_of_the_others(case: Callable[..., Any]) -> None:
    good = case([LIMIT], [("a", "k", 9, 1)], 2)
    assert len(evaluate_case(good)) == 1

    with pytest.raises(PlanError, match=r"^q: versions\[0\]\.rules\[0\]\.cod: "):
        evaluate_case(good | {"plans": [*good["plans"], plan(LIMIT | {"cod": "k"}, patient="q")]})


def test_plan_can_be_read_for_whom_it_is_really_about() -> None:
    assert read_plan({"versions": []}, patient="q").patient == "q"
    assert read_plan(plan()).with_patient("q").patient == "q"
    with pytest.raises(PlanError, match=r"^q: versions: is missing$"):
        read_plan({"patient": "p"}, patient="q")


@pytest.mark.parametrize(
    "raw",
    [
        {"plans": [], "readings": []},
        {"plans": [], "readings": [], "now": "2026"},
        {"plans": [], "readings": [], "now": 5},
        {"plans": {}, "readings": [], "now": V1},
        {"plans": [], "now": V1},
    ],
)
def test_case_without_its_three_parts_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(CaseError):
        evaluate_case(raw)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": -Infinity}', b"[" * 100_000, b"{'a': 1}"]
)
def test_what_is_not_json_is_refused(text: bytes) -> None:
    with pytest.raises(CaseError, match=r"^not JSON"):
        load_case(text)


def test_member_given_twice_is_refused_in_a_plan_and_makes_a_reading_invalid() -> None:
    text = (
        '{"now": "2026-03-02T00:00:00Z", "plans": [%s], "readings": ['
        '{"id": "a", "patient": "p", "code": "spo2", "value": 9, "value": 8,'
        ' "effective": "2026-03-01T00:00:00Z"}]}'
    )
    version = '{"version": 1, "valid_from": "2026-01-01T00:00:00Z", "rules": []}'
    good = f'{{"patient": "p", "versions": [{version}]}}'
    bad = f'{{"patient": "p", "versions": [{version}], "versions": []}}'

    loaded: Any = load_case((text % good).encode())
    assert evaluate_case(loaded) == []
    loaded = load_case((text % bad).encode())
    with pytest.raises(PlanError, match=r"^p: versions: is given twice$"):
        evaluate_case(loaded)


@pytest.mark.parametrize("number", ["1e99999999999999999999", "9" * 5000, "-1e99999999999999999999"])
def test_reading_with_a_monstrous_number_never_fails_the_case(number: str) -> None:
    text = (
        '{"now": "2026-03-02T00:00:00Z", "plans": [{"patient": "p", "versions": []}], "readings": ['
        f'{{"id": "a", "patient": "p", "code": "k", "value": {number}, "effective": "2026-03-01T00:00:00Z"}},'
        f'{{"id": "b", "version": {number}, "status": "cancelled"}},'
        f'{{"id": "c", "value": {number}, "status": "cancelled"}},'
        '{"id": "c", "value": 1e-99999999999999999999, "status": "cancelled"}]}'
    )
    loaded: Any = load_case(text.encode())

    assert evaluate_case(loaded) == []
