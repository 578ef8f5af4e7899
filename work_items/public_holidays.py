"""Norway's public holidays, Sundays as such left out.

Source: lov om helligdager og helligdagsfred § 2 and lov om 1. og 17. mai; a test holds them against the
`holidays` library, which loads every country's and would cost a console 19 MB and 90 ms.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from dateutil.easter import easter

_FIXED: Final = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
"""(month, day): New Year's Day, Labour Day, Constitution Day, Christmas Day and the day after."""
_FROM_EASTER: Final = (-3, -2, 0, 1, 39, 49, 50)
"""Days after Easter Day: Maundy Thursday, Good Friday, Easter Day and Monday, Ascension Day, Whit Sunday and
Monday."""


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year, from 1947 on."""
    moveable = easter(year)
    fixed = (date(year, month, day) for month, day in _FIXED)
    return frozenset({*fixed, *(moveable + timedelta(days) for days in _FROM_EASTER)})
