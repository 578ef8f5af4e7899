"""What was done, as a line: who, what, and with what answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_tui.wording.contacts import WITH
from triage_tui.wording.dates import when
from triage_tui.wording.language import N_
from triage_tui.wording.language import gettext as _
from triage_tui.wording.outcomes import outcome_word
from triage_tui.wording.safe_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    from threshold_engine.model import Instant

    class Entry(Protocol):
        """What a timeline entry tells (local_store's TimelineEntry, which wording doesn't import)."""

        @property
        def kind(self) -> str: ...
        @property
        def at(self) -> Instant: ...
        @property
        def author(self) -> str | None: ...
        @property
        def text(self) -> str: ...
        @property
        def medium(self) -> str | None: ...
        @property
        def reached(self) -> bool | None: ...
        @property
        def sent(self) -> bool: ...
        @property
        def whom(self) -> str | None: ...
        @property
        def inbound(self) -> bool: ...
        @property
        def id(self) -> str: ...
        @property
        def corrects(self) -> str | None: ...


_KINDS: Final = {
    "note": N_("{who} noted"),
    "message": N_("{who} wrote to the patient"),
    "escalation": N_("{who} escalated"),
    "plan": N_("{who} approved the plan"),
    "pause": N_("{who} paused the follow-up"),
    "resume": N_("{who} resumed the follow-up"),
    "alert": N_("alert"),
    "taken": N_("{who} took the patient"),
    "outcome": N_("{who} completed"),
    "withdrawn": N_("the alert was withdrawn"),
    "wrong-reading": N_("reading marked as wrong"),
}
_TOLD_BY_WHAT_IT_IS_ABOUT: Final = ("alert", "withdrawn", "wrong-reading")
"""Kinds whose own text is a name for the machine."""


ESCALATED: Final = {
    "gp": N_("{who} escalated to the GP"),
    "legevakt": N_("{who} escalated to the emergency clinic"),
    "113": N_("{who} called an ambulance (113)"),
    "next-of-kin": N_("{who} called in the next of kin"),
    "home-care": N_("{who} called in home care"),
}
"""To whom a nurse escalated."""


def _what(entry: Entry, who: str) -> str:
    if entry.kind == "escalation" and entry.whom in ESCALATED:
        return _(ESCALATED[entry.whom]).format(who=who)
    if entry.kind == "message" and entry.inbound:
        return _("message from the patient")
    if entry.kind == "wrong-reading" and entry.author:
        return _("{who} marked a reading as wrong").format(who=who)
    if entry.kind == "outcome" and not entry.author:
        return _("closed")
    if entry.kind != "contact":
        return _(_KINDS.get(entry.kind, N_("{who} noted"))).format(who=who)
    how = _("{who} rang by video") if entry.medium == "video" else _("{who} rang")
    if entry.whom is not None and entry.whom in WITH:
        how = f"{how} ({_(WITH[entry.whom])})"
    answer = {True: _("got an answer"), False: _("no answer"), None: ""}[entry.reached]
    return f"{how.format(who=who)}, {answer}" if answer else how.format(who=who)


def done(entry: Entry, now: Instant) -> str:
    """`i går 13:02 Ola ringte, fikk svar`: without what was said or written."""
    who = clean(entry.author).split(" ")[0] if entry.author else _("somebody")
    return f"{when(entry.at, now)} {_what(entry, who)}"


def corrected_in(entries: Iterable[Entry]) -> frozenset[str]:
    """Ids of the lines that a later one corrects: still to be read, but no longer what counts."""
    return frozenset(entry.corrects for entry in entries if entry.corrects is not None)


def told(entry: Entry, now: Instant, alert: str | None = None, *, corrected: bool = False) -> str:
    """`i går 13:02 Ola ringte, fikk svar: «mer tungpust siden søndag»`.

    `alert`: what an alert was raised for, in words; without it its rule's name is told. `corrected`: whether
    a later line corrects it.
    """
    text = done(entry, now)
    if entry.kind in _TOLD_BY_WHAT_IT_IS_ABOUT:
        return f"{text}: {alert or clean(entry.text)}"
    if entry.kind == "taken":
        return text
    if entry.kind == "outcome":
        text += f": {outcome_word(entry.text)}"
        return f"{text} ({alert})" if alert else text
    if entry.kind == "plan":
        return f"{text} (v{clean(entry.text)})"
    if entry.text.strip():
        text += f": «{clean(entry.text)}»"
    if corrected:
        text += " " + _("(corrected later)")
    elif entry.corrects is not None:
        text += " " + _("(correction)")
    return text if entry.sent else text + " " + _("(not sent)")
