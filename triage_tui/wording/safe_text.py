"""The one door between text from outside and the screen.

Names, notes, answers and server messages are written by others. A terminal obeys control characters, and
Textual reads a `str` as markup, so such text first loses every character that does something, and is then
drawn as `Content`, which is never parsed. What was taken out leaves a visible sign: the reader sees that
the text was odd.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.content import Content

REPLACED: Final = "�"

# Bidi controls, line and paragraph separators, BOM, interlinear marks, surrogates, tags: they move, hide or
# reverse what stands beside them. The non-joiner (U+200C) stays, since scripts need it; other zero-width and
# filler characters go, since they make two names look like one.
_DOES_SOMETHING: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LINE_BREAK: Final = re.compile("\r\n|\r|\n|\x85|\u2028|\u2029")
# Terminals disagree about how wide these make the signs around them, and a row that is wider than it was
# reckoned breaks the frame: the joiner of faces and letters, skin tones, emoji and keycap selectors, flags.
_WIDTH_IN_DOUBT: Final = re.compile("[\u200d\ufe0e\ufe0f\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")
_FLAG_A: Final = 0x1F1E6
_MOST_MARKS: Final = 4
"""Combining marks on one letter that are believed: no living orthography needs more."""


def _sign_for(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)  # ␛ for escape: shows what stood there
    return "␡" if code == 0x7F else REPLACED


def _plainly_wide(match: re.Match[str]) -> str:
    """The letter that a half of a flag stands for; of all else nothing, the signs it joins stay."""
    letter = ord(match.group()) - _FLAG_A
    return chr(ord("A") + letter) if 0 <= letter < 26 else ""


def _fewer_marks(text: str) -> str:
    """`text` with at most a few combining marks in a row: a tower of them hides the lines around it."""
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def clean(text: str, *, multiline: bool = False) -> str:
    """`text` in NFC, without any character that does something; one line unless `multiline`.

    Line breaks become `\\n` where `multiline`, else a space; a tab becomes a space. C0 controls become
    their pictures (␛), other controls, bidi overrides and invisible fillers become `�`. Joined emoji stand
    one by one and flags as letters, so that the text is as wide on every terminal.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _WIDTH_IN_DOUBT.sub(_plainly_wide, unicodedata.normalize("NFC", text))
    lines = [_DOES_SOMETHING.sub(_sign_for, line.replace("\t", " ")) for line in _LINE_BREAK.split(text)]
    return _fewer_marks(("\n" if multiline else " ").join(lines))


def escaped(written: str) -> str:
    """JSON with every character that does something as JSON's own escape, so that its meaning stays."""
    return _DOES_SOMETHING.sub(_as_escape, written)


def _as_escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def safe(text: str, *, multiline: bool = False) -> Content:
    """`text` cleaned and as `Content`, which Textual draws as it stands."""
    from textual.content import Content  # noqa: PLC0415 - the commands say words without loading Textual

    return Content(clean(text, multiline=multiline))
