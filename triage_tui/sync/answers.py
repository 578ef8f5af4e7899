"""What became of an act that the server didn't simply take, in plain words.

Kept in the outbox as an English sentence made from one of a few patterns; `read` finds the pattern and its
facts again, so that whoever shows it can say it in the nurse's language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

TAKEN: Final = "{owner} has taken it meanwhile. Choose what counts: yours or theirs."
CLOSED_BY: Final = "{owner} has closed it meanwhile ({outcome}). Choose what counts: yours or theirs."
CLOSED: Final = "It has been closed meanwhile ({outcome}). Choose what counts: yours or theirs."
WORSE: Final = "It is worse than when you did this: {band} now. Look again and decide."
RULES_FOR_RED: Final = (
    "The rules for red are not met: reach somebody or write a note, then complete it again."
)
RULES_FOR_RED_SHELVED: Final = (
    "The rules for red are not met: reach somebody or escalate, then put it off again."
)
GONE: Final = "The server no longer has what this is about. Synchronise; do it again if it is still needed."
REFUSED: Final = "The server refused it: {answer}"
FORBIDDEN: Final = "The login may not do this on the server: {answer}"
UNREADABLE: Final = "It can't be read any more, and was not sent. Do it again, and withdraw this one."
READING_CHANGED: Final = (
    "The reading has been changed meanwhile. Look at it again, and mark it anew if it is still wrong."
)
PLAN_OVER: Final = "The plan isn't in force any more. Synchronise, and look at the plan that is."

PATTERNS: Final = (
    TAKEN,
    CLOSED_BY,
    CLOSED,
    WORSE,
    RULES_FOR_RED,
    RULES_FOR_RED_SHELVED,
    GONE,
    REFUSED,
    FORBIDDEN,
    UNREADABLE,
    READING_CHANGED,
    PLAN_OVER,
)
"""Message ids for gettext. Facts: `band` is a band's word, `outcome` an outcome or a Task.status."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence with its facts."""

    message_id: str
    facts: Mapping[str, str] = field(default_factory=dict)
    """Text as it came from the server or the cache: not yet safe to draw."""

    def __str__(self) -> str:
        """In English."""
        return self.message_id.format(**self.facts)


def read(text: str) -> Answer:
    """The pattern and the facts of a sentence kept in the outbox; itself where it is made from none."""
    for pattern in PATTERNS:
        found = _expression(pattern).fullmatch(text)
        if found is not None:
            return Answer(pattern, found.groupdict())
    return Answer("{answer}", {"answer": text})


def _expression(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", pattern)
    literal = [re.escape(part) if at % 2 == 0 else f"(?P<{part}>.*?)" for at, part in enumerate(parts)]
    return re.compile("".join(literal), re.DOTALL)
