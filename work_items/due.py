"""When the judge has to look again although nothing new has come."""

from __future__ import annotations

from collections.abc import Iterator

from threshold_engine.model import Instant
from work_items.applying import Board
from work_items.bands import MISSING
from work_items.centre import Centre
from work_items.escalations import answer_due
from work_items.identity import no_plan
from work_items.model import ItemCode
from work_items.patient_work import PatientWork
from work_items.raising import last_closed_by_nurse, quiet_end
from work_items.rises import kind_of


def next_due(work: PatientWork, now: Instant, centre: Centre) -> Instant | None:
    """The first instant after `now` at which `decide` would raise something on what is known now.

    The engine's own timers come on top. Follow-ups and shelved items come back when read, by no writer.
    """
    return min((at for at in _instants(Board(work), centre) if at > now), default=None)


def _instants(board: Board, centre: Centre) -> Iterator[Instant]:
    work = board.work
    for one in work.published:
        if one.undone or one.episode.cleared is not None or kind_of(one.episode.rule, work) != MISSING:
            continue
        done = last_closed_by_nurse(board.history(one.episode.id))
        if done is not None:
            yield quiet_end(done, centre)
    if any(fault.why == "no-plan" for fault in work.faults):
        done = last_closed_by_nurse(board.about(no_plan(work.patient), ItemCode.TECHNICAL))
        if done is not None:
            yield quiet_end(done, centre)
    for escalation in work.escalations:
        if escalation.open and not escalation.answers:
            yield answer_due(escalation, centre)
