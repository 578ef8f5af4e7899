"""Norway's public holidays against the library that knows every country's."""

from __future__ import annotations

import holidays

from work_items.public_holidays import public_holidays


def test_the_days_are_those_that_the_library_knows() -> None:
    for year in range(1950, 2100):
        assert public_holidays(year) == frozenset(holidays.country_holidays("NO", years=year)), year
