"""Work items: what a nurse is asked to look at, its band and its state (docs/queue.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from threshold_engine.model import Episode, Instant, Level


class Band(IntEnum):
    """How soon somebody has to look, in rising order."""

    BLUE = 0
    YELLOW = 1
    RED = 2

    @property
    def word(self) -> str:
        """The band as it is written in JSON: `blue`, `yellow` or `red`."""
        return self.name.lower()


class ItemCode(StrEnum):
    """What kind of work it is: `Task.code` in `http://triage-tui.org/fhir/work`."""

    ALERT = "alert"
    MISSING = "missing"
    TECHNICAL = "technical"
    MESSAGE = "message"
    GP_ANSWER = "gp-answer"
    GP_OVERDUE = "gp-overdue"
    ESCALATION = "escalation"
    FOLLOW_UP = "follow-up"


class ItemState(StrEnum):
    """`Task.status`."""

    REQUESTED = "requested"
    IN_PROGRESS = "in-progress"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to deal with it."""
        return self not in (ItemState.COMPLETED, ItemState.CANCELLED)


class Mark(StrEnum):
    """What is remarkable about an item, beside its band."""

    RAISED_AGAIN = "raised-again"
    """Closed while the condition stood, and brought back."""
    AGAIN = "again"
    """A new episode of the same rule soon after the last was closed ("igjen")."""
    WITHDRAWN = "withdrawn"
    """A late or corrected reading undid the episode."""
    REPEATED = "repeated"
    """Three self-resolved items of one rule in a week ("gjentatt")."""
    IMPOSSIBLE_VALUE = "impossible-value"
    """Out of the plausible range, where the value may yet be true: measure again."""
    NO_VALID_PLAN = "no-valid-plan"
    JUDGE_FAILED = "judge-failed"
    """A fault of ours: what arrives for the patient isn't judged."""
    UNUSABLE_TIME = "unusable-time"
    UNUSABLE_UNIT = "unusable-unit"


class Outcome(StrEnum):
    """How an item ended: `Task.businessStatus`."""

    CONTACTED = "contacted"
    ADVICE_GIVEN = "advice-given"
    NEW_MEASUREMENT = "new-measurement"
    ESCALATED_GP = "escalated-gp"
    ESCALATED_ACUTE = "escalated-acute"
    TECHNICAL_FIXED = "technical-fixed"
    PLAN_CHANGE_PROPOSED = "plan-change-proposed"
    ADMITTED = "admitted"
    NOT_REACHED = "not-reached"
    NO_ACTION = "no-action"
    FALSE_ALARM = "false-alarm"
    SELF_RESOLVED = "self-resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A work item: what its Task and, where it has one, its episode say together."""

    task: str
    """UUID of the Task's identifier, without `urn:uuid:`."""
    patient: str
    code: ItemCode
    what: str
    """What it is about, as in the name of its UUID: an episode's id, `no-plan/<patient>` …"""
    n: int = 1
    """Counted up each time the same cause is raised after a close."""
    band: Band
    state: ItemState = ItemState.REQUESTED
    raised: Instant
    respond_by: Instant
    episode: Episode | None = None
    kind: str | None = None
    """The engine's kind of rule, or `implausible`; none where there is no episode."""
    owner: str | None = None
    """Reference of the nurse who holds it, `Practitioner/<id>`."""
    owned_since: Instant | None = None
    touched: bool = False
    """Ever owned, shelved, or named by a note, contact or escalation."""
    hidden_until: Instant | None = None
    """A follow-up is hidden until then."""
    shelved_until: Instant | None = None
    shelved_because: str | None = None
    shelved_at: Instant | None = None
    """When it was shelved: what happens after this can bring it back early."""
    shelved_band: Band | None = None
    """The band that the nurse saw when she shelved it."""
    back_at: Instant | None = None
    """When readings brought it back ahead of time, as far as the reader of the item worked it out
    (`work_items.shelving.with_return`); never stored in the Task."""
    outcome: str | None = None
    closed_at: Instant | None = None
    earlier_outcome: str | None = None
    """Of the item that this one follows, where it was raised again."""
    follows: str | None = None
    """UUID of the Task that it follows, where it was raised again or reopened (`Task.partOf`)."""
    absorbed: frozenset[str] = frozenset()
    """UUIDs of Tasks that turned out to be the same work: what is about them is about this one too."""
    marks: frozenset[Mark] = frozenset()
    local: bool = False
    """Found by this console's own engine, not yet on the server."""

    @property
    def rule(self) -> str | None:
        """Id of the plan's rule, or none where there is no episode."""
        return self.episode.rule if self.episode else None

    @property
    def withdrawn(self) -> bool:
        """Whether a late or corrected reading undid what it was raised for."""
        return Mark.WITHDRAWN in self.marks

    @property
    def level(self) -> Level | None:
        """The level now: green once cleared or withdrawn, none where there is no episode."""
        if self.episode is None:
            return None
        if self.episode.cleared is not None or self.withdrawn:
            return Level.GREEN
        return self.episode.level

    @property
    def stands(self) -> bool:
        """Whether what it was raised for still holds; always where there is no episode to clear."""
        return not self.withdrawn and (self.episode is None or self.level is not Level.GREEN)


@dataclass(frozen=True, slots=True)
class Row:
    """A patient's place in the queue."""

    rank: int
    patient: str
    band: Band
    standing: bool
    respond_by: Instant
    overdue: bool
    news2: int | None
    items: tuple[Item, ...]
    """In the order band, respond-by, task."""
