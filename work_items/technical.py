"""Technical work that no episode stands for: no valid plan, unusable times and units, a judge that failed."""

from __future__ import annotations

from functools import partial

from threshold_engine.model import Instant
from work_items.alerts import drop_or_mark
from work_items.applying import Board
from work_items.centre import Centre
from work_items.decisions import Decision, Raise, Reinstate, SelfResolve, Worsen
from work_items.identity import judge_failed, no_plan, other_task_uuid
from work_items.model import Band, Item, ItemCode, ItemState, Mark
from work_items.patient_work import Fault, PatientWork
from work_items.raising import closed_by_nurse, quiet_end
from work_items.taking import is_touched

_UNUSABLE = {"time": Mark.UNUSABLE_TIME, "unit": Mark.UNUSABLE_UNIT}


def decide_faults(board: Board, now: Instant, centre: Centre) -> None:
    """Raise what is technically wrong, and drop what no longer is."""
    for item in list(board.about(judge_failed(board.work.patient), ItemCode.TECHNICAL)):
        if item.state.is_open:
            drop_or_mark(board, item, now)  # who gets here has judged
    plan_faults = [fault for fault in board.work.faults if fault.why == "no-plan"]
    if plan_faults:
        _no_plan(board, any(fault.readings_arrive for fault in plan_faults), now, centre)
    else:
        _plan_is_back(board, now)
    unusable = {fault.reading: fault for fault in board.work.faults if fault.reading is not None}
    for reading, fault in unusable.items():
        if fault.why in _UNUSABLE:
            _unusable(board, reading, fault, now, centre)
    for item in list(board.items.values()):
        if item.state.is_open and not item.marks.isdisjoint(_UNUSABLE.values()) and item.what not in unusable:
            drop_or_mark(board, item, now)


def decide_judge_failed(work: PatientWork, now: Instant, centre: Centre) -> list[Decision]:
    """What has to be written where the judge itself failed on a patient: one item, until it works again.

    Yellow, as where readings arrive without a valid plan: nobody looks at them. Only `work.items` count.
    """
    board = Board(work)
    what = judge_failed(work.patient)
    for item in board.about(what, ItemCode.TECHNICAL):
        if item.state.is_open and item.withdrawn:
            board.write(Reinstate(item.task))
    _stands(board, what, Band.YELLOW, Mark.JUDGE_FAILED, now, centre)
    return board.decisions


def _no_plan(board: Board, readings_arrive: bool, now: Instant, centre: Centre) -> None:
    band = Band.YELLOW if readings_arrive else Band.BLUE
    _stands(board, no_plan(board.work.patient), band, Mark.NO_VALID_PLAN, now, centre)


def _stands(board: Board, what: str, band: Band, mark: Mark, now: Instant, centre: Centre) -> None:
    """Have one open item about a fault that stands, unless a nurse has closed one a short while ago."""
    items = board.about(what, ItemCode.TECHNICAL)
    still_open = [item for item in items if item.state.is_open]
    for item in still_open:
        if band > item.band:
            nearer = centre.after_open_time(now, centre.target(band))
            board.write(Worsen(item.task, band, min(item.respond_by, nearer), item.marks))
    if still_open:
        return
    last = items[-1] if items else None
    raised = now
    # Nothing is measured here that could be beyond, so the end of the quiet time itself brings it back.
    if last is not None and closed_by_nurse(last) and band <= last.band:
        raised = quiet_end(last, centre)
        if now < raised:
            return
    board.write(Raise(_item(board, what, last, band, raised, mark, centre)))


def _plan_is_back(board: Board, now: Instant) -> None:
    for item in board.about(no_plan(board.work.patient), ItemCode.TECHNICAL):
        if item.state is ItemState.REQUESTED and not is_touched(item, board.work.touches):
            board.write(SelfResolve(item.task, max(item.raised, now)))


def _unusable(board: Board, reading: str, fault: Fault, now: Instant, centre: Centre) -> None:
    items = board.about(reading, ItemCode.TECHNICAL)
    for item in items:
        if item.state.is_open and item.withdrawn:
            board.write(Reinstate(item.task))
    if any(item.state is not ItemState.CANCELLED for item in items):
        return
    last = items[-1] if items else None
    board.write(Raise(_item(board, reading, last, Band.BLUE, now, _UNUSABLE[fault.why], centre)))


def _item(
    board: Board, what: str, last: Item | None, band: Band, raised: Instant, mark: Mark, centre: Centre
) -> Item:
    n = board.next_n([last] if last else [], partial(other_task_uuid, ItemCode.TECHNICAL, what))
    completed = last is not None and last.state is ItemState.COMPLETED
    return Item(
        task=other_task_uuid(ItemCode.TECHNICAL, what, n),
        patient=board.work.patient,
        code=ItemCode.TECHNICAL,
        what=what,
        n=n,
        band=band,
        raised=raised,
        respond_by=centre.after_open_time(raised, centre.target(band)),
        earlier_outcome=last.outcome if last and completed else None,
        follows=last.task if last else None,
        marks=frozenset({mark, Mark.RAISED_AGAIN} if completed else {mark}),
    )
