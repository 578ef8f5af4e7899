"""What a nurse did, as a word or two: in the outbox, in a conflict, in what was withdrawn with something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from threshold_engine.instants import parse_instant
from triage_tui.wording.dates import when
from triage_tui.wording.language import N_
from triage_tui.wording.language import gettext as _
from triage_tui.wording.outcomes import outcome_word
from triage_tui.wording.safe_text import clean

if TYPE_CHECKING:
    from threshold_engine.model import Instant

_WORDS: Final[Mapping[str, str]] = {
    "take": N_("took the patient"),
    "takeover": N_("took the patient over"),
    "release": N_("gave the patient back"),
    "shelve": N_("put it off"),
    "complete": N_("completed it"),
    "reopen": N_("reopened it"),
    "note": N_("note"),
    "correct": N_("correction"),
    "contact": N_("contact"),
    "message": N_("message"),
    "open": N_("opened the message"),
    "escalate": N_("escalation"),
    "reading": N_("reading told by phone"),
    "reading-error": N_("reading marked as wrong"),
    "pause": N_("pause"),
    "resume": N_("end of the pause"),
}
AWAITING: Final = N_("waiting for a new reading")
_AWAITING_CODE: Final = "awaiting-reading"


def act_word(act: str) -> str:
    """The act in a word or two; one that isn't known as it is written, cleaned."""
    return _(_WORDS[act]) if act in _WORDS else clean(act)


def shelving_reason(reason: str) -> str:
    """Why something was put off, safe to draw."""
    return _(AWAITING) if reason == _AWAITING_CODE else clean(reason)


def act_words(act: str, summary: Mapping[str, str], now: Instant) -> str:
    """`fullførte den: råd gitt`, `utsatte den til i morgen 08:00: venter på ny måling`."""
    word = act_word(act)
    if act == "complete" and "outcome" in summary:
        return f"{word}: {outcome_word(summary['outcome'])}"
    if act == "shelve" and "until" in summary:
        until = when(parse_instant(summary["until"]), now)
        words = _("{act} until {when}").format(act=word, when=until)
        return f"{words}: {shelving_reason(summary.get('reason', ''))}"
    if act == "contact":
        answered = _("got an answer") if summary.get("result") == "reached" else _("no answer")
        return f"{word}: {answered}"
    return word
