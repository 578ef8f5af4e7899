"""`triage` without a command, which opens the console: read without the command line's library.

The first screen is to be there almost as soon as an empty one (benchmarks/first_paint.py); loading every
command and its options only to find that none was named would take longer than painting.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_OPTIONS: Final = {
    "--data-dir": "TRIAGE_DATA_DIR",
    "--profile": "TRIAGE_PROFILE",
    "--lang": "TRIAGE_LANG",
    "--keymap": "TRIAGE_KEYMAP",
    "--theme": "TRIAGE_THEME",
}
"""The global options that have a value, and the variables that stand in for them."""
_FLAGS: Final = {
    "--low-bandwidth": ("--low-bandwidth", "yes"),
    "--no-low-bandwidth": ("--low-bandwidth", "no"),
}
"""Those that have none, and what they set."""


def only_global_options(arguments: Sequence[str]) -> dict[str, str] | None:
    """The values of the global options where nothing else is on the command line; none else."""
    found = {option: os.environ[name] for option, name in _OPTIONS.items() if os.environ.get(name)}
    rest = list(arguments)
    while rest:
        option, equals, value = rest.pop(0).partition("=")
        if option in _FLAGS and not equals:
            name, value = _FLAGS[option]
            found[name] = value
            continue
        if option not in _OPTIONS or not (equals or rest):
            return None
        found[option] = value if equals else rest.pop(0)
    return found


def open_by(options: dict[str, str]) -> None:
    """Open the console by these global options. Raises Failure."""
    from triage_tui.cli.console_command import open_console
    from triage_tui.cli.console_look import LookOptions
    from triage_tui.cli.failure import UsageFailure
    from triage_tui.cli.settings import make_settings
    from triage_tui.wording.language import UnknownLanguageError, use_language

    try:
        use_language(options.get("--lang", "nb"))
    except UnknownLanguageError as error:
        raise UsageFailure(str(error)) from None
    folder, low = options.get("--data-dir"), options.get("--low-bandwidth")
    look = LookOptions(options.get("--keymap"), options.get("--theme"), None if low is None else low == "yes")
    open_console(make_settings(Path(folder) if folder else None, options.get("--profile", "default"), look))
