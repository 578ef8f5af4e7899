"""How the profile's nurse wants her console: `console.toml` in the profile's folder, and the options over it.

It is read before the store is opened, so it isn't in it; nothing in it is about a patient.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from triage_tui.cli.failure import UsageFailure
from triage_tui.lock.idle import DEFAULT_MIN, LONGEST_MIN
from triage_tui.screens.look import Look
from triage_tui.wording import _

FILE: Final = "console.toml"
_KINDS: Final = {"keymap": str, "theme": str, "low_bandwidth": bool, "lock_after": int}


@dataclass(frozen=True, slots=True)
class LookOptions:
    """What the command line says of it; None where it says nothing."""

    keymap: str | None = None
    theme: str | None = None
    low_bandwidth: bool | None = None


def read_look(folder: Path, options: LookOptions) -> Look:
    """The look of the profile whose folder is given.

    Raises:
        UsageFailure: a theme or keymap that there isn't, or a file that can't be used; names file and line.
    """
    file = folder / FILE
    kept = _read(file) if file.exists() else {}
    low = options.low_bandwidth if options.low_bandwidth is not None else kept.get("low_bandwidth")
    theme = str(options.theme or kept.get("theme") or "terminal")
    keymap = str(options.keymap or kept.get("keymap") or ("own" if _has_own(folder) else "standard"))
    look = _made(folder, keymap, theme, bool(low) if low is not None else None)
    return replace(look, lock_after=_lock_after(kept.get("lock_after", DEFAULT_MIN)))


def _lock_after(minutes: object) -> int:
    if not isinstance(minutes, int) or not 1 <= minutes <= LONGEST_MIN:
        raise UsageFailure(
            _("{file}: `lock_after` is a number of minutes, 1 to {most}.").format(file=FILE, most=LONGEST_MIN)
        )
    return minutes


def _has_own(folder: Path) -> bool:
    return (folder / "keymap.toml").exists()


def _made(folder: Path, keymap: str, theme: str, low_bandwidth: bool | None) -> Look:
    from triage_tui.keymaps.keymap import STANDARD
    from triage_tui.themes.theme import THEMES, theme_named

    chosen = theme_named(theme)
    if chosen is None:
        names = ", ".join(each.name for each in THEMES)
        raise UsageFailure(
            _("There is no theme {name!r}. Choose one of {names}.").format(name=theme, names=names)
        )

    def keep(name: str, value: str | bool) -> None:
        _write(folder / FILE, name, value)

    keys = STANDARD
    if keymap != STANDARD.name:
        from triage_tui.keymaps.checking import KeymapError
        from triage_tui.keymaps.reading import read_keymap
        from triage_tui.screens.actions import PLACES

        try:
            keys = read_keymap(keymap, folder, PLACES)
        except KeymapError as error:
            remedy = _("`--keymap standard` opens the console with the standard keys.")
            raise UsageFailure(f"{error} {remedy}") from None
    return Look(keys, chosen, low_bandwidth, keep=keep)


def _read(file: Path) -> dict[str, object]:
    import tomllib

    wrong = _("{file}: {what}. It may have `keymap`, `theme`, `low_bandwidth` and `lock_after`.")
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageFailure(wrong.format(file=FILE, what=error)) from None
    for name, value in found.items():
        if type(value) is not _KINDS.get(name):
            raise UsageFailure(wrong.format(file=FILE, what=_("{name!r} isn't understood").format(name=name)))
    return found


def _write(file: Path, name: str, value: str | bool) -> None:
    """Change one line, and leave the rest as whoever wrote it has it."""
    written_value = str(value).lower() if isinstance(value, bool) else f'"{value}"'
    line = f"{name} = {written_value}"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    kept = [each for each in lines if not re.match(rf"\s*{name}\s*=", each)]
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(".new")
    written.write_text("\n".join([*kept, line]) + "\n", encoding="utf-8")
    written.replace(file)
