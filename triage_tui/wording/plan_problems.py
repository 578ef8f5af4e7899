"""What is wrong with a patient's plan, in the nurse's words."""

from __future__ import annotations

from typing import Final

from triage_tui.wording.language import N_
from triage_tui.wording.language import gettext as _
from triage_tui.wording.safe_text import clean

_KNOWN: Final = (
    N_("No active plan"),
    N_("More than one active plan: the one changed last is used"),
    N_("The plan can't be read"),
)


def plan_problem(problem: str) -> str:
    """A problem as the cache names it: translated, with what was found behind it as it came."""
    for known in _KNOWN:
        if problem.startswith(known):
            return _(known) + clean(problem[len(known) :])
    return clean(problem)
