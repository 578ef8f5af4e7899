"""Pictures in a terminal: decoded within limits, drawn by kitty's protocol, as sixels or in half blocks.

Imported only when a picture is opened: decoding and drawing cost Pillow and textual-image.
"""

from __future__ import annotations

import fcntl
import io
import os
import struct
import sys
import termios
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Literal, TypeAlias

from PIL import Image as Pillow
from textual.widget import Widget

from triage_tui.wording import N_

Protocol: TypeAlias = Literal["kitty", "sixel", "blocks", "none"]

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
"""What phones and cameras send; of Pillow's many decoders no other is ever fed."""
MOST_PIXELS: Final = 50_000_000
"""A phone's best camera makes as many; more is taken for an attack."""
LARGEST_SHOWN: Final = (1600, 1200)
"""Pixels that a terminal can make something of."""

_WRONG: Final = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    SyntaxError,
    EOFError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    Pillow.DecompressionBombError,
    Pillow.DecompressionBombWarning,
)
"""What Pillow's decoders raise at what isn't, or is no longer, a picture."""
_SIXEL_PROGRAMS: Final = ("WezTerm", "iTerm.app", "mintty", "contour")
_SIXEL_TERMS: Final = ("foot", "mlterm", "contour", "yaft")


class BadPicture(Exception):
    """It is no picture that may be shown; the message is a msgid."""


def decoded(data: bytes) -> Pillow.Image:
    """The picture's first frame in RGB, no larger than can be shown.

    Raises:
        BadPicture: Not a picture of a format we take, broken, or of too many pixels.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Pillow.DecompressionBombWarning)
        try:
            with Pillow.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise BadPicture(N_("The picture has too many pixels to be opened safely."))
                picture.draft("RGB", LARGEST_SHOWN)
                shown = picture.convert("RGB")
        except _WRONG:
            raise BadPicture(N_("This isn't a picture that can be shown, or it is damaged.")) from None
    shown.thumbnail(LARGEST_SHOWN)
    return shown


def protocol(env: Mapping[str, str]) -> Protocol:
    """How this terminal shows pictures, by what it says of itself; `TRIAGE_PICTURES` has the last word.

    It isn't asked: its answer would be taken for keys that the nurse pressed.
    """
    wanted = env.get("TRIAGE_PICTURES", "")
    if wanted in ("kitty", "sixel", "blocks", "none"):
        return wanted  # type: ignore[return-value] # one of the four
    term = env.get("TERM", "")
    if env.get("NO_COLOR") or term in ("", "dumb", "linux"):
        return "none"
    if not env.get("TMUX") and not env.get("STY"):
        if env.get("KITTY_WINDOW_ID") or term in ("xterm-kitty", "xterm-ghostty"):
            return "kitty"
        if term.startswith(_SIXEL_TERMS) or "sixel" in term or env.get("TERM_PROGRAM") in _SIXEL_PROGRAMS:
            return "sixel"
    colours = env.get("COLORTERM") in ("truecolor", "24bit") or "256color" in term
    return "blocks" if colours else "none"


def picture_widget(picture: Pillow.Image, how: Protocol) -> Widget:
    """A widget that draws `picture`; `how` isn't `none`."""
    with _terminal_left_alone():
        from textual_image.widget import HalfcellImage, SixelImage, TGPImage  # noqa: PLC0415 - see the module
    if how == "kitty":
        return TGPImage(picture)
    return SixelImage(picture) if how == "sixel" else HalfcellImage(picture)


@contextmanager
def _terminal_left_alone() -> Iterator[None]:
    """textual-image asks the terminal when it is imported, and would read the answer before Textual could.

    Without a standard output it asks nothing, and takes the size of a cell from the environment.
    """
    width, height = _cell_pixels()
    before = sys.__stdout__
    os.environ["TEXTUAL_CELL_WIDTH"], os.environ["TEXTUAL_CELL_HEIGHT"] = str(width), str(height)
    sys.__stdout__ = io.StringIO()  # type: ignore[misc,assignment] # for as long as the import takes
    try:
        yield
    finally:
        sys.__stdout__ = before  # type: ignore[misc]
        del os.environ["TEXTUAL_CELL_WIDTH"], os.environ["TEXTUAL_CELL_HEIGHT"]


def _cell_pixels() -> tuple[int, int]:
    """Pixels of a cell as the terminal told the kernel; those of a VT340 where it didn't."""
    try:
        packed = fcntl.ioctl(2, termios.TIOCGWINSZ, bytes(8))
    except OSError:
        packed = bytes(8)
    rows, columns, across, down = struct.unpack("HHHH", packed)
    if rows and columns and across and down:
        return max(1, across // columns), max(1, down // rows)
    return 10, 20
