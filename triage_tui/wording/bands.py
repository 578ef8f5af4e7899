"""Bands and levels: word, shape and marks first, colour only as a help."""

from __future__ import annotations

from typing import Final

from threshold_engine.model import Level
from triage_tui.wording.language import N_
from triage_tui.wording.language import gettext as _
from work_items.model import Band

_BAND_WORDS: Final = {Band.RED: N_("RED"), Band.YELLOW: N_("YELLOW"), Band.BLUE: N_("BLUE")}
_BAND_SIGNS: Final = {Band.RED: "■ !!!", Band.YELLOW: "▲ !! ", Band.BLUE: "● !  "}
_LEVEL_WORDS: Final = {Level.RED: N_("RED"), Level.YELLOW: N_("YELLOW"), Level.GREEN: N_("GREEN")}
_LEVEL_SIGNS: Final = {Level.RED: "■ !!!", Level.YELLOW: "▲ !! ", Level.GREEN: "     "}
_IN_SENTENCE: Final = {Level.RED: N_("red"), Level.YELLOW: N_("yellow"), Level.GREEN: N_("green")}


def band_word(band: Band) -> str:
    """`RØD`, `GUL`, `BLÅ`."""
    return _(_BAND_WORDS[band])


def band_sign(band: Band) -> str:
    """Shape and marks, five cells wide: `■ !!!`."""
    return _BAND_SIGNS[band]


def level_word(level: Level) -> str:
    """`RØD`, `GUL`, `GRØNN`."""
    return _(_LEVEL_WORDS[level])


def level_sign(level: Level) -> str:
    """Shape and marks, five cells wide; blank for green."""
    return _LEVEL_SIGNS[level]


def level_in_sentence(level: Level) -> str:
    """`rød`, `gul`, `grønn`, inside a sentence."""
    return _(_IN_SENTENCE[level])
