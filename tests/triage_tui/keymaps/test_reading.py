"""A keymap is checked when it is read: what is wrong is said with file, line and both actions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from triage_tui.keymaps.checking import KeymapError
from triage_tui.keymaps.keymap import STANDARD
from triage_tui.keymaps.reading import read_keymap, shipped
from triage_tui.screens.actions import PLACES
from triage_tui.wording import use_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("nb")


def own(folder: Path, text: str) -> dict[str, tuple[str, ...]]:
    (folder / "keymap.toml").write_text(text, encoding="utf-8")
    return dict(read_keymap("own", folder, PLACES).keys)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(KeymapError) as refused:
        own(folder, text)
    return str(refused.value)


def test_actions_get_other_keys_with_or_without_quotes(tmp_path: Path) -> None:
    keys = own(tmp_path, '[keys]\n"patient.note" = "e"\npatient.take = ["F8", "!"]\n')
    assert keys == {"patient.note": ("e",), "patient.take": ("f8", "!")}


def test_two_actions_may_swap_their_keys(tmp_path: Path) -> None:
    keys = own(tmp_path, '[keys]\n"patient.note" = "t"\n"patient.take" = "n"\n')
    assert keys == {"patient.note": ("t",), "patient.take": ("n",)}


@pytest.mark.parametrize("name", shipped())
def test_every_keymap_that_comes_along_can_be_used(name: str, tmp_path: Path) -> None:
    keymap = read_keymap(name, tmp_path, PLACES)
    assert keymap.keys or keymap is STANDARD


def test_a_keymap_can_start_from_one_that_comes_along(tmp_path: Path) -> None:
    keys = own(tmp_path, 'base = "vim"\n[keys]\n"patient.note" = "e"\n')
    assert keys["patient.note"] == ("e",) and keys["list.down"][0] == "j"


def test_a_clash_names_both_actions_and_the_line(tmp_path: Path) -> None:
    said = refusal(tmp_path, '# mine\n[keys]\n"patient.note" = "t"\n')
    assert said == (
        "keymap.toml, line 3: the key t would be both 'patient.take' (Take the patient, or give her back) "
        "and 'patient.note' (Write a note). Give one of them another key."
    )


def test_a_clash_of_two_lines_names_both_lines(tmp_path: Path) -> None:
    said = refusal(tmp_path, '[keys]\n"patient.note" = "y"\n\n"patient.take" = ["f7", "y"]\n')
    assert said.startswith("keymap.toml, line 4 / keymap.toml, line 2: the key y would be both")


@pytest.mark.parametrize(
    "lines",
    [
        '"list.down" = "t"',
        '"app.sync" = "n"',
        '"trend.longer" = "f5"',
        '"app.search" = "g"',
        '"queue.new" = "?"',
    ],
    ids=["list against screen", "app against screen", "screen against app", "app against queue", "signs"],
)
def test_a_clash_between_screen_list_and_app_is_found_too(tmp_path: Path, lines: str) -> None:
    assert "would be both" in refusal(tmp_path, f"[keys]\n{lines}\n")


@pytest.mark.parametrize("screen", ["patient.back", "trend.table", "tab.plan"])
def test_actions_that_are_never_on_one_screen_may_share_a_key(tmp_path: Path, screen: str) -> None:
    assert own(tmp_path, f'[keys]\n"queue.new" = "y"\n"{screen}" = "y"\n')


@pytest.mark.parametrize(
    "key",
    [
        *(f"ctrl+{letter}" for letter in "sqzimhjc"),
        "alt+n",
        "ctrl+enter",
        "tab",
        " ",
        "f13",
        "insert",
        "nn",
        "",
    ],
)
def test_keys_that_terminals_lose_are_refused(tmp_path: Path, key: str) -> None:
    assert f"the key {key!r} isn't delivered" in refusal(tmp_path, f'[keys]\n"patient.note" = "{key}"\n')


def test_an_unknown_action_is_told_with_the_nearest(tmp_path: Path) -> None:
    said = refusal(tmp_path, '[keys]\n"patient.notes" = "e"\n')
    assert said == "keymap.toml, line 2: there is no action 'patient.notes'. Did you mean 'patient.note'?"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[keys\n", "at line 1"),
        ('base = "emacs"\n', "line 1: 'base' isn't understood"),
        ('\n[key]\n"patient.note" = "e"\n', "line 2: 'key' isn't understood"),
        ('[keys]\n"patient.note" = 7\n', "line 2: 'patient.note' isn't understood"),
        ('[keys]\n"patient.note" = []\n', "line 2: 'patient.note' isn't understood"),
        ("keys = 3\n", "line 1: 'keys' isn't understood"),
        ("# " + "x" * 70_000, "can't be read"),
    ],
)
def test_what_is_no_keymap_is_refused_by_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


@pytest.mark.parametrize("name", ["own", "nowhere/keymap.toml", "emacs"])
def test_a_keymap_that_isnt_there_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeymapError):
        read_keymap(name, tmp_path, PLACES)
