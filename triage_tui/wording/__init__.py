"""What is said to the nurse: languages, names of measures, dates, numbers and reasons in words.

Bokmål by default; the msgids are English. Nothing here draws: text from outside goes to the screen by
`safe_text.safe` only.
"""

from triage_tui.wording.language import N_, language, ngettext, pgettext, use_language
from triage_tui.wording.language import gettext as _
from triage_tui.wording.reasons import reason, why
from triage_tui.wording.safe_text import clean, safe

__all__ = ["N_", "_", "clean", "language", "ngettext", "pgettext", "reason", "safe", "use_language", "why"]
