"""What is said to the nurse: languages, names of measures, dates, numbers and reasons in words.

Bokmål by default; the msgids are English. Nothing here draws: text from outside goes to the screen by
`safe_text.safe` only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_tui.wording.language import N_, language, ngettext, pgettext, use_language
from triage_tui.wording.language import gettext as _
from triage_tui.wording.safe_text import clean, safe

if TYPE_CHECKING:
    from triage_tui.wording.reasons import reason, why

__all__ = ["N_", "_", "clean", "language", "ngettext", "pgettext", "reason", "safe", "use_language", "why"]


def __getattr__(name: str) -> object:
    """`reason` and `why` load the engine's types: not before the first paint."""
    if name not in ("reason", "why"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from triage_tui.wording import reasons  # noqa: PLC0415 - see above

    return getattr(reasons, name)
