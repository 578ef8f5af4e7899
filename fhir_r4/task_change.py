"""What a nurse's act does to a Task, and when that is a conflict with what it has become.

An act is kept with what she saw when she did it. By the time it reaches the server the Task may have changed:
still unowned, or hers, and no worse than she saw, it is applied to what the Task is now; else she settles it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar, get_args

from fhir_r4 import systems, work_facts
from fhir_r4.raw import Raw, child, patched, text_at, with_extension
from fhir_r4.references import relative, to
from fhir_r4.tasks import band_of, is_touched, outcome_concept, outcome_of, shelved_until_of, state_of
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Instant, Level
from work_items.model import Band, ItemState

Act: TypeAlias = Literal["take", "takeover", "release", "shelve", "complete", "open"]
"""`open`: a nurse has opened the message that it is about. Reopening is none of these: it is a new Task,
`partOf` the old."""

_Word = TypeVar("_Word", Band, Level)
_ACTS: Final = frozenset(get_args(Act))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChange:
    """One act on one Task."""

    act: Act
    task: str
    """UUID of the Task's identifier."""
    owner: str
    """Whoever acts, `Practitioner/<id>`."""
    at: Instant
    saw_band: Band
    """The item's band that the nurse saw."""
    saw_level: Level | None = None
    """The level that she saw; none where there is no episode."""
    saw_evidence: tuple[str, ...] = ()
    """Ids of the readings that she saw as its reasons."""
    saw_owner: str | None = None
    """Who held it then: for `takeover`, and for an act that is settled, from whom she took it."""
    outcome: str | None = None
    """For `complete`."""
    shelved_until: Instant | None = None
    """For `shelve`."""
    reason: str | None = None
    """For `shelve`: a code or words."""
    settled: bool = False
    """She has seen what became of the item and keeps her act: it may take the item from `saw_owner`."""

    def __post_init__(self) -> None:
        if self.act == "complete" and self.outcome is None:
            raise ValueError("complete needs an outcome")
        if self.act == "shelve" and (self.shelved_until is None or not self.reason):
            raise ValueError("shelve needs an end and a reason")

    def to_json(self) -> dict[str, object]:
        """Plain data for the outbox; instants as text, what is not set left out."""
        found: dict[str, object] = {
            "act": self.act,
            "task": self.task,
            "owner": self.owner,
            "at": format_instant(self.at),
            "saw_band": self.saw_band.word,
            "saw_level": None if self.saw_level is None else self.saw_level.word,
            "saw_evidence": list(self.saw_evidence) or None,
            "saw_owner": self.saw_owner,
            "outcome": self.outcome,
            "shelved_until": None if self.shelved_until is None else format_instant(self.shelved_until),
            "reason": self.reason,
            "settled": self.settled or None,
        }
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def from_json(cls, raw: Mapping[str, object]) -> TaskChange:
        """What `to_json` gave; ValueError where it isn't that."""
        act = raw.get("act")
        if act not in _ACTS:
            raise ValueError(f"no such act: {act!r}")
        until, evidence = raw.get("shelved_until"), raw.get("saw_evidence") or ()
        if not isinstance(evidence, list | tuple):
            raise ValueError("saw_evidence is no list")  # noqa: TRY004 - one kind of error for unreadable data
        return cls(
            act=next(known for known in get_args(Act) if known == act),
            task=_text(raw, "task"),
            owner=_text(raw, "owner"),
            at=parse_instant(_text(raw, "at")),
            saw_band=_named(Band, _text(raw, "saw_band")),
            saw_level=_named(Level, _text(raw, "saw_level")) if raw.get("saw_level") else None,
            saw_evidence=tuple(str(reading) for reading in evidence),
            saw_owner=_optional(raw, "saw_owner"),
            outcome=_optional(raw, "outcome"),
            shelved_until=None if until is None else parse_instant(str(until)),
            reason=_optional(raw, "reason"),
            settled=raw.get("settled") is True,
        )


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why an act can't be applied silently to what the Task is now."""

    kind: Literal["worse", "taken", "closed"]
    state: ItemState
    band: Band
    level: Level | None
    """As it is now, where the caller knew it."""
    owner: str | None
    """Who holds or closed it now."""
    outcome: str | None


def apply(raw: Raw, change: TaskChange) -> Raw:
    """The Task as it is after the act: a patched copy; members and extensions unknown to us survive.

    Look at `conflict_with` first. Applying what is applied already changes nothing.
    """
    if is_applied(raw, change):
        return raw
    if change.act == "open":
        modified = no_earlier_than(change.at, text_at(raw, "authoredOn"))
        moved = patched(raw, {"lastModified": modified})
        moved = work_facts.with_facts(moved, {"opened-at": [format_instant(change.at)]})
        return with_extension(moved, systems.TOUCHED, {"valueBoolean": True})
    moved = _status(raw, change)
    if change.act == "shelve" and change.shelved_until is not None:
        moved = with_extension(
            moved, systems.SHELVED_UNTIL, {"valueInstant": format_instant(change.shelved_until)}
        )
        facts: dict[work_facts.Fact, list[str | int]] = {
            "shelved-at": [format_instant(change.at)],
            "shelved-band": [change.saw_band.word],
        }
        moved = work_facts.with_facts(moved, facts)
    else:
        moved = with_extension(moved, systems.SHELVED_UNTIL, None)
        moved = work_facts.with_facts(moved, {"shelved-at": [], "shelved-band": []})
    return with_extension(moved, systems.TOUCHED, {"valueBoolean": True})


def no_earlier_than(at: Instant, *others: str | None) -> str:
    """An instant as text, moved up to the latest of the others: a slow clock ends nothing before it began."""
    known = [at]
    for text in others:
        try:
            known.append(parse_instant(text or ""))
        except ValueError:
            continue
    return format_instant(max(known))


def is_applied(raw: Raw, change: TaskChange) -> bool:
    """Whether the Task already is what the act makes of it: an answer that got lost on the way."""
    state, owner = state_of(raw), relative(raw, "owner")
    if change.act == "open":  # of what is closed there is nothing left to open
        return is_touched(raw) or not state.is_open
    if change.act == "release":
        return state is ItemState.REQUESTED and owner is None
    if owner != change.owner:
        return False
    if change.act == "shelve":
        return (
            state is ItemState.ON_HOLD
            and shelved_until_of(raw) == change.shelved_until
            and text_at(raw, "statusReason", "text") == change.reason
        )
    if change.act == "complete":
        return state is ItemState.COMPLETED and outcome_of(raw) == change.outcome
    return state is ItemState.IN_PROGRESS


def conflict_with(current: Raw, change: TaskChange, *, level: Level | None = None) -> Conflict | None:
    """Why the act can't be applied to the Task as it is now; none if it can.

    `level`: that of its episode now, where the caller knows it. Worse by now: complete and shelve are
    conflicts, take and release are applied. Taken or closed by somebody else: always a conflict, except that
    `takeover`, and what she has settled, take from whom the nurse saw. The rules for red (work_items) are
    the caller's to check again.
    """
    if is_applied(current, change):
        return None
    state, owner, band = state_of(current), relative(current, "owner"), band_of(current)

    def found(kind: Literal["worse", "taken", "closed"]) -> Conflict:
        return Conflict(kind, state, band, level, owner, outcome_of(current))

    if not state.is_open:
        return found("closed")
    takes_over = change.act == "takeover" or change.settled
    allowed = {None, change.owner} | ({change.saw_owner} if takes_over else set())
    if owner not in allowed:
        return found("taken")
    risen = level is not None and change.saw_level is not None and level > change.saw_level
    if change.act in ("complete", "shelve") and (band > change.saw_band or risen):
        return found("worse")
    return None


def _status(raw: Raw, change: TaskChange) -> Raw:
    period = dict(child(raw, "executionPeriod"))
    owner: Raw | None = child(raw, "owner")
    if change.act == "release":
        owner = None
        period.pop("start", None)
    elif relative(raw, "owner") != change.owner:
        owner = to(change.owner)
        period["start"] = format_instant(change.at)
    if change.act == "complete":
        started = text_at(raw, "executionPeriod", "start")
        period["end"] = no_earlier_than(change.at, text_at(raw, "authoredOn"), started)
    status = {"release": "requested", "shelve": "on-hold", "complete": "completed"}
    wanted: Raw = {
        "status": status.get(change.act, "in-progress"),
        "owner": owner,
        "executionPeriod": period or None,
        "statusReason": {"text": change.reason} if change.act == "shelve" else None,
        "lastModified": no_earlier_than(change.at, text_at(raw, "authoredOn")),
    }
    if change.outcome is not None:
        wanted["businessStatus"] = outcome_concept(change.outcome)
    return patched(raw, wanted)


def _named(kind: type[_Word], word: str) -> _Word:
    found = next((member for member in kind if member.word == word), None)
    if found is None:
        raise ValueError(f"no such {kind.__name__}: {word!r}")
    return found


def _text(raw: Mapping[str, object], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is missing")  # noqa: TRY004 - one kind of error for unreadable data
    return value


def _optional(raw: Mapping[str, object], name: str) -> str | None:
    value = raw.get(name)
    return value if isinstance(value, str) else None
