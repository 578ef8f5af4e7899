"""Every screen, form and tab on a hostile centre, in a real terminal: nothing is obeyed, nothing breaks."""

from __future__ import annotations

import unicodedata

import pyte
import pytest
from attacks import SEEN
from hostile_server import Hostile
from stream import odd_in
from terminal import Terminal

pytestmark = pytest.mark.slow

DOWN, ENTER, ESC, F2, F4, F6, F12 = "\x1b[B", "\r", "\x1b", "\x1bOQ", "\x1bOS", "\x1b[17~", "\x1b[24~"
PASTE = "\x1b[200~a \x1b]0;x\x07 \x9b2J 👩\u200d⚕️\x1b[201~"
FORMS = (("k", "s", ESC), ("n", "[/b]", ESC), ("u", "k", ESC), ("f", ESC), ("?", ESC), ("j", ESC))
MORE_FORMS = (("n", PASTE, ESC), ("l", ESC), ("m", ESC), ("r", ESC), ("x", ESC), ("p", ESC))
TABS = (("2", DOWN), ("T",), ("S",), ("F",), ("3", DOWN), ("4", DOWN), ("5",), ("6",), ("7", ENTER), ("1",))
WALK = (
    *((DOWN,) for _row in range(7)),
    *FORMS,
    ("s", "Č", ESC),
    (":", "ta", ESC, ESC),
    (ENTER,),
    *TABS,
    *MORE_FORMS,
    (F6,),
    *TABS,
    (ESC,),
    ("t",),
    ("n", "x [/nope] Å", F12),
    (F4,),
    (ENTER,),
    (F2,),
)  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_nothing_is_obeyed_and_every_frame_stays_whole(hostile: Hostile, size: tuple[int, int]) -> None:
    columns, rows = size
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    environment = hostile.kari.env() | {"TRIAGE_LANG": "nb", "TRIAGE_PICTURES": "blocks"}
    seen = 0
    with Terminal(["-m", "triage_tui"], columns=columns, rows=rows, **environment) as terminal:
        sent = terminal.until(lambda got: b"fordi" in got and b"hjelp" in got)
        sent += terminal.read(quiet=0.5)
        stream.feed(sent)
        for keys in WALK:
            for key in keys:
                got = terminal.press(key.encode(), quiet=0.08, first=0.3)
                assert b"\x1b[?1049l" not in got, (keys, got.decode()[-900:])
                sent += got
                stream.feed(got)
            shown = "\n".join(screen.display)
            assert "ØVELSE" in screen.display[0], (keys, shown)
            broken = [line for line in screen.display if line.startswith("───") and line[-1] not in "─│┐"]
            assert broken == [], (keys, shown)
            assert unicodedata.is_normalized("NFC", shown), (keys, shown)
            seen += SEEN in shown
        terminal.write(b"\x1b[21~")
        sent += terminal.until(lambda got: b"\x1b[?1049l" in got)
    assert list(odd_in(sent)) == []
    assert seen >= len(WALK) - 6, "the attacks stand on nearly every screen"
