"""Lines that repaint only what changed, and text broken between words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from triage_tui.widgets.head_line import Part, fit_parts
from triage_tui.widgets.line_block import changed_width
from triage_tui.widgets.marks import fit, fit_right
from triage_tui.widgets.text_lines import cut, wrap

BOLD = Style(bold=True)
TEXT = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=60)


def strip(*parts: tuple[str, Style | None]) -> Strip:
    return Strip([Segment(text, style) for text, style in parts])


@pytest.mark.parametrize(
    ("old", "new", "cells"),
    [
        (strip(("abc", None)), strip(("abc", None)), 0),
        (strip(("abc", None)), strip(("a", None), ("bc", None)), 0),
        (strip(("abcdef", None)), strip(("aXcdef", None)), 3),
        (strip(("abc", None)), strip(("abc", BOLD)), 3),
        (strip(("abc", None)), strip(("abcd", None)), 4),
        (strip(("王c", None)), strip(("李c", None)), 2),
    ],
)
def test_as_little_as_possible_is_sent(old: Strip, new: Strip, cells: int) -> None:
    assert changed_width(old, new) == cells


@given(TEXT, st.integers(1, 40))
def test_fitting_gives_the_exact_width(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit_right(text, width)) == width


@given(TEXT, st.integers(4, 40))
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrap(text, width))


@given(st.lists(st.text("abcæøåŋ", min_size=1, max_size=8), max_size=20), st.integers(10, 40))
def test_wrapping_loses_no_word(words: list[str], width: int) -> None:
    assert " ".join(wrap(" ".join(words), width)).split() == words


def test_what_is_cut_says_so() -> None:
    assert cut(["one", "two", "three"], 2, 10) == ["one", "two…"]
    assert cut(["one", "two"], 2, 10) == ["one", "two"]
    assert cut(["one"], 0, 10) == []


def test_the_least_kept_part_goes_first() -> None:
    left = [Part("TRIAGE", keep=3), Part("a centre with a long name", keep=1)]
    right = [Part("synk 09:27", keep=9)]
    assert "centre" in fit_parts(left, right, 60).text
    assert fit_parts(left, right, 30).text.split() == ["TRIAGE", "synk", "09:27"]
    assert fit_parts(left, right, 14).text.split() == ["synk", "09:27"]
