"""Work about escalations: an answer has come, or none has by its target."""

from __future__ import annotations

from threshold_engine.model import Instant
from work_items.applying import Board
from work_items.centre import HOUR, Centre
from work_items.decisions import Raise, SelfResolve
from work_items.identity import other_task_uuid
from work_items.model import Band, Item, ItemCode, ItemState
from work_items.patient_work import Escalation
from work_items.taking import is_touched

ANSWER_RED_MS = 2 * HOUR
"""Opening hours within which a red escalation is to be answered."""
ANSWER_OTHER_DAYS = 2
"""Opening days within which any other is."""


def answer_due(escalation: Escalation, centre: Centre) -> Instant:
    """By when an escalation is to be answered."""
    if escalation.band is Band.RED:
        return centre.after_open_time(escalation.sent, ANSWER_RED_MS)
    return centre.after_opening_days(escalation.sent, ANSWER_OTHER_DAYS)


def decide_escalations(board: Board, now: Instant, centre: Centre) -> None:
    """An item for each answer, refusal or negative receipt, and one for an answer that is overdue."""
    for escalation in board.work.escalations:
        for answer in escalation.answers:
            if not board.about(answer.what, ItemCode.GP_ANSWER):
                _raise(board, ItemCode.GP_ANSWER, answer.what, escalation.band, now, centre)
        _overdue(board, escalation, now, centre)


def _overdue(board: Board, escalation: Escalation, now: Instant, centre: Centre) -> None:
    items = board.about(escalation.what, ItemCode.GP_OVERDUE)
    if escalation.open and not escalation.answers:
        due = answer_due(escalation, centre)
        if not items and now >= due:
            _raise(board, ItemCode.GP_OVERDUE, escalation.what, Band.YELLOW, due, centre)
        return
    answered = min((answer.at for answer in escalation.answers), default=now)
    for item in items:
        if item.state is ItemState.REQUESTED and not is_touched(item, board.work.touches):
            board.write(SelfResolve(item.task, max(item.raised, answered)))


def _raise(board: Board, code: ItemCode, what: str, band: Band, raised: Instant, centre: Centre) -> None:
    item = Item(
        task=other_task_uuid(code, what, 1),
        patient=board.work.patient,
        code=code,
        what=what,
        band=band,
        raised=raised,
        respond_by=centre.after_open_time(raised, centre.target(band)),
    )
    board.write(Raise(item))
