"""National identity numbers of the synthetic series."""

from __future__ import annotations

from datetime import date

import pytest

from followup_server.simulator.national_id import check_digits, is_valid, synthetic


def test_check_digits_follow_the_two_weighted_sums() -> None:
    # By hand: 3·0+7·1+6·0+1·1+8·7+9·0+4·1+5·0+2·0 = 68, so k1 = 9 (68+9 = 7·11);
    # 5·0+4·1+3·0+2·1+7·7+6·0+5·1+4·0+3·0+2·9 = 78, so k2 = 10: no such number.
    assert check_digits("010170100") is None


def test_a_number_with_one_wrong_digit_is_refused() -> None:
    number = synthetic(date(1951, 3, 2), "female", 17)
    for place in range(11):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert not is_valid(wrong)


@pytest.mark.parametrize("sex", ["female", "male"])
def test_synthetic_numbers_tell_date_and_sex_and_have_month_plus_80(sex: str) -> None:
    for start in range(0, 300, 7):
        number = synthetic(date(1944, 12, 31), sex, start)  # type: ignore[arg-type]
        assert is_valid(number)
        assert number[:6] == "319244"
        assert int(number[8]) % 2 == (sex == "male")


def test_people_born_from_2000_get_the_later_series() -> None:
    assert int(synthetic(date(2003, 5, 17), "male", 0)[6:9]) >= 500


def test_not_a_number_at_all_is_refused() -> None:
    assert not is_valid("")
    assert not is_valid("0101701000")
    assert not is_valid("０１８１７０１２３４５")


def test_from_2032_the_first_check_may_leave_one_two_or_three() -> None:
    nine = "018170001"
    found = [
        f"{nine}{first}{second}"
        for first in range(10)
        for second in range(10)
        if is_valid(f"{nine}{first}{second}", issued_from_2032=True)
    ]
    assert 1 < len(found) <= 4


def test_a_year_without_a_series_is_refused_with_a_remedy() -> None:
    with pytest.raises(ValueError, match="1900 to 2039"):
        synthetic(date(1850, 1, 1), "female", 0)
