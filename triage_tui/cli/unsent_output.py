"""What `triage outbox` and `conflicts` print: as JSON, and as plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from threshold_engine import format_instant
from triage_tui.widgets.answer_words import answer_words
from triage_tui.widgets.unsent_words import (
    kept_words,
    mine_words,
    state_word,
    theirs_words,
    waits_words,
)
from triage_tui.wording import _, clean
from triage_tui.wording.people import full_birth

if TYPE_CHECKING:
    from local_store.unsent_view import UnsentAct
    from threshold_engine.model import Instant


def unsent_json(acts: Sequence[UnsentAct]) -> list[dict[str, object]]:
    """A row for each act; `answer` is in the nurse's language."""
    return [
        {
            "op": act.op,
            "act": act.act,
            "patient": act.person.id if act.person else None,
            "at": format_instant(act.at),
            "state": act.state,
            "answer": answer_words(act.answer) if act.answer else None,
            "attempts": act.attempts,
            "waits_for": [other.op for other in act.waits_for],
        }
        for act in acts
    ]


def lines_of(acts: Sequence[UnsentAct], now: Instant) -> Iterator[str]:
    """What happened to each, and of a conflict both sides and what stays."""
    for act in acts:
        parts = [mine_words(act, now), state_word(act.state)]
        if act.person:
            parts.insert(1, f"{clean(act.person.name)}, {full_birth(act.person.birth_date)}")
        parts += [answer_words(act.answer) if act.answer else "", waits_words(act, now), act.op]
        yield " · ".join(part for part in parts if part)
        if act.state == "conflict":
            for line in theirs_words(act, now):
                yield "  " + _("theirs: {what}").format(what=line)
            for line in kept_words(act, now):
                yield "  " + _("stays: {what}").format(what=line)
