"""A reading told by phone, or marked as wrong, is known for it on every console, however it came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from triage_tui.acts.measured import read_measured
from triage_tui.acts.reading import reading
from triage_tui.acts.reading_error import reading_error
from triage_tui.chart.read import read_chart
from triage_tui.chart.reading_words import reading_marks
from triage_tui.chart.timeline_words import timeline_lines
from triage_tui.wording import use_language

Make = Callable[..., Any]
NOW = 1_772_526_660_000


@pytest.fixture(autouse=True)
def english() -> Any:
    use_language("en")
    yield
    use_language("nb")


def marks(one: Any, code: str) -> list[list[str]]:
    view, chart = one.store.patient("p1", NOW), read_chart(one.store, "p1", NOW)
    return [reading_marks(each, (), chart) for each in view.readings if each.code == code]


@pytest.mark.parametrize("by", ["console", "elsewhere"], ids=["feed", "search"])
def test_told_by_phone_is_marked_here_at_once_and_everywhere_after(
    request: pytest.FixtureRequest, console: Make, centre: Any, by: str
) -> None:
    kari = console()
    kari.sync()
    reading(kari.store, kari.nurse, "p1", read_measured("bp", "140/90"), NOW)
    assert marks(kari, "bp_sys") == [["told by phone", "not sent"]]
    kari.sync()
    ola = request.getfixturevalue(by)("ola")
    ola.sync()
    for one in (kari, ola):
        one.sync()
        assert marks(one, "bp_sys") == marks(one, "bp_dia") == [["told by phone"]]
        assert marks(one, "spo2") == [[]]


@pytest.mark.parametrize("by", ["console", "elsewhere"], ids=["feed", "search"])
def test_who_marked_a_reading_as_wrong_and_why_is_told(
    request: pytest.FixtureRequest, console: Make, centre: Any, by: str
) -> None:
    kari = console()
    kari.sync()
    wrong = next(one.id for one in kari.store.patient("p1", NOW).readings if one.code == "spo2")
    reading_error(kari.store, kari.nurse, wrong, "kald finger", NOW)
    kari.sync()
    ola = request.getfixturevalue(by)("ola")
    ola.sync()
    for one in (kari, ola):
        one.sync()
        assert marks(one, "spo2") == [["wrong, not used", "«kald finger»"]]
        view, chart = one.store.patient("p1", NOW), read_chart(one.store, "p1", NOW)
        told = [line.text for line in timeline_lines(view, chart, NOW) if "marked a reading" in line.text]
        assert told == ["09:31 Kari marked a reading as wrong: SpO₂ 86 % (08:31): «kald finger»"]
