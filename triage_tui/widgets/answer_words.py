"""What the server answered to an act, in the nurse's language: the outbox keeps it in English."""

from __future__ import annotations

from triage_tui.sync.answers import read
from triage_tui.wording import _, clean
from triage_tui.wording.bands import band_word
from triage_tui.wording.outcomes import outcome_word
from work_items.model import Band, Outcome

_BANDS = {band.word: band for band in Band}
_OUTCOMES = {outcome.value for outcome in Outcome}


def answer_words(text: str) -> str:
    """The outbox's sentence translated; what it quotes is made safe to print."""
    answer = read(text)
    told = {name: clean(_told(name, fact)) for name, fact in answer.facts.items()}
    return _(answer.message_id).format(**told)


def _told(name: str, fact: str) -> str:
    if name == "band" and fact in _BANDS:
        return band_word(_BANDS[fact])
    if name == "outcome" and fact in _OUTCOMES:
        return outcome_word(fact)
    return fact
