"""A row says the same whatever the name is made of, and lines up by cells."""

from __future__ import annotations

from dataclasses import replace

import pytest
from practice_centre import HOUR, NOW, nils, others, person
from rich.cells import cell_len

from triage_tui.widgets.queue_row import Scene, head_strip, row_strip
from triage_tui.wording import use_language
from triage_tui.wording.bands import band_word

SCENE = Scene(NOW, NOW)
NAMES = [
    "Hansen, Nils",
    "Čáhppesčearru-Ŋuorvu, Bierŋa Đđŧž",
    "A\u030angstro\u0308m, C\u030ca\u0301hppe",  # decomposed
    "王小明, 李",
    "Ola [/nope] \x1b]0;x\x07",
    "\u202eabc\u0000",
    "",
]


@pytest.mark.parametrize("width", [80, 100, 120, 180])
@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_as_wide_as_the_list(name: str, width: int) -> None:
    entry = replace(nils(), person=person("p1", name, "1954-01-13"))
    strip = row_strip(entry, SCENE, SCENE.columns(width), cursor=False)
    assert strip.cell_length == cell_len(strip.text) == width
    assert not {"\x1b", "\x07", "\u202e", "\x00"} & set(strip.text)


def test_the_reason_begins_in_the_same_cell_for_every_name() -> None:
    columns = SCENE.columns(120)

    def start(name: str) -> int:
        entry = replace(nils(), person=person("p1", name, "1954-01-13"))
        text = row_strip(entry, SCENE, columns, cursor=False).text
        return cell_len(text[: text.index("SpO₂")])

    assert {start(name) for name in NAMES} == {start("Hansen, Nils")}


def test_band_has_shape_marks_and_word() -> None:
    texts = [row_strip(e, SCENE, SCENE.columns(80), cursor=False).text for e in [nils(), *others()]]
    assert "■ !!! RØD" in texts[0]
    assert "▲ !!  GUL" in texts[2]
    assert "● !   BLÅ" in texts[4]


def test_a_take_that_the_server_has_not_confirmed_has_a_question_mark() -> None:
    taken = others()[1]
    assert row_strip(taken, SCENE, SCENE.columns(120), cursor=False).text.rstrip().endswith("Kari?")
    assert row_strip(taken, SCENE, SCENE.columns(80), cursor=False).text.endswith("Ka?")


def test_rows_of_an_old_queue_say_how_old() -> None:
    old = Scene(NOW, NOW - 5 * HOUR)
    assert "pr. 04:31" in row_strip(nils(), old, old.columns(120), cursor=False).text
    assert "pr. 04:31" in row_strip(nils(), old, old.columns(80), cursor=False).text


@pytest.mark.parametrize("width", [80, 120])
def test_the_head_lines_up_with_the_rows(width: int) -> None:
    columns = SCENE.columns(width)
    head = head_strip(columns).text
    row = row_strip(nils(), SCENE, columns, cursor=False).text
    assert cell_len(head) == width
    assert head.index("pasient") == row.index("Hansen")
    assert head.index("varsel") == row.index("SpO₂")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_gap_stands_between_the_band_and_the_name_in_every_language(language: str) -> None:
    use_language(language)
    try:
        rows = [(e, row_strip(e, SCENE, SCENE.columns(80), cursor=False).text) for e in (nils(), *others())]
        for entry, text in rows:
            assert f"{band_word(entry.row.band)} " in text
            assert cell_len(text) == 80
    finally:
        use_language("nb")
