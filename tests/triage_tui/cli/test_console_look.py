"""How a nurse wants her console is kept in a file of her profile's folder that she may write herself."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage_tui.cli.console_look import LookOptions, read_look
from triage_tui.cli.failure import UsageFailure


def test_choices_are_kept_beside_what_the_nurse_wrote_herself(tmp_path: Path) -> None:
    (tmp_path / "console.toml").write_text('# mine\ntheme = "dark"\nkeymap = "vim"\n', encoding="utf-8")
    look = read_look(tmp_path, LookOptions())
    assert (look.theme.name, look.keymap.name, look.low_bandwidth) == ("dark", "vim", None)
    look.keep("theme", "light")
    look.keep("low_bandwidth", True)
    again = read_look(tmp_path, LookOptions(keymap="standard"))
    assert (again.theme.name, again.keymap.name, again.low_bandwidth) == ("light", "standard", True)
    assert (tmp_path / "console.toml").read_text(encoding="utf-8").startswith("# mine\n")


@pytest.mark.parametrize("text", ['theme = "pink"', "theme = 3", 'colour = "x"', "theme ="])
def test_a_choice_that_cannot_be_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "console.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageFailure):
        read_look(tmp_path, LookOptions())
