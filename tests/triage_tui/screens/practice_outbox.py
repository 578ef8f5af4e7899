"""A made-up outbox: two conflicts, one that was refused, two that wait. Not a test file."""

from __future__ import annotations

from dataclasses import replace

from practice_centre import (
    HOUR,
    KARE,
    KARI,
    LIV,
    MARET,
    MINUTE,
    NILS,
    NOW,
    OLA,
    PracticeSession,
    at,
    item,
    queue,
)

from local_store.unsent_view import UnsentAct, UnsentView, WaitsFor
from local_store.views import TimelineEntry
from triage_tui.acts.done import ActDone
from triage_tui.sync import answers
from work_items.model import Band, ItemState


def conflict() -> UnsentAct:
    """Kari completed what Ola has taken."""
    held = item(
        "p1", "spo2", Band.RED, NOW, owner=OLA.reference, owned_since=at("2026-03-03 08:05"),
        state=ItemState.IN_PROGRESS,
    )  # fmt: skip
    contact = TimelineEntry(
        "c9", "contact", at("2026-03-03 08:08"), KARI.name, "bedre, mindre tungpust", "phone", True
    )
    note = TimelineEntry("n9", "note", at("2026-03-03 08:20"), OLA.name, "Ringer datteren kl. 10.")
    return UnsentAct(
        op="op-complete",
        act="complete",
        at=at("2026-03-03 08:10"),
        state="conflict",
        answer=str(answers.Answer(answers.TAKEN, {"owner": OLA.name})),
        attempts=1,
        person=NILS,
        summary={"outcome": "advice-given"},
        items=(held,),
        owners={OLA.reference: OLA.name},
        kept=(note, contact),
    )


def closed() -> UnsentAct:
    """Kari put off what Ola has closed."""
    done = item(
        "p2", "weight", Band.YELLOW, NOW, owner=OLA.reference, state=ItemState.COMPLETED,
        outcome="new-measurement", closed_at=at("2026-03-03 08:40"),
    )  # fmt: skip
    return UnsentAct(
        op="op-shelve",
        act="shelve",
        at=at("2026-03-03 08:12"),
        state="conflict",
        answer=str(answers.Answer(answers.CLOSED_BY, {"owner": OLA.name, "outcome": "new-measurement"})),
        attempts=1,
        person=MARET,
        summary={"until": "2026-03-04T07:00:00Z", "reason": "awaiting-reading"},
        items=(done,),
        owners={OLA.reference: OLA.name},
    )


def parked() -> UnsentAct:
    """The server refused a note."""
    return UnsentAct(
        op="op-note",
        act="note",
        at=at("2026-03-03 08:15"),
        state="parked",
        answer=str(answers.Answer(answers.REFUSED, {"answer": "payload is too long"})),
        attempts=1,
        person=KARE,
        summary={},
        text="Tungpust i trapper siden søndag. Sover dårlig.",
    )


def waiting() -> tuple[UnsentAct, UnsentAct]:
    """A contact, and a completion that rests on it."""
    contact = UnsentAct(
        op="op-contact",
        act="contact",
        at=at("2026-03-03 09:00"),
        state="pending",
        answer=None,
        attempts=0,
        person=LIV,
        summary={"by": "phone", "result": "reached"},
        text="Har målt nå.",
    )
    rests = replace(
        contact,
        op="op-rests",
        act="complete",
        at=at("2026-03-03 09:01"),
        summary={"outcome": "contacted"},
        text="",
        waits_for=(WaitsFor("op-contact", "contact", contact.at, "pending"),),
    )
    return contact, rests


def outbox() -> list[UnsentAct]:
    """All of them, in the order of the view."""
    return [conflict(), closed(), parked(), *waiting()]


class OutboxSession(PracticeSession):
    """The practice centre with an outbox; what is done about it leaves it."""

    def __init__(self, unsent: list[UnsentAct] | None = None) -> None:
        acts = outbox() if unsent is None else unsent
        states = [act.state for act in acts]
        oldest = min((act.at for act in acts), default=None)
        super().__init__(
            queue(
                pending=states.count("pending"),
                parked=states.count("parked"),
                conflicts=states.count("conflict"),
                oldest_unsent=oldest,
                offline_since=NOW - HOUR if acts else None,
                last_sync=NOW - 4 * MINUTE,
            )
        )
        self.outbox = acts

    def unsent(self) -> UnsentView:
        return UnsentView(NOW, tuple(self.outbox))

    def _about(self, verb: str, op: str, *more: str) -> ActDone:
        act = next(one for one in self.outbox if one.op == op)
        assert act.person is not None
        done = self._done(verb, op, *more, patient_id=act.person.id)
        self.outbox = [one for one in self.outbox if one.op != op]
        return done

    def retry(self, op: str) -> ActDone:
        return self._about("retry", op)

    def mend(self, op: str, text: str) -> ActDone:
        return self._about("mend", op, text)

    def withdraw(self, op: str, reason: str) -> ActDone:
        return self._about("withdraw", op, reason)

    def keep_mine(self, op: str) -> ActDone:
        return self._about("keep-mine", op)

    def keep_theirs(self, op: str) -> ActDone:
        return self._about("keep-theirs", op)
