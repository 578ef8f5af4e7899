"""Exact decimals."""

from decimal import Decimal

import pytest

from threshold_engine import scaled, unscaled
from threshold_engine.numbers import divided


@pytest.mark.parametrize(
    ("number", "millionths"),
    [
        (82, 82_000_000),
        (Decimal("82.3"), 82_300_000),
        (Decimal("2.0"), 2_000_000),
        (Decimal("2E+1"), 20_000_000),
        (Decimal("1.0000005"), 1_000_000),
        (Decimal("1.0000015"), 1_000_002),
        (Decimal("1.00000050000000000000000000000000000000000000000000000000000000000001"), 1_000_001),
        (Decimal("-1.0000025"), -1_000_002),
        (Decimal("1E-999999"), 0),
        (Decimal("-0.0"), 0),
        (10**15 - 1, (10**15 - 1) * 1_000_000),
        (Decimal("999999999999999.999999"), 999_999_999_999_999_999_999),
    ],
)
def test_number_is_rounded_half_even_to_six_decimals(number: int | Decimal, millionths: int) -> None:
    assert scaled(number) == millionths


@pytest.mark.parametrize(
    "number",
    [
        10**15,
        -(10**15),
        Decimal("1E15"),
        Decimal("999999999999999.9999995"),
        Decimal("1E+999999"),
        Decimal("NaN"),
        Decimal("Infinity"),
        True,
    ],
)
def test_number_too_big_or_no_number_is_refused(number: int | Decimal) -> None:
    with pytest.raises(ValueError, match="not a number"):
        scaled(number)


def test_difference_is_exact() -> None:
    assert scaled(Decimal("82.3")) - scaled(Decimal("80.3")) == scaled(Decimal("2.0"))


@pytest.mark.parametrize("text", ["82.3", "100", "0", "-0.000001", "2", "999999999999999.999999"])
def test_unscaled_number_has_no_trailing_zeros(text: str) -> None:
    assert str(unscaled(scaled(Decimal(text)))) == text


def test_division_for_showing_rounds_half_even() -> None:
    assert [divided(n, 2) for n in (1, 3, 5, -1, -3)] == [0, 2, 2, 0, -2]
    assert divided(241, 3) == 80
