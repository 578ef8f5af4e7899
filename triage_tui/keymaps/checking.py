"""Whether a keymap can be used: known actions, dependable keys, and no key that means two things at once.

Textual's own check looks at one widget at a time, and only at what a keymap names: it misses a key that a
screen and the list on it share, and then whoever comes first takes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from triage_tui.keymaps.key_names import canonical, is_dependable, shown_key
from triage_tui.wording import _


class Named(Protocol):
    """What a keymap has to know of an action."""

    @property
    def id(self) -> str:
        """Its name in keymaps."""

    @property
    def keys(self) -> str:
        """Its standard keys as Textual names them, with commas."""

    @property
    def help(self) -> str:
        """What it does, a msgid."""


class KeymapError(Exception):
    """A keymap can't be used; `str()` names file, line, and what to change."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a keymap says of one action."""

    action: str
    keys: tuple[str, ...]
    """Canonical names."""
    source: str
    """`keymap.toml, line 7`."""


def check(entries: Mapping[str, Entry], places: Mapping[str, Sequence[Named]]) -> None:
    """Refuse a keymap that can't be used.

    `places`: for each screen all actions that hold on it at the same time.

    Raises:
        KeymapError: an action that there isn't, a key that terminals lose, or two actions with one key.
    """
    known = {action.id for actions in places.values() for action in actions}
    for entry in entries.values():
        _check_entry(entry, known)
    for actions in places.values():
        _check_place(entries, actions)


def _check_entry(entry: Entry, known: Iterable[str]) -> None:
    if entry.action not in known:
        near = get_close_matches(entry.action, list(known), 1)
        words = _("{where}: there is no action {action!r}.").format(where=entry.source, action=entry.action)
        if near:
            words += " " + _("Did you mean {action!r}?").format(action=near[0])
        raise KeymapError(words)
    for key in entry.keys:
        if not is_dependable(key):
            words = _(
                "{where}: the key {key!r} isn't delivered by every terminal. Use a letter or another "
                "character, an F-key, enter, esc, an arrow, pageup, pagedown, home or end."
            )
            raise KeymapError(words.format(where=entry.source, key=key))


def _check_place(entries: Mapping[str, Entry], actions: Sequence[Named]) -> None:
    holder: dict[str, Named] = {}
    for action in actions:
        entry = entries.get(action.id)
        for key in entry.keys if entry else standard_keys(action):
            other = holder.setdefault(key, action)
            if other.id != action.id:
                raise _clash(key, other, action, entries)


def _clash(key: str, one: Named, other: Named, entries: Mapping[str, Entry]) -> KeymapError:
    where = [entries[action.id].source for action in (one, other) if action.id in entries]
    words = _(
        "{where}: the key {key} would be both {one!r} ({one_words}) and {other!r} ({other_words}). "
        "Give one of them another key."
    )
    return KeymapError(
        words.format(
            where=" / ".join(where) or _("standard keys"),
            key=shown_key(key),
            one=one.id,
            one_words=_(one.help),
            other=other.id,
            other_words=_(other.help),
        )
    )


def standard_keys(action: Named) -> tuple[str, ...]:
    """Canonical names of an action's standard keys."""
    return tuple(canonical(key) for key in action.keys.split(","))
