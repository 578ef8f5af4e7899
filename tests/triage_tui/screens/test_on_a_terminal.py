"""What goes over the line to a real terminal: few bytes, no operating system commands, nothing while idle."""

from __future__ import annotations

import os
import signal
import statistics
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest
from terminal import Terminal

from triage_tui.themes.theme import THEMES

pytestmark = pytest.mark.slow

CONSOLE = str(Path(__file__).parent / "console_on_pty.py")
DOWN, HOME, ENTER, F10 = b"\x1b[B", b"\x1b[H", b"\r", b"\x1b[21~"


def ready(sent: bytes) -> bool:
    return b"fordi" in sent and b"hjelp" in sent


@pytest.fixture(scope="module")
def long_queue() -> Iterator[Terminal]:
    """One console on 5,000 rows for all tests that measure."""
    with Terminal([CONSOLE, "5000"]) as terminal:
        terminal.until(ready)
        terminal.read(quiet=0.4)
        yield terminal


@pytest.fixture
def at_the_top(long_queue: Terminal) -> Terminal:
    """The same, with the cursor on the first row."""
    long_queue.press(DOWN, quiet=0.1)
    long_queue.press(HOME, quiet=0.3)
    return long_queue


def test_moving_the_cursor_in_five_thousand_rows_costs_at_most_600_bytes(at_the_top: Terminal) -> None:
    costs = [len(at_the_top.press(DOWN, quiet=0.3)) for _ in range(12)]
    assert min(costs) > 0
    assert max(costs) <= 600


def test_opening_a_patient_costs_at_most_40_kilobytes_and_a_tab_at_most_12(at_the_top: Terminal) -> None:
    assert 0 < len(at_the_top.press(ENTER, quiet=0.8)) <= 40_000
    for tab in b"2345671":
        assert 0 < len(at_the_top.press(bytes([tab]), quiet=0.5)) <= 12_000
    assert len(at_the_top.press(b"2", quiet=0.5)) <= 12_000
    moved = [len(at_the_top.press(DOWN, quiet=0.3)) for _ in range(4)]
    assert max(moved) <= 6_000
    at_the_top.press(b"\x1b", quiet=0.8)


def test_scrolling_costs_little_more_on_average(at_the_top: Terminal) -> None:
    costs = [len(at_the_top.press(DOWN, quiet=0.07)) for _ in range(60)]
    assert statistics.median(costs) <= 600
    assert statistics.mean(costs) <= 900


def test_a_changed_row_costs_at_most_300_bytes(at_the_top: Terminal) -> None:
    sent = at_the_top.signal(signal.SIGUSR1)
    row = sent[sent.index(b"\x1b[6;1H") :]
    assert b"79 %" in row
    assert len(row) <= 300


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES[1:]])
def test_the_limits_hold_in_every_theme(theme: str) -> None:
    with Terminal([CONSOLE, "300", theme]) as terminal:
        terminal.until(ready)
        terminal.read(quiet=0.4)
        assert max(len(terminal.press(DOWN, quiet=0.3)) for _ in range(4)) <= 600
        terminal.press(HOME, quiet=0.3)
        changed = terminal.signal(signal.SIGUSR1)
        assert b"79 %" in changed and len(changed) <= 600
        assert len(changed[changed.index(b"\x1b[6;1H") :]) <= 300
        assert 0 < len(terminal.press(ENTER, quiet=0.6)) <= 40_000
        assert 0 < len(terminal.press(b"2", quiet=0.4)) <= 20_000


def test_idle_nothing_is_sent_but_the_minutes() -> None:
    with Terminal([CONSOLE, "500", "ticking"]) as terminal:
        shown = terminal.until(ready)
        shown += terminal.read(quiet=0.1)
        minute = terminal.until(lambda sent: b"09:32" in shown + sent)
        minute += terminal.read(quiet=0.8)  # the rows are read in a thread
        assert len(minute) <= 2_000
        assert terminal.read(quiet=0.8) == b""


def test_a_spared_line_is_sent_the_pane_only_when_the_cursor_rests() -> None:
    with Terminal([CONSOLE, "500", "sparing"]) as terminal:
        terminal.until(ready)
        start = terminal.read(quiet=0.4)
        assert b"\x1b[6n" not in start
        run = terminal.press(DOWN * 12, quiet=0.3, first=10.0)
        run += terminal.until(lambda sent: b"fordi" in sent or b"fordi" in run)
        run += terminal.read(quiet=0.6)
        assert len(run) <= 12 * 150 + 2 * 600
        assert run.count(b"fordi") <= 2


def test_a_slow_line_is_noticed_by_when_the_terminal_answers_and_sparing_it_proposed() -> None:
    with Terminal([CONSOLE, "30"]) as terminal:
        terminal.until(lambda sent: b"\x1b[6n" in sent)
        terminal.read(quiet=0.5)  # a line that takes half a second
        said = terminal.press(b"\x1b[6;1R", quiet=0.4)
        assert b"Linja er treg" in said
        assert b"kontakt" in terminal.press(DOWN, quiet=0.4), "the keys are back with the next key"


def test_a_quick_line_is_left_alone() -> None:
    with Terminal([CONSOLE, "30"]) as terminal:
        terminal.until(lambda sent: b"\x1b[6n" in sent)
        terminal.write(b"\x1b[6;1R")
        assert b"treg" not in terminal.read(quiet=0.5)


def test_the_terminals_own_cursor_stands_on_the_chosen_row() -> None:
    """Screen readers, magnifiers and braille displays go by it, also where it is hidden."""
    screen = pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)

    def follows(sent: bytes) -> bool:
        screen.reset()
        stream.feed(sent)
        return screen.cursor.x == 0 and screen.display[screen.cursor.y].startswith("▌")

    with Terminal([CONSOLE, "200"]) as terminal:
        sent = terminal.until(lambda got: ready(got) and follows(got))
        rows = [screen.cursor.y]
        for keys in (DOWN, DOWN, b"\x1b[6~", b"\x1b[F", HOME, b"n\x1b", DOWN, ENTER + b"\x1b"):
            before = sent
            terminal.write(keys)
            sent += terminal.until(lambda got, before=before: bool(got) and follows(before + got))
            sent += terminal.read(quiet=0.15)
            assert follows(sent), keys
            rows.append(screen.cursor.y)
    assert rows[:3] == [rows[0], rows[0] + 1, rows[0] + 2]
    assert rows[5] == rows[6] == rows[0] and rows[7] == rows[8] == rows[0] + 1


def test_nothing_is_sent_while_nothing_happens_not_even_with_a_form_open(at_the_top: Terminal) -> None:
    """A cursor that blinks would show within half a second; a draft is saved before."""
    for keys in (b"", b"n", b"ks", b"s", b":"):
        for key in keys:
            at_the_top.press(bytes([key]), quiet=1.5)
        assert at_the_top.read(quiet=0.8) == b""
        if keys:
            at_the_top.press(b"\x1b", quiet=0.3)


def test_odd_names_send_no_operating_system_commands() -> None:
    with Terminal([CONSOLE, "3", "odd"], columns=80, rows=24) as terminal:
        sent = terminal.until(ready)
        for key in (
            DOWN,
            b"n",
            b"x",
            b"\x1b",
            b"s",
            b"O",
            b"\x1b",
            ENTER,
            b"2",
            b"3",
            b"4",
            b"5",
            b"6",
            b"7",
            b"?",
            b"\x1b",
            F10,
        ):
            sent += terminal.press(key, quiet=0.15, first=1.0)
    assert b"[/nope]" in sent
    assert b"\x1b]" not in sent
    assert b"\x07" not in sent


def test_without_colour_the_words_and_shapes_stand() -> None:
    with Terminal([CONSOLE, "30"], columns=80, rows=24, NO_COLOR="1") as terminal:
        sent = terminal.until(ready) + terminal.read(quiet=0.4)
    screen = pyte.Screen(80, 24)
    pyte.ByteStream(screen).feed(sent)
    assert any("■ !!! RØD" in line for line in screen.display)
    colours = {cell.fg for line in screen.buffer.values() for cell in line.values()}
    assert colours == {"default"}


LEFT_CLEAN = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?2004l")
"""The usual screen, the cursor, no mouse, no marked pasting."""


@pytest.mark.parametrize(
    ("end", "code"),
    [(F10, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGUSR2, 1)],
    ids=["F10", "SIGTERM", "SIGHUP", "crash"],
)
def test_the_terminal_is_left_as_it_was_found_however_the_console_ends(
    end: bytes | signal.Signals, code: int
) -> None:
    with Terminal([CONSOLE, "3"], columns=80, rows=24) as terminal:
        before = terminal.modes()
        sent = terminal.until(ready)
        assert b"\x1b[?1049h" in sent
        assert terminal.modes() != before, "no line editing while the console runs"
        if isinstance(end, bytes):
            terminal.write(end)
        else:
            os.kill(terminal.pid, end)
        sent = terminal.until(lambda got: b"\x1b[?1049l" in got) + terminal.read(quiet=0.3)
        assert terminal.exit_code() == code
        assert all(sequence in sent for sequence in LEFT_CLEAN)
        assert terminal.modes() == before
    assert b"Hansen" not in sent[sent.index(b"\x1b[?1049l") :]


def test_the_console_ends_when_its_terminal_is_closed() -> None:
    with Terminal([CONSOLE, "3"], columns=80, rows=24) as terminal:
        terminal.until(ready)
        terminal.close()
        assert terminal.exit_code() == 129


def test_what_is_pasted_is_text_and_no_keys() -> None:
    pasted = "\x1b[200~ta henne, f12 kf\nog én linje til\x1b[201~".encode()
    screen = pyte.Screen(120, 40)
    with Terminal([CONSOLE, "30"], columns=120, rows=40) as terminal:
        sent = terminal.until(ready) + terminal.press(b"n", quiet=0.3) + terminal.press(pasted, quiet=0.4)
    pyte.ByteStream(screen).feed(sent)
    shown = "\n".join(screen.display)
    assert "ta henne, f12 kf" in shown and "og én linje til" in shown and "Notat" in shown


def test_keys_that_come_in_one_bunch_are_taken_in_their_order() -> None:
    """A whole note, from the letter that opens the form to esc, as a slow link brings it; then its draft."""
    text = "Ringte datter, tungpust, tett i brystet og trøtt"
    screen = pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)

    def the_second_note(sent: bytes) -> bool:
        screen.reset()
        stream.feed(sent)
        shown = "\n".join(screen.display)
        return text in shown and "Čáhppesčearru, Liv 1 · 85 år" in shown

    with Terminal([CONSOLE, "30"], columns=120, rows=40) as terminal:
        before = terminal.until(ready)
        terminal.write(b"n" + text.encode() + b"\x1b[24~" + DOWN + b"n" + text.encode())
        terminal.until(lambda sent: the_second_note(before + sent))
    assert "tatt av" not in "\n".join(screen.display), "no letter of a note was taken for a key"
