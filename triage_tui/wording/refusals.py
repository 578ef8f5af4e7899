"""An act that was refused, as one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from triage_tui.wording.dates import when
from triage_tui.wording.language import gettext as _
from triage_tui.wording.safe_text import clean

if TYPE_CHECKING:
    from threshold_engine.model import Instant


def refusal_words(message_id: str, facts: Mapping[str, str | int], now: Instant) -> str:
    """`message_id` translated and filled; facts named `…_at` or `…_until` are instants."""

    def told(name: str, fact: str | int) -> str:
        if isinstance(fact, int) and name.endswith(("_at", "_until")):
            return when(fact, now)
        return clean(str(fact))

    return _(message_id).format(**{name: told(name, fact) for name, fact in facts.items()})
