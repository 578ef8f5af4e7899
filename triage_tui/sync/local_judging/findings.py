"""Judging one patient here: the server's judge over what is at hand, and what of its answer is shown.

Only work about alerts is raised here. What rests on the server alone (messages, answers, faults of resources
that aren't kept, what came and went by itself) is the server's to raise; so is every closing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fhir_r4.carried_judge import CarriedJudge
from fhir_r4.judge_due import due_of
from fhir_r4.work_at_hand import known_of, work_of
from threshold_engine import Episode, Instant
from triage_tui.sync.local_judging.at_hand import AtHand
from triage_tui.sync.local_judging.binding import Binding
from triage_tui.sync.local_judging.silence import without_silence
from work_items import (
    Cancel,
    Centre,
    Decision,
    Item,
    MarkWithdrawn,
    PatientWork,
    PublishEpisode,
    Raise,
    Worsen,
    decide,
)
from work_items.applying import Board


@dataclass(frozen=True, slots=True)
class Findings:
    """What judging a patient here came to."""

    due: Instant | None
    """When to judge her again though nothing new comes."""
    waits: Instant | None = None
    """When a wait for a reading was over that only a further round can tell to have been in vain."""
    judged: bool = False
    """False without a readable plan: then nothing is said of alerts, and all stays as it is."""
    raised: tuple[Item, ...] = ()
    """Open items that the server doesn't have."""
    shown: tuple[Item, ...] = ()
    """Open items that it has, or gets by what waits in the outbox, as they are to be shown here."""
    known: frozenset[str] = frozenset()
    """UUIDs of all Tasks that it has or gets."""
    episodes: dict[str, Episode] = field(default_factory=dict)
    """By id, the alerts that it has or gets, as they are to be shown here."""
    differing: frozenset[str] = frozenset()
    """Ids of alerts that only one of the two finds, as far as the server knows all that is known here."""


def find(
    hand: AtHand,
    engine: CarriedJudge,
    now: Instant,
    centre: Centre,
    fetched_until: Instant | None,
    *,
    only_worse: bool,
) -> Findings:
    """Judge a patient as of `now`, the server's, by what is at hand, as `fhir_r4.judge` does.

    `engine`: her judging before, which is carried on. `only_worse`: nothing found here may clear an alert.
    """
    document = hand.evidence.choice.document
    judgement = engine.judge(document.plan, hand.evidence.readings, now) if document else None
    known = known_of(hand.compartment)
    work = work_of(hand.compartment, hand.evidence, known, judgement, now)
    due = due_of(hand.evidence, judgement, work, now, centre)
    if judgement is None:
        return Findings(due)
    told = without_silence(work.episodes, work.kinds, fetched_until)
    here = frozenset(one.id for one in hand.evidence.readings)
    withdrawn = frozenset(one.id for one in hand.evidence.readings if one.withdrawn)
    about_alerts = replace(work, episodes=told.episodes, messages=(), faults=(), escalations=())
    bound = Binding(about_alerts, here, withdrawn, fetched_until, only_worse).bound()
    board = _decided(replace(about_alerts, episodes=bound.episodes), bound.withdrawn, now, centre)
    items = [item for item in board.items.values() if item.state.is_open]
    raised = tuple(item for item in items if item.local)
    differing = {item.what for item in raised} | bound.differing
    return Findings(
        due=due,
        waits=told.waits,
        judged=True,
        raised=raised,
        shown=tuple(item for item in items if not item.local),
        known=frozenset(item.task for item in known.items),
        episodes={id_: board.published[id_].episode for id_ in known.episodes},
        differing=frozenset() if hand.unsent else frozenset(differing),
    )


def _decided(work: PatientWork, withdrawn: Iterable[str], now: Instant, centre: Centre) -> Board:
    """The patient's work with what may be shown of the judge's decisions."""
    board = Board(work, local=True)
    gone = frozenset(withdrawn)
    for decision in decide(work, now, centre):
        allowed = _allowed(decision, board, gone)
        if allowed is not None:
            board.apply(allowed)
    return board


def _allowed(decision: Decision, board: Board, withdrawn: frozenset[str]) -> Decision | None:
    match decision:
        case PublishEpisode() | Worsen():
            return decision
        case Raise(item):
            return decision if item.episode is not None else None
        case Cancel(task) | MarkWithdrawn(task):
            return MarkWithdrawn(task) if board.items[task].what in withdrawn else None
        case _:
            return None
