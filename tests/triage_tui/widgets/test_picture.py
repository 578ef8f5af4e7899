"""Pictures: decoded within limits, hostile ones refused, and a terminal that isn't asked."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

import triage_tui
from triage_tui.widgets.picture import LARGEST_SHOWN, BadPicture, decoded, protocol


def encoded(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_what_phones_send_is_decoded(kind: str) -> None:
    picture = decoded(encoded(kind))
    assert (picture.size, picture.mode) == ((40, 30), "RGB")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "I;16"])
def test_every_kind_of_colour_ends_as_rgb(mode: str) -> None:
    assert decoded(encoded("PNG", mode=mode)).mode == "RGB"


def test_a_large_picture_is_made_as_small_as_can_be_shown() -> None:
    picture = decoded(encoded("PNG", (4000, 2000), "L"))
    assert picture.width <= LARGEST_SHOWN[0]
    assert picture.width == 2 * picture.height


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encoded("BMP"),
        encoded("TIFF"),
        encoded("PPM"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run",
        encoded("PNG")[:50],
        encoded("JPEG")[:200],
        bomb(30_000, 30_000),
        bomb(8_000, 8_000),
        bomb(0, 5),
    ],
    ids=["nothing", "svg", "bmp", "tiff", "ppm", "eps", "torn-png", "torn-jpeg", "bomb", "large", "flat"],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused(data: bytes) -> None:
    with pytest.raises(BadPicture):
        decoded(data)


@pytest.mark.parametrize(
    ("env", "how"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "sixel"),
        ({"TERM": "tmux-256color", "TMUX": "/x", "KITTY_WINDOW_ID": "1"}, "blocks"),
        ({"TERM": "xterm-256color"}, "blocks"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "blocks"),
        ({"TERM": "vt100"}, "none"),
        ({"TERM": "linux"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
        ({"TERM": "vt100", "TRIAGE_PICTURES": "sixel"}, "sixel"),
        ({"TERM": "xterm-256color", "TRIAGE_PICTURES": "nonsense"}, "blocks"),
        ({}, "none"),
    ],
)
def test_how_a_terminal_shows_pictures_follows_from_what_it_says_of_itself(
    env: dict[str, str], how: str
) -> None:
    assert protocol(env) == how


@pytest.mark.parametrize("how", ["kitty", "sixel", "blocks"])
def test_no_widget_asks_the_terminal_anything(how: str) -> None:
    code = f"""
import io, sys
class Terminal(io.StringIO):
    isatty = lambda self: True
sys.__stdout__ = asked = Terminal()
from PIL import Image
from triage_tui.widgets.picture import picture_widget
picture_widget(Image.new("RGB", (8, 6)), {how!r})
print(repr(asked.getvalue()), sys.__stdout__ is asked)
"""
    root = Path(triage_tui.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "'' True"
