"""The trend: gaps stay gaps, limits stand where they were in force, odd readings are marked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from practice_centre import DAY, MILLION, NOW, nils, patient, readings
from rich.cells import cell_len

from local_store.views import LimitSpan, ReadingView
from threshold_engine.model import Level
from triage_tui.widgets.raster import Raster
from triage_tui.widgets.spark import sparkline
from triage_tui.widgets.trend_data import Trend, codes_of, trend_of
from triage_tui.widgets.trend_plot import GUTTER, plot_lines
from triage_tui.widgets.trend_table import table_lines
from triage_tui.wording.dates import local_day

LIMITS = patient(nils()).limits["spo2"]


def spo2(days: int = 30) -> Trend:
    return trend_of(readings(90), "spo2", LIMITS, days, NOW)


def drawn(trend: Trend, width: int = 80, height: int = 20, *, braille: bool = True) -> list[str]:
    return [strip.text for strip in plot_lines(trend, width, height, braille=braille)]


def is_dots(character: str) -> bool:
    return "\u2800" < character <= "\u28ff" or character in "▀▄█"


@pytest.mark.parametrize("size", [(40, 8), (66, 20), (110, 30), (12, 3)])
@pytest.mark.parametrize("days", [7, 30, 90])
@pytest.mark.parametrize("braille", [True, False])
def test_the_plot_fills_its_box(size: tuple[int, int], days: int, braille: bool) -> None:
    width, height = size
    lines = drawn(spo2(days), width, height, braille=braille)
    assert len(lines) == height
    assert {cell_len(line) for line in lines} == {width}


def test_a_day_without_readings_is_a_gap() -> None:
    lines = drawn(spo2(), 127, 20)
    cells_a_day = (127 - GUTTER) / 30
    missing = range(int((30 - 12.8) * cells_a_day), int((30 - 12.2) * cells_a_day))
    assert not any(is_dots(line[GUTTER + column]) for line in lines[:-1] for column in missing)


def test_limits_are_labelled_where_they_were_in_force() -> None:
    lines = drawn(spo2())
    old = next(line for line in lines if "90 gul ↓" in line)
    new = next(line for line in lines if "88 rød ↓" in line)
    half = GUTTER + (80 - GUTTER) // 2
    assert old.index("90 gul") < half < new.index("88 rød")
    assert "─" not in old[-10:] and "━" in new[-10:]


def test_limits_above_point_upwards() -> None:
    span = (LimitSpan(NOW - 60 * DAY, None, yellow_above=110 * MILLION),)
    assert any("110 gul ↑" in line for line in drawn(trend_of(readings(90), "pulse", span, 30, NOW)))


def test_implausible_and_corrected_readings_are_marked_and_the_implausible_not_counted() -> None:
    trend = spo2()
    assert [odd.why for odd in trend.odd] == ["corrected", "implausible"]
    assert min(day.low for day in trend.days) > 80 * MILLION
    text = "".join(drawn(trend)[:-1])
    assert "!" in text and "*" in text


def test_a_struck_out_reading_is_marked_and_not_counted() -> None:
    wrong = ReadingView("x", "spo2", 60 * MILLION, "%", NOW - DAY, NOW, "entered-in-error")
    trend = trend_of([wrong], "spo2", (), 7, NOW)
    assert trend.days == () and trend.odd[0].why == "in-error"
    assert any("x" in line for line in drawn(trend))


def test_the_median_of_a_day() -> None:
    values = [
        replace(readings(1)[0], id=str(i), code="pulse", value=value * MILLION, effective=NOW)
        for i, value in enumerate((70, 80, 120))
    ]
    day = trend_of(values, "pulse", (), 7, NOW).days[0]
    assert (day.low, day.middle, day.high, day.count) == (70 * MILLION, 80 * MILLION, 120 * MILLION, 3)


def test_one_flat_value_can_be_drawn() -> None:
    one = [ReadingView("x", "weight", 80 * MILLION, "kg", NOW, NOW, "final")]
    assert any(is_dots(c) for line in drawn(trend_of(one, "weight", (), 7, NOW)) for c in line)


def test_measures_come_in_their_usual_order_and_text_is_none() -> None:
    odd = ReadingView("x", "consciousness", "A", None, NOW, NOW, "final")
    assert codes_of([*readings(10), odd]) == ["spo2", "pulse", "temperature", "weight"]


def test_the_table_tells_the_same_days_and_the_missing_ones() -> None:
    trend = spo2()
    lines = [strip.text for strip in table_lines(trend, 120)]
    days = [line for line in lines[1:] if "grenser fra" not in line]
    assert len(days) == 30
    assert "tirsdag 03.03.2026" in days[0]
    assert days[12].split()[2:6] == ["–", "–", "–", "0"]
    assert any("45 09:31 usannsynlig" in line for line in lines)


def test_the_table_tells_the_limits_of_each_time_and_what_is_beyond_them() -> None:
    lines = [strip.text.rstrip() for strip in table_lines(spo2(), 120)]
    new = lines.index(" grenser fra 21.02.2026: gul under 92 %, rød under 88 %")
    old = lines.index(" grenser fra 02.01.2026: gul under 90 %, rød under 86 %")
    assert "03.03.2026" in lines[new + 1] and lines[new + 1].endswith("under 88, rød")
    assert "21.02.2026" in lines[old + 1]


def test_where_days_are_wide_each_reading_stands_at_its_time() -> None:
    """Morning and evening are half a day apart; where days are narrow they stand over one another."""
    last = spo2(7).days[-2]
    points = tuple(one for one in spo2(7).points if local_day(one.at) == last.day)
    assert len(points) == 2
    trend = replace(spo2(7), limits=(), odd=(), days=(last,), points=points)

    def columns(width: int) -> set[int]:
        lines = drawn(trend, width, 20)[:-1]
        return {x for line in lines for x, cell in enumerate(line[GUTTER:]) if is_dots(cell)}

    assert len(columns(40)) == 1
    wide = columns(GUTTER + 7 * 24)
    assert 10 <= max(wide) - min(wide) <= 13


@pytest.mark.parametrize("days", [7, 30, 90])
def test_the_cursor_stands_where_its_reading_does(days: int) -> None:
    lines = [strip.text for strip in plot_lines(spo2(days), 120, 12, braille=True, cursor=NOW - 3 * DAY)]
    columns = {line.index("┊") for line in lines if "┊" in line}
    assert len(columns) == 1
    share = (columns.pop() - GUTTER) / (120 - GUTTER)
    assert abs(share - (days - 3.5) / days) < 0.5 / days + 0.02


def test_a_cursor_on_a_day_that_isnt_shown_is_left_out() -> None:
    lines = [strip.text for strip in plot_lines(spo2(7), 80, 12, braille=True, cursor=NOW - 20 * DAY)]
    assert not any("┊" in line for line in lines)


def test_raster_dots_land_in_their_cells() -> None:
    braille, blocks = Raster(2, 1, braille=True), Raster(2, 1, braille=False)
    braille.dot(0, 0)
    braille.dot(3, 3)
    braille.dot(99, 99)
    blocks.dot(1, 1)
    assert [braille.cell(0, 0), braille.cell(1, 0)] == ["⠁", "⢀"]
    assert [blocks.cell(0, 0), blocks.cell(1, 0)] == [" ", "▄"]


def test_sparklines_have_a_dot_for_a_day_without() -> None:
    today = local_day(NOW)
    days = {today.isoformat(): 90, today.replace(day=1).isoformat(): 80}
    assert sparkline(days, today) == "····▁·▇"
    assert sparkline({}, today) == "·······"
    assert sparkline({today.isoformat(): 5}, today) == "······▄"


def test_levels_have_rules_that_differ_without_colour() -> None:
    text = "".join(drawn(spo2()))
    assert "━" in text and "─" in text
    assert Level.RED.word == "red"
