"""Names of keys: as they are written in a keymap, as Textual names them, as the nurse reads them.

Only keys that every terminal delivers may be used: printable characters, F-keys, enter, esc, arrows, page up
and down, home and end, and ctrl with a letter that isn't another key (ctrl+i is tab, ctrl+m and ctrl+j enter,
ctrl+h backspace) or taken by the line (ctrl+s, ctrl+q, ctrl+z) or by the console (ctrl+c).
"""

from __future__ import annotations

from string import punctuation
from typing import Final

from textual.keys import _character_to_key

_F_KEYS: Final = {f"f{n}": f"F{n}" for n in range(1, 13)}
_NAMED: Final = {
    "enter": "enter",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "home",
    "end": "end",
    "space": "space",
    **_F_KEYS,
}
_ALSO: Final = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown"}
_SIGNS: Final = {_character_to_key(sign): sign for sign in punctuation}
"""Textual's names of signs: `question_mark`."""
_CTRL_LETTERS: Final = frozenset("abdefgklnoprtuvwxy")


def canonical(key: str) -> str:
    """A key by the name that a keymap has for it: `question_mark` is `?`.

    `key`: as it was written, or as Textual names it.
    """
    if len(key) == 1:
        return key
    name = key.lower()
    name = _ALSO.get(name, name)
    return _SIGNS.get(name, name)


def is_dependable(key: str) -> bool:
    """Whether every terminal delivers a key, given by its canonical name."""
    if len(key) == 1:
        return key.isprintable() and not key.isspace()
    modifier, plus, letter = key.partition("+")
    return key in _NAMED or (modifier == "ctrl" and bool(plus) and letter in _CTRL_LETTERS)


def is_special(key: str) -> bool:
    """Whether it is a key that some terminals or desktops keep to themselves, and not a plain character."""
    return key != "space" and (len(key) > 1 or not key.isascii())


def shown_key(key: str) -> str:
    """As the nurse reads it on the screen: `F5`, `esc`, `→`, `−`."""
    return "−" if key == "-" else _NAMED.get(key, key)
