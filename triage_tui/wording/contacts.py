"""Contacts in words: with whom, and what next when nobody answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from triage_tui.wording.language import N_
from triage_tui.wording.language import gettext as _

WITH: Final[Mapping[str, str]] = {
    "gp": N_("with the GP"),
    "next-of-kin": N_("with the next of kin"),
    "home-nurse": N_("with the home nurse"),
    "hospital": N_("with the hospital"),
    "group": N_("in a group"),
}
"""With whom a contact was, where not with the patient alone; msgids."""

_PROPOSES_AFTER: Final = 2


def unanswered_words(tries: int) -> str:
    """What to do after the second attempt in a row that reached nobody; nothing before."""
    if tries < _PROPOSES_AFTER:
        return ""
    words = _(
        "No answer {n} times in a row. Try the next of kin, home care, the emergency clinic or 113,"
        " as the plan says."
    )
    return words.format(n=tries)
