"""After an act: two seconds to reach the server, then the rest is the next sync's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from triage_tui.widgets.answer_words import answer_words
from triage_tui.widgets.unsent_words import also_words
from triage_tui.wording import _, clean
from triage_tui.wording.people import full_birth

if TYPE_CHECKING:
    from local_store.views import OpState
    from triage_tui.acts.done import ActDone
    from triage_tui.cli.opening import Opened

WITHIN_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Sent:
    """How far an act got."""

    state: OpState
    sentence: str
    """Whom it was done to, and whether the server has it."""


def send(session: Opened, done: ActDone) -> Sent:
    """Try to send an act's operations within `WITHIN_S` seconds."""
    from triage_tui.cli.judging_here import judge_here
    from triage_tui.sync.push_now import push_now

    judge_here(session)
    with session.client(WITHIN_S) as client:
        states = push_now(session.store, client, done.ops, WITHIN_S, clock=session.clock)
    state = _worst(states.values())
    whom = f"{clean(done.patient_name)}, {full_birth(done.birth_date)}"
    return Sent(state, f"{whom}: {_said(session, done, state)}")


def _worst(states: Iterable[OpState]) -> OpState:
    """How the act as a whole stands: an op that was refused outweighs one that waits."""
    order: tuple[OpState, ...] = ("conflict", "parked", "withdrawn", "pending", "sent")
    found = set(states)
    return next((state for state in order if state in found), "pending")


def _said(session: Opened, done: ActDone, state: OpState) -> str:
    if state == "sent":
        return _("saved, and the server has it.")
    if state == "withdrawn":
        words = _("withdrawn; what the server has stands.")
        also = also_words(done.also, session.now())
        return f"{words} {also}" if also else words
    if state == "pending":
        return _("saved here; it is sent at the next sync.")
    answers = [row.answer for row in session.store.outbox() if row.op in done.ops and row.answer]
    answer = answer_words(answers[0]) if answers else ""
    return _("saved here, but the server didn't take it: {answer} See `triage outbox`.").format(answer=answer)
