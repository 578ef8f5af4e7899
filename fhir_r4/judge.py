"""The judge: one patient's resources in, the writes of alerts and work out. Pure: no clock, no I/O.

The engine finds the episodes, `work_items.decide` what has to become of them; here that is put into FHIR.
Judging what the writes have made gives no writes.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from fhir_r4 import issues, systems, task_patches
from fhir_r4.carried_judge import CarriedJudge
from fhir_r4.compartment import Compartment, Evidence, evidence_of
from fhir_r4.judge_due import due_of, next_due
from fhir_r4.raw import Raw, reference_of, uuid_of, version_of
from fhir_r4.references import to, to_uuid
from fhir_r4.seen_readings import SeenReadings
from fhir_r4.tasks import task_of
from fhir_r4.work_at_hand import Known, known_of, rule_behind, work_of
from threshold_engine import Episode, Instant, PatientJudge
from work_items import (
    Answered,
    Cancel,
    Centre,
    Decision,
    Item,
    ItemCode,
    ItemState,
    Lower,
    Mark,
    MarkWithdrawn,
    Merge,
    Outcome,
    PatientWork,
    PublishEpisode,
    Raise,
    Reinstate,
    SelfResolve,
    Withdraw,
    Worsen,
    decide,
)

__all__ = [
    "Create",
    "Judged",
    "Update",
    "Write",
    "judge",
    "judge_compartment",
    "next_due",
    "put_in_order",
    "with_literal",
]


@dataclass(frozen=True, slots=True)
class Create:
    """Create a resource, unless one with its identifier is there already."""

    raw: Raw
    identifier: str
    """`<system>|<value>`, for `If-None-Exist: identifier=…`."""
    preferred_id: str
    """The UUID in the identifier: the logical id, where the server lets us choose."""


@dataclass(frozen=True, slots=True)
class Update:
    """Replace a resource, if it is still at this version."""

    raw: Raw
    if_match: str | None
    """Its versionId; none where the server told none."""


Write: TypeAlias = Create | Update


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging a compartment came to."""

    writes: tuple[Write, ...]
    """In the order in which they are to be made: what is referred to comes first."""
    evidence: Evidence
    judgement: PatientJudge | None
    """What the engine found; none without a readable plan."""
    work: PatientWork
    """As it was before the writes."""
    now: Instant
    centre: Centre

    def next_due(self) -> Instant | None:
        """As the function `next_due`, without reading the compartment anew."""
        return due_of(self.evidence, self.judgement, self.work, self.now, self.centre)


def judge_compartment(compartment: Compartment, now: Instant, centre: Centre) -> list[Write]:
    """What has to be written of one patient's alerts and work as of `now`, in the order of writing."""
    return list(judge(compartment, now, centre).writes)


def judge(compartment: Compartment, now: Instant, centre: Centre, seen: SeenReadings | None = None) -> Judged:
    """As `judge_compartment`, with what was read: the plan that judged, and what couldn't be used.

    `seen`: the readings as they were judged up to `now`; the compartment's own aren't looked at then.
    """
    if seen is not None:
        evidence, judgement = seen.evidence, seen.judgement
    else:
        evidence = evidence_of(compartment, now)
        document = evidence.choice.document
        engine = compartment.carried or CarriedJudge()
        judgement = engine.judge(document.plan, evidence.readings, now) if document else None
    known = known_of(compartment)
    work = work_of(compartment, evidence, known, judgement, now)
    sheet = _Sheet(evidence, known, now)
    for decision in decide(work, now, centre):
        sheet.put(decision)
    return Judged(tuple(sheet.writes()), evidence, judgement, work, now, centre)


class _Sheet:
    """The resources that one judging touches, each written once however much is decided about it."""

    def __init__(self, evidence: Evidence, known: Known, now: Instant) -> None:
        self._plan = evidence.choice.document.plan if evidence.choice.document else None
        self._known = known
        self._now = now
        unusable = {found.reading: found.reference for found in evidence.unusable}
        self._readings = ChainMap(unusable, evidence.facts.references)
        self._issues: dict[str, Raw] = dict(known.issues)
        self._tasks: dict[str, Raw] = dict(known.tasks)
        self._touched: dict[tuple[str, str], None] = {}

    def put(self, decision: Decision) -> None:
        """Carry out a decision on the sheet."""
        match decision:
            case PublishEpisode(episode):
                self._issue(episode.id, self._published(episode))
            case Withdraw(uuid, same_as):
                self._issue(uuid, issues.withdrawn(self._issues[uuid], same_as))
            case Raise(item):
                self._task(item.task, task_of(item, focus=self._focus(item), modified=self._now))
            case Merge():
                self._merge(decision)
            case _:
                before = self._tasks[decision.task]
                self._task(decision.task, patched(before, decision))

    def writes(self) -> list[Write]:
        """One write for each resource that ends up otherwise than it began."""
        found: list[Write] = []
        for kind, uuid in self._touched:
            before = (self._known.issues if kind == "DetectedIssue" else self._known.tasks).get(uuid)
            after = (self._issues if kind == "DetectedIssue" else self._tasks)[uuid]
            if before is None:
                found.append(Create(after, f"{systems.URI}|{systems.UUID_PREFIX}{uuid}", uuid))
            elif after != before:
                raw = after if kind == "DetectedIssue" else task_patches.modified(before, after, self._now)
                found.append(Update(raw, version_of(before)))
        return found

    def _issue(self, uuid: str, raw: Raw) -> None:
        self._issues[uuid] = raw
        self._touched.setdefault(("DetectedIssue", uuid))

    def _task(self, uuid: str, raw: Raw) -> None:
        self._tasks[uuid] = raw
        self._touched.setdefault(("Task", uuid))

    def _published(self, episode: Episode) -> Raw:
        current = self._issues.get(episode.id)
        rule = rule_behind(self._plan, episode)
        kind: str | None = rule.kind if rule else None
        codes: tuple[str, ...] = rule.codes if rule else ()
        built_in, _, measure = episode.rule.partition(":")
        if built_in == issues.IMPLAUSIBLE:
            kind, codes = issues.IMPLAUSIBLE, (measure,)
        return issues.issue_of(episode, kind=kind, codes=codes, references=self._readings, current=current)

    def _focus(self, item: Item) -> Raw | None:
        """What a new Task is about, as a reference; none for what is no resource."""
        if item.what in self._issues:
            uuid = item.what
            current = self._known.issues.get(uuid)
            return to_uuid("DetectedIssue", uuid, reference_of(current) if current else None)
        if item.what.startswith(systems.UUID_PREFIX):
            uuid = item.what.removeprefix(systems.UUID_PREFIX)
            reference = self._known.others.get(uuid)
            kind = reference.partition("/")[0] if reference else "Communication"
            return to_uuid(kind, uuid, reference)
        if Mark.NO_VALID_PLAN in item.marks:
            return to(f"Patient/{item.patient}")
        if item.code in (ItemCode.MESSAGE, ItemCode.GP_ANSWER, ItemCode.GP_OVERDUE):
            return to(item.what)
        reference = self._readings.get(item.what)
        return to(reference) if reference else None

    def _merge(self, merge: Merge) -> None:
        gone, into = self._tasks[merge.task], self._tasks[merge.into]
        if gone.get("status") not in (ItemState.COMPLETED.value, ItemState.CANCELLED.value):
            gone = task_patches.closed(gone, ItemState.CANCELLED, merge.at)
        self._task(merge.task, task_patches.replaced_by(gone, merge.into))
        inherited = next(
            (item.absorbed for item in self._known.items if item.task == merge.task), frozenset()
        )
        into = task_patches.absorbing(into, [*sorted(inherited), merge.task])
        if merge.touched:
            into = task_patches.touched(into)
        if merge.owner is not None:
            into = task_patches.taken_over(into, merge.owner, merge.owned_since)
        if merge.outcome is not None:
            ended = merge.at if merge.closed_at is None else merge.closed_at
            into = task_patches.closed(into, ItemState.COMPLETED, ended, merge.outcome)
        self._task(merge.into, into)


def patched(
    raw: Raw, decision: Worsen | Lower | SelfResolve | Answered | Cancel | MarkWithdrawn | Reinstate
) -> Raw:
    """A Task with a decision about it carried out."""
    match decision:
        case Worsen(_, band, respond_by, marks):
            after = task_patches.marked(task_patches.rebanded(raw, band, respond_by), marks)
        case Lower(_, band):
            after = task_patches.rebanded(raw, band)
        case SelfResolve(_, at):
            after = task_patches.self_resolved(raw, at)
        case Answered(_, at):
            after = task_patches.closed(raw, ItemState.COMPLETED, at, Outcome.CONTACTED.value)
        case Cancel(_, at):
            after = task_patches.closed(raw, ItemState.CANCELLED, at)
        case MarkWithdrawn():
            after = task_patches.marked(raw, task_patches.marks_of(raw) | {Mark.WITHDRAWN})
        case Reinstate():
            after = task_patches.marked(raw, task_patches.marks_of(raw) - {Mark.WITHDRAWN})
    return after


def with_literal(write: Write, references: Mapping[str, str]) -> Write:
    """The write with its focus literal too, where `references` (UUID → `<type>/<id>`) knows it.

    What a judging creates can't be referred to by an id before it has one: a writer calls this with what it
    has created so far.
    """
    focus = write.raw.get("focus")
    if not isinstance(focus, dict) or "reference" in focus:
        return write
    reference = references.get(uuid_of({"identifier": [focus.get("identifier")]}) or "")
    if reference is None:
        return write
    raw = {**write.raw, "focus": {"reference": reference, **focus}}
    if isinstance(write, Create):
        return Create(raw, write.identifier, write.preferred_id)
    return Update(raw, write.if_match)


def put_in_order(writes: Iterable[Write], put: Callable[[Write], str | None]) -> None:
    """Make the writes one after the other; what refers to an earlier one refers to it by its id too.

    `put` makes one, and gives `<type>/<id>` of what is there now, or none where it can't tell.
    """
    references: dict[str, str] = {}
    for finding in writes:
        reference = put(with_literal(finding, references))
        if isinstance(finding, Create) and reference is not None:
            references[finding.preferred_id] = reference
