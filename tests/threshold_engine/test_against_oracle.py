"""The engine and a second, plain judge written from the semantics alone agree on everything."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from threshold_engine import PlanError, evaluate_case, load_case, read_plan

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from damaged_plans import DamagedPlans  # noqa: E402 - they stand beside this file
from oracle import evaluate, loads  # noqa: E402
from oracle_plans import plan as is_plan  # noqa: E402
from random_cases import Cases  # noqa: E402

VECTORS = sorted((HERE / "vectors").glob("*.json"))


def engine(text: str) -> list[dict[str, Any]]:
    case = load_case(text.encode())
    assert isinstance(case, dict)
    return evaluate_case(case)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_second_judge_answers_the_examples(path: Path) -> None:
    text = path.read_text("utf-8")

    assert evaluate(text) == json.loads(text)["expect"]


@pytest.mark.parametrize("seed", range(10))
def test_random_cases_are_judged_alike(seed: int) -> None:
    cases = Cases(seed)
    judged = 0
    for _ in range(60):
        text = cases.text()
        expected = evaluate(text)
        assert engine(text) == expected, text
        judged += bool(expected)

    assert judged > 30, "the cases are to raise something"


def accepted(text: str) -> bool:
    try:
        read_plan(load_case(text.encode()))
    except PlanError:
        return False
    return True


@pytest.mark.parametrize("seed", range(5))
def test_damaged_plans_are_refused_alike(seed: int) -> None:
    plans = DamagedPlans(seed)
    refused = 0
    for _ in range(100):
        text = plans.text()
        valid = is_plan(loads(text))
        assert accepted(text) == valid, text
        refused += not valid

    assert 20 < refused < 100, "some are to be refused, some not"
