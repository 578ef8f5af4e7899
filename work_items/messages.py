"""Work about messages from the patient."""

from __future__ import annotations

from work_items.applying import Board
from work_items.centre import Centre
from work_items.decisions import Answered, Lower, Raise
from work_items.identity import other_task_uuid
from work_items.model import Band, Item, ItemCode
from work_items.patient_work import InboundMessage
from work_items.taking import is_touched


def decide_messages(board: Board, centre: Centre) -> None:
    """An item for each unanswered message: yellow until somebody has opened it, then blue."""
    for message in board.work.messages:
        items = board.about(message.what, ItemCode.MESSAGE)
        if not items and message.answered is None:
            board.write(Raise(_item(board.work.patient, message, centre)))
        for item in items:
            if item.state.is_open:
                _go_on(board, item, message)


def _item(patient: str, message: InboundMessage, centre: Centre) -> Item:
    return Item(
        task=other_task_uuid(ItemCode.MESSAGE, message.what, 1),
        patient=patient,
        code=ItemCode.MESSAGE,
        what=message.what,
        band=Band.YELLOW if message.opened is None else Band.BLUE,
        raised=message.received,
        # Opening never moves respond-by, so it makes no difference that the judge comes late.
        respond_by=centre.after_open_time(message.received, centre.target(Band.YELLOW)),
    )


def _go_on(board: Board, item: Item, message: InboundMessage) -> None:
    opened = message.opened is not None or is_touched(item, board.work.touches)
    if opened and item.band is not Band.BLUE:
        board.write(Lower(item.task, Band.BLUE))
    reopened = item.n > 1
    if message.answered is not None and not reopened:
        board.write(Answered(item.task, max(item.raised, message.answered)))
