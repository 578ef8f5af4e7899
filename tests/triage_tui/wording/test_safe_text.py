"""Text from outside does nothing, and says so where something was taken out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage_tui.wording import clean, safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nils Hansen", "Nils Hansen"),
        ("Máret Čáhppesčearru Ŋuorvu Đđ Ŧŧ Žž æøå", "Máret Čáhppesčearru Ŋuorvu Đđ Ŧŧ Žž æøå"),
        ("Ola\x1b]0;PWNED\x07", "Ola␛]0;PWNED␇"),
        ("a\x9b31mb", "a�31mb"),
        ("\u202eABC", "�ABC"),
        ("a\u2066b\u2069", "a�b�"),
        ("a\x7fb\x00c", "a␡b␀c"),
        ("line\r\none\ntwo\ttab", "line one two tab"),
        ("[red]x[/red] [@click=app.bell]y[/]", "[red]x[/red] [@click=app.bell]y[/]"),
        ("zero\u200bwidth\ufeff", "zero�width�"),
        ("tag\U000e0041", "tag�"),
        ("lone\ud800", "lone�"),
    ],
)
def test_what_is_shown_of_odd_text(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_letters_are_composed() -> None:
    assert clean(unicodedata.normalize("NFD", "Čáhppesčearru Åse")) == "Čáhppesčearru Åse"


def test_line_breaks_stay_where_lines_are_wanted() -> None:
    assert clean("a\r\nb\rc\u2028d\x1b", multiline=True) == "a\nb\nc\nd␛"


def test_a_tower_of_marks_is_cut() -> None:
    assert len(clean("Z" + "\u0335" * 200)) < 10


def test_markup_is_drawn_as_it_stands() -> None:
    content = safe("Ola [/nope] [bold]x[/] \x1b")
    assert content.plain == "Ola [/nope] [bold]x[/] ␛"
    assert content.spans == []


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = clean(text)
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
