"""The NEWS2 sum in words, honest about what isn't known."""

from __future__ import annotations

from triage_tui.wording.language import gettext as _


def news2_words(total: int, known: int) -> str:
    """`NEWS2 5`, or `NEWS2 minst 5 (5 av 7 kjent)` where parameters are missing."""
    if known >= 7:
        return _("NEWS2 {total}").format(total=total)
    return _("NEWS2 at least {total} ({known} of 7 known)").format(total=total, known=known)
