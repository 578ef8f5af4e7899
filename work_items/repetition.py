"""Alerts of one rule that came and went by themselves again and again ("gjentatt")."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from threshold_engine.model import Instant
from work_items.applying import Board
from work_items.centre import DAY, Centre
from work_items.decisions import Raise
from work_items.identity import other_task_uuid, repeated
from work_items.model import Band, Item, ItemCode, Mark, Outcome
from work_items.raising import closing

TIMES = 3
WITHIN_MS = 7 * DAY


def decide_repeated(board: Board, now: Instant, centre: Centre) -> None:
    """One yellow item where three of a rule's items resolved by themselves within 7 days.

    What an earlier such item was raised for, or came while it was open, doesn't count again.
    """
    resolved: dict[str, list[Instant]] = defaultdict(list)
    for item in board.items.values():
        rule = board.rule_of(item)
        if item.outcome == Outcome.SELF_RESOLVED and rule is not None:
            resolved[rule].append(closing(item))
    for rule, times in sorted(resolved.items()):
        what = repeated(board.work.patient, rule)
        items = board.about(what, ItemCode.ALERT)
        if any(item.state.is_open for item in items):
            continue
        after = max((closing(item) for item in items), default=None)
        if _often([at for at in times if after is None or at > after]):
            board.write(Raise(_item(board, what, items[-1] if items else None, now, centre)))


def _often(times: list[Instant]) -> bool:
    times.sort()
    return any(third - first <= WITHIN_MS for first, third in zip(times, times[TIMES - 1 :], strict=False))


def _item(board: Board, what: str, last: Item | None, now: Instant, centre: Centre) -> Item:
    n = board.next_n([last] if last else [], partial(other_task_uuid, ItemCode.ALERT, what))
    return Item(
        task=other_task_uuid(ItemCode.ALERT, what, n),
        patient=board.work.patient,
        code=ItemCode.ALERT,
        what=what,
        n=n,
        band=Band.YELLOW,
        raised=now,
        respond_by=centre.after_open_time(now, centre.target(Band.YELLOW)),
        earlier_outcome=last.outcome if last else None,
        follows=last.task if last else None,
        marks=frozenset({Mark.REPEATED}),
    )
