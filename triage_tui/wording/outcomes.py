"""How an item can end, in words and with the letter that chooses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from triage_tui.wording.language import N_
from triage_tui.wording.language import gettext as _
from triage_tui.wording.safe_text import clean
from work_items.model import Outcome


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """An outcome that a nurse can choose."""

    outcome: Outcome
    letter: str
    word: str
    """A msgid."""
    not_for_red: bool = False


CHOICES: Final = (
    OutcomeWords(Outcome.CONTACTED, "k", N_("contacted")),
    OutcomeWords(Outcome.ADVICE_GIVEN, "r", N_("advice given")),
    OutcomeWords(Outcome.NEW_MEASUREMENT, "m", N_("new measurement")),
    OutcomeWords(Outcome.ESCALATED_GP, "l", N_("escalated to the GP")),
    OutcomeWords(Outcome.ESCALATED_ACUTE, "a", N_("escalated to emergency help")),
    OutcomeWords(Outcome.ADMITTED, "i", N_("admitted to hospital")),
    OutcomeWords(Outcome.PLAN_CHANGE_PROPOSED, "p", N_("plan change proposed")),
    OutcomeWords(Outcome.TECHNICAL_FIXED, "t", N_("technical fault fixed")),
    OutcomeWords(Outcome.FALSE_ALARM, "x", N_("false alarm")),
    OutcomeWords(Outcome.NOT_REACHED, "u", N_("not reached"), not_for_red=True),
    OutcomeWords(Outcome.NO_ACTION, "n", N_("no action needed"), not_for_red=True),
)
"""In the order that the form lists them; `self-resolved` is the judge's alone."""

_WORDS: Final[Mapping[str, str]] = {choice.outcome.value: choice.word for choice in CHOICES} | {
    Outcome.SELF_RESOLVED.value: N_("resolved by itself")
}


def outcome_word(outcome: str) -> str:
    """The outcome of a closed item in words; an unknown one as it is written, cleaned."""
    return _(_WORDS[outcome]) if outcome in _WORDS else clean(outcome)
