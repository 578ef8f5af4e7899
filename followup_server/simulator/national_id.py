"""Norwegian national identity numbers: check digits, and numbers of the synthetic series.

Source: Skatteetaten's rules for the fødselsnummer. Eleven digits: day, month, year (two digits each), an
individual number of three digits whose last is odd for men, and two check digits by modulus 11. Numbers of
the synthetic population ("Tenor") have 80 added to the month, so that none can belong to a living person.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
SYNTHETIC_MONTH = 80

Sex = Literal["female", "male"]


def check_digits(nine: str) -> str | None:
    """The two check digits of date and individual number; None where the nine digits have none.

    A remainder that would need the digit 10 makes the individual number unusable, not the check digit 0.
    """
    first = _check_digit(nine, FIRST_WEIGHTS)
    if first is None:
        return None
    second = _check_digit(nine + first, SECOND_WEIGHTS)
    return None if second is None else first + second


def is_valid(number: str, *, issued_from_2032: bool = False) -> bool:
    """Whether the eleven digits agree with their check digits.

    `issued_from_2032`: from that year the first check may also leave the remainder 1, 2 or 3.
    """
    if len(number) != 11 or not (number.isascii() and number.isdecimal()):
        return False
    remainders = (0, 1, 2, 3) if issued_from_2032 else (0,)
    first = _weighted_sum(number[:9], FIRST_WEIGHTS) + int(number[9])
    second = _weighted_sum(number[:10], SECOND_WEIGHTS) + int(number[10])
    return first % 11 in remainders and second % 11 == 0


def synthetic(birth_date: date, sex: Sex, start: int) -> str:
    """A number of the synthetic series for that day of birth and sex.

    `start` (any integer) says where in the day's individual numbers to begin looking, so that people born on
    one day can be given different numbers. Raises ValueError where no series covers the year of birth.
    """
    numbers = [n for n in _individual_numbers(birth_date.year) if n % 2 == (sex == "male")]
    day = f"{birth_date.day:02d}{birth_date.month + SYNTHETIC_MONTH}{birth_date.year % 100:02d}"
    for step in range(len(numbers)):
        nine = f"{day}{numbers[(start + step) % len(numbers)]:03d}"
        digits = check_digits(nine)
        if digits is not None:
            return nine + digits
    raise ValueError(f"no synthetic number left for {birth_date}: choose another day of birth")


def _individual_numbers(year: int) -> range:
    if 1900 <= year <= 1999:
        return range(500)
    if 2000 <= year <= 2039:
        return range(500, 1000)
    raise ValueError(f"no series of individual numbers for {year}: choose a year from 1900 to 2039")


def _weighted_sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _check_digit(digits: str, weights: tuple[int, ...]) -> str | None:
    digit = -_weighted_sum(digits, weights) % 11
    return None if digit == 10 else str(digit)
