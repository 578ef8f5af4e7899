"""Numbers as the nurse reads them."""

from __future__ import annotations

import pytest

from triage_tui.wording import use_language
from triage_tui.wording.measures import value_with_unit
from triage_tui.wording.numbers import number, rounded, signed


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (86_000_000, 0, "86"),
        (82_300_000, 0, "82,3"),
        (2_000_000, 1, "2,0"),
        (37_950_000, 1, "37,95"),
        (-1_400_000, 1, "−1,4"),
        (1, 0, "0,000001"),
    ],
)
def test_numbers_are_shown_as_written(value: int, decimals: int, shown: str) -> None:
    assert number(value, decimals) == shown


def test_english_has_a_decimal_point() -> None:
    use_language("en")
    assert number(82_300_000) == "82.3"


def test_a_mean_is_never_rounded_onto_the_limit_that_it_crossed() -> None:
    assert rounded(135_040_000, 0, beside=135_000_000) == "135,04"
    assert rounded(138_333_333, 0, beside=135_000_000) == "138"
    assert rounded(135_000_000, 0, beside=135_000_000) == "135"


def test_changes_carry_their_sign() -> None:
    assert (signed(2_600_000, 1), signed(-1_400_000, 1)) == ("+2,6", "−1,4")


def test_values_carry_their_unit() -> None:
    assert value_with_unit("spo2", 86_000_000) == "86 %"
    assert value_with_unit("temperature", 37_900_000) == "37,9 °C"
    assert value_with_unit("pulse", 112_000_000) == "112"
    assert value_with_unit("breathlessness", True) == "ja"
    assert value_with_unit("consciousness", "A\x1b") == "A␛"
