"""Every example of the semantics, each judged and compared whole."""

from pathlib import Path

import pytest

from threshold_engine import evaluate_case, load_case

VECTORS = sorted((Path(__file__).parent / "vectors").glob("*.json"))


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_example_is_answered_to_the_letter(path: Path) -> None:
    case = load_case(path.read_bytes())
    assert isinstance(case, dict)

    assert evaluate_case(case) == case["expect"]


def test_there_are_examples() -> None:
    assert len(VECTORS) >= 104
