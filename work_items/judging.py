"""The judge's core: what has to be written about a patient's work."""

from __future__ import annotations

from threshold_engine.model import Instant
from work_items.alerts import decide_alerts
from work_items.applying import Board
from work_items.centre import Centre
from work_items.decisions import Decision
from work_items.escalations import decide_escalations
from work_items.messages import decide_messages
from work_items.patient_work import PatientWork
from work_items.repetition import decide_repeated
from work_items.technical import decide_faults


def decide(work: PatientWork, now: Instant, centre: Centre) -> list[Decision]:
    """What has to be written about one patient's work, in the order of writing.

    Idempotent: with these decisions applied to `work`, there is nothing more to decide.
    """
    board = Board(work)
    decide_alerts(board, now, centre)
    decide_faults(board, now, centre)
    decide_messages(board, centre)
    decide_escalations(board, now, centre)
    decide_repeated(board, now, centre)
    return board.decisions
