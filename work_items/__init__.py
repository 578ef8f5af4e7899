"""Work items and the queue's order: pure functions, the same on the server's judge and the console."""

from work_items.applying import apply_decisions
from work_items.bands import impossible_readings
from work_items.centre import DAY, HOUR, MINUTE, Centre, HalfDay, Hours, NeverOpenError, Opening
from work_items.closing import acted_on, may_complete, may_do_together
from work_items.decisions import (
    Answered,
    Cancel,
    Decision,
    Lower,
    MarkWithdrawn,
    Merge,
    PublishEpisode,
    Raise,
    Reinstate,
    SelfResolve,
    Withdraw,
    Worsen,
)
from work_items.due import next_due
from work_items.follow_up import no_answers, plan_follow_up, try_again_at
from work_items.identity import judge_failed, no_plan, other_task_uuid, repeated, task_uuid
from work_items.judging import decide
from work_items.model import Band, Item, ItemCode, ItemState, Mark, Outcome, Row
from work_items.order import comes_back, item_order, listed, order_rows, put_off_rows
from work_items.overlap import Match, Matching, match_published
from work_items.patient_work import (
    Answer,
    Escalation,
    Fault,
    InboundMessage,
    PatientWork,
    Published,
    Touch,
)
from work_items.refusal import Refusal
from work_items.reopening import may_reopen, reopened
from work_items.shelving import (
    AWAITING_READING,
    awaits_reading,
    hidden_now,
    may_shelve,
    shelved_now,
    with_return,
)
from work_items.taking import is_touched, taken_together, taken_without_action
from work_items.technical import decide_judge_failed

__all__ = [
    "AWAITING_READING",
    "DAY",
    "HOUR",
    "MINUTE",
    "Answer",
    "Answered",
    "Band",
    "Cancel",
    "Centre",
    "Decision",
    "Escalation",
    "Fault",
    "HalfDay",
    "Hours",
    "InboundMessage",
    "Item",
    "ItemCode",
    "ItemState",
    "Lower",
    "Mark",
    "MarkWithdrawn",
    "Match",
    "Matching",
    "Merge",
    "NeverOpenError",
    "Opening",
    "Outcome",
    "PatientWork",
    "PublishEpisode",
    "Published",
    "Raise",
    "Refusal",
    "Reinstate",
    "Row",
    "SelfResolve",
    "Touch",
    "Withdraw",
    "Worsen",
    "acted_on",
    "apply_decisions",
    "awaits_reading",
    "comes_back",
    "decide",
    "decide_judge_failed",
    "hidden_now",
    "impossible_readings",
    "is_touched",
    "item_order",
    "judge_failed",
    "listed",
    "match_published",
    "may_complete",
    "may_do_together",
    "may_reopen",
    "may_shelve",
    "next_due",
    "no_answers",
    "no_plan",
    "order_rows",
    "other_task_uuid",
    "plan_follow_up",
    "put_off_rows",
    "reopened",
    "repeated",
    "shelved_now",
    "taken_together",
    "taken_without_action",
    "task_uuid",
    "try_again_at",
    "with_return",
]
