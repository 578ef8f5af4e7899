"""Page sizes by what the line bears."""

from __future__ import annotations

from fhir_r4.page_size import PageSizes


def test_before_anything_is_measured_the_usual_size_is_asked_for() -> None:
    assert PageSizes().count("Task", 500) == 500


def test_a_poor_line_gets_small_pages_and_a_good_one_large() -> None:
    sizes = PageSizes()
    sizes.saw("Task", 100, 10.0)
    assert sizes.count("Task", 500) == 50
    assert sizes.count("Patient", 500) == 50, "a new type goes by the slowest"
    sizes.saw("Task", 40, 0.1)
    assert sizes.count("Task", 500) == 500


def test_never_fewer_than_a_few_and_a_nearly_empty_page_says_nothing() -> None:
    sizes = PageSizes()
    sizes.saw("Observation", 20, 60.0)
    assert sizes.count("Observation", 200) == 25
    assert sizes.count("Observation", 10) == 10
    other = PageSizes()
    other.saw("Flag", 1, 5.0)
    assert other.count("Flag", 500) == 500


def test_a_long_way_makes_no_small_pages() -> None:
    sizes = PageSizes()
    sizes.saw("Practitioner", 15, 1.2)
    assert sizes.count("Patient", 500) == 500, "so few say nothing of the line"
    sizes.saw("Task", 100, 0.8)
    assert sizes.count("Task", 500) == 500


def test_what_takes_longer_than_the_way_is_put_down_to_the_line() -> None:
    sizes = PageSizes()
    sizes.saw("Flag", 1, 0.6)
    sizes.saw("Task", 100, 4.6)
    assert sizes.count("Task", 500) == 100
