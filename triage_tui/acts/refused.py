"""An act that can't be done, and what to do instead."""

from __future__ import annotations


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
