"""The made-up people of a simulated centre."""

from __future__ import annotations

from typing import get_args

from followup_server.simulator.national_id import is_valid
from followup_server.simulator.people import Programme, people


def test_numbers_are_valid_synthetic_and_nobody_shares_one() -> None:
    everybody = people(1, 400)
    assert all(is_valid(person.national_number) for person in everybody)
    assert all(81 <= int(person.national_number[2:4]) <= 92 for person in everybody)
    assert len({person.national_number for person in everybody}) == 400


def test_the_number_agrees_with_birth_date_and_sex() -> None:
    for person in people(2, 100):
        number, born = person.national_number, person.birth_date
        assert (int(number[:2]), int(number[2:4]) - 80) == (born.day, born.month)
        assert int(number[4:6]) == born.year % 100
        assert (int(number[8]) % 2 == 1) == (person.sex == "male")


def test_names_have_the_letters_of_norwegian_and_sami() -> None:
    text = "".join(f"{person.given} {person.family} {person.street}" for person in people(3, 400)).lower()
    assert set("æøåáčđŋšŧž") <= set(text)


def test_nobody_can_be_rung_by_mistake() -> None:
    everybody = people(1, 400)
    phones = [phone for person in everybody for phone in (person.phone, person.kin.phone)]
    assert all(phone.startswith("+47 0") for phone in phones)
    assert len(set(phones)) == len(phones)


def test_the_first_people_of_a_seed_are_the_same_in_a_larger_centre() -> None:
    assert people(5, 30) == people(5, 90)[:30]
    assert people(5, 30) != people(6, 30)


def test_all_programmes_and_warnings_occur() -> None:
    everybody = people(1, 200)
    assert {p.programme for p in everybody} == set(get_args(Programme))
    assert {w for p in everybody for w in p.warnings} == {"lives-alone", "oxygen", "interpreter"}
