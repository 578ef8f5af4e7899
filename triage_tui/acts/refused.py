"""An act that can't be done, and what to do instead."""

from __future__ import annotations

from triage_tui.acts import sentences
from work_items import Refusal


class ActRefused(Exception):
    """Nothing was saved. `message_id` is an English sentence with `{facts}` to fill in.

    Callers translate `message_id` with gettext and fill it with `facts`; `str()` gives the English.
    Facts are text or instants (`…_at`, `…_until`: milliseconds UTC) as they were found, not yet safe to
    draw.
    """

    def __init__(self, message_id: str, /, **facts: str | int) -> None:
        super().__init__(message_id.format(**facts))
        self.message_id = message_id
        self.facts = facts


def of_refusal(refusal: Refusal, *, shelving: bool = False) -> ActRefused:
    """What the rules of work items say no to; some say the same of completing and of shelving."""
    if shelving and refusal.reason == "red-needs-contact":
        return ActRefused(sentences.RED_NOT_SHELVED)
    facts: dict[str, str | int] = {} if refusal.latest is None else {"latest_at": refusal.latest}
    return ActRefused(sentences.BY_REASON[refusal.reason], **facts)
