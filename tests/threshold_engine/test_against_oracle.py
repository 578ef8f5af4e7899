"""The engine and a second, plain judge written from the semantics alone agree on everything."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from threshold_engine import evaluate_case, load_case

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from oracle import evaluate  # noqa: E402 - it stands beside this file
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
