"""Text from outside does nothing, and says so where something was taken out."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from triage_tui.wording import clean, safe
from triage_tui.wording.safe_text import escaped


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
        ("👩\u200d⚕️ ❤️\u200d🔥 👍🏽 1️⃣", "👩⚕ ❤🔥 👍 1"),
        ("🇳🇴", "NO"),
        ("می\u200cخواهم", "می\u200cخواهم"),
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


@given(st.text(st.sampled_from("aÅ漢👩👨⚕❤🔥👍🏽🏻🇳🇴1\u200d\ufe0f\ufe0e\u20e3\u0301")))
def test_it_is_as_wide_for_whoever_counts_signs_as_for_whoever_joins_them(text: str) -> None:
    """Terminals of both sorts are in use; a row that is wider than it was reckoned breaks the frame."""
    shown = clean(text)
    assert cell_len(shown) == sum(cell_len(sign) for sign in shown)


@given(st.text())
def test_json_means_the_same_with_what_does_something_escaped(text: str) -> None:
    written = escaped(json.dumps({"text": text}, ensure_ascii=False))
    assert json.loads(written) == {"text": text}
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in written)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
