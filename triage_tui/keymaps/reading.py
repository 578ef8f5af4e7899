"""Keymaps are TOML: `base` names one to start from, `[keys]` gives actions their keys.

base = "vim"

[keys]
"patient.note" = "e"
"app.search" = ["/", "f3"]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from triage_tui.keymaps.checking import Entry, KeymapError, Named, check
from triage_tui.keymaps.key_names import canonical
from triage_tui.keymaps.keymap import STANDARD, Keymap
from triage_tui.wording import _

OWN_FILE: Final = "keymap.toml"
"""In the profile's folder: the nurse's own."""
_SHIPPED: Final = Path(__file__).parent
_MOST_BYTES: Final = 64 * 1024


def shipped() -> list[str]:
    """Names of the keymaps that come along."""
    return [STANDARD.name, *sorted(file.stem for file in _SHIPPED.glob("*.toml"))]


def read_keymap(name: str, folder: Path, places: Mapping[str, Sequence[Named]]) -> Keymap:
    """The keymap called `name`: one that comes along, a file's path, or `own` for `folder`/keymap.toml.

    `places`: for each screen all actions that hold on it at the same time.

    Raises:
        KeymapError: there is none of that name, or it can't be used; names file and line.
    """
    if name == STANDARD.name:
        return STANDARD
    entries = _entries(_file_of(name, folder))
    check(entries, places)
    return Keymap(name, {action: entry.keys for action, entry in entries.items()})


def _file_of(name: str, folder: Path) -> Path:
    if name == "own":
        return folder / OWN_FILE
    if name in shipped():
        return _SHIPPED / f"{name}.toml"
    if name.endswith(".toml"):
        return Path(name)
    words = _("There is no keymap {name!r}. Choose one of {names}, or the path of a .toml file.")
    raise KeymapError(words.format(name=name, names=", ".join([*shipped(), "own"])))


def _entries(file: Path, *, may_have_base: bool = True) -> dict[str, Entry]:
    """What a file says, on top of what its base says."""
    text = _text(file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KeymapError(_("{file} isn't TOML: {what}").format(file=file.name, what=error)) from None
    base = document.pop("base", STANDARD.name)
    keys = document.pop("keys", {})
    if document:
        raise _said_wrong(file, text, next(iter(document)))
    if not isinstance(keys, dict):
        raise _said_wrong(file, text, "keys")
    entries: dict[str, Entry] = {}
    if base != STANDARD.name:
        if not may_have_base or base not in shipped():
            raise _said_wrong(file, text, "base")
        entries = _entries(_SHIPPED / f"{base}.toml", may_have_base=False)
    for action, value in _flat(keys):
        written = [value] if isinstance(value, str) else value
        if not isinstance(written, list) or not written or not all(isinstance(key, str) for key in written):
            raise _said_wrong(file, text, action)
        source = _where(file, text, action)
        entries[action] = Entry(action, tuple(canonical(key) for key in written), source)
    return entries


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            text = opened.read(_MOST_BYTES + 1)
    except (OSError, UnicodeDecodeError):
        raise KeymapError(_("The keymap {file} can't be read.").format(file=str(file))) from None
    if len(text) > _MOST_BYTES:
        raise KeymapError(_("The keymap {file} can't be read.").format(file=str(file)))
    return text


def _flat(keys: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    """`patient.note = "n"` without quotes is a table in a table: the same is meant."""
    for name, value in keys.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _said_wrong(file: Path, text: str, name: str) -> KeymapError:
    words = _(
        "{where}: {name!r} isn't understood. A keymap has `base`, one of {names}, and `[keys]` with lines "
        'such as "patient.note" = "n".'
    )
    where = _where(file, text, name)
    return KeymapError(words.format(where=where, name=name, names=", ".join(shipped())))


def _where(file: Path, text: str, name: str) -> str:
    """`keymap.toml, line 7`; TOML's reader doesn't tell lines, so it is looked for."""
    wanted = [re.escape(name), re.escape(name.rpartition(".")[2])]
    for pattern in wanted:
        for number, line in enumerate(text.splitlines(), 1):
            if re.match(rf"""\s*\[?["']?{pattern}["']?\s*[=\]]""", line):
                return _("{file}, line {number}").format(file=file.name, number=number)
    return file.name
