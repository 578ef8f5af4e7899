"""The queue's columns give way in their order, and never the band's word or the reason."""

from __future__ import annotations

import pytest

from triage_tui.widgets.queue_columns import columns_for


@pytest.mark.parametrize("width", range(80, 260))
def test_columns_fill_the_width_exactly(width: int) -> None:
    assert columns_for(width).total == width
    assert columns_for(width, as_of=9).total == width


def test_the_trend_goes_first_then_the_owner_then_the_programme() -> None:
    wide, middle, narrow = columns_for(120), columns_for(112), columns_for(80)
    assert (wide.trend, wide.owner, wide.programme) == (7, 9, 9)
    assert middle.trend == 0 and middle.owner > 3 and middle.programme == 9
    assert (narrow.trend, narrow.owner, narrow.programme) == (0, 3, 0)
    assert narrow.reason >= 28


def test_an_old_queue_says_so_in_each_row_even_when_narrow() -> None:
    assert columns_for(80, as_of=9).as_of == 9
