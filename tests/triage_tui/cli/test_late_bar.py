"""A bar that shows itself only to somebody who waits."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from triage_tui.cli.late_bar import late_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("seconds", "drawn"), [((0.0, 0.4, 0.9), False), ((0.0, 0.4, 1.1), True)])
def test_it_is_drawn_after_a_second(
    seconds: tuple[float, ...], drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    passing: Iterator[float] = iter(seconds)

    with late_bar("Reading", lambda: next(passing)) as show:
        show(1, 3)
        show(2, 3)

    assert ("Reading" in terminal.getvalue()) is drawn


def test_nothing_is_drawn_into_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    late = iter([0.0, 5.0, 9.0])
    with late_bar("Reading", lambda: next(late)) as show:
        show(1, 2)
    assert capsys.readouterr().err == ""
