"""Changes of Tasks: put where a Task is still what the nurse saw, rebased where it changed, or a clash."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from fhir_r4 import systems
from fhir_r4.client import FhirClient
from fhir_r4.client_errors import Busy, NotFound, PreconditionFailed
from fhir_r4.errors import BadElement
from fhir_r4.issues import level_of
from fhir_r4.raw import Raw, decode, text_at, version_of
from fhir_r4.references import relative
from fhir_r4.task_change import Conflict, TaskChange, apply, conflict_with, is_applied
from fhir_r4.tasks import band_of, focus_issue, item_of, state_of
from local_store import Store
from local_store.touches import touches_of
from threshold_engine.model import Instant, Level
from triage_tui.laid_over import kept_task
from triage_tui.sync.answers import (
    CLOSED,
    CLOSED_BY,
    RULES_FOR_RED,
    RULES_FOR_RED_SHELVED,
    TAKEN,
    WORSE,
    Answer,
)
from triage_tui.sync.intake.people import name_of
from work_items import Band, Item, Outcome, Touch, acted_on, may_complete

_REST_ON_THE_LEVEL: Final = ("complete", "shelve")
"""What is never applied silently to something worse than the nurse saw."""
REBASES_AT_MOST: Final = 5
"""Times that a Task may change between reading and writing before the op waits for the next push."""


class Clash(Exception):
    """A change that can't be applied silently.

    Attributes:
        answer: Why, for the nurse.
        current: What the server has now of the Tasks that were looked at.
    """

    def __init__(self, answer: Answer, current: tuple[Raw, ...]) -> None:
        super().__init__(str(answer))
        self.answer = answer
        self.current = current

    @property
    def is_closed(self) -> bool:
        """Whether the Task was closed meanwhile, rather than taken or worse."""
        return self.answer.message_id in (CLOSED, CLOSED_BY)


class TaskSender:
    """Sends the Task changes of one op."""

    def __init__(self, store: Store, client: FhirClient, now: Callable[[], Instant]) -> None:
        self._store, self._client, self._now = store, client, now

    def send(self, changes: Iterable[TaskChange]) -> list[Raw]:
        """Put all changes of one op; what the server has now of each Task.

        All are looked at before the first is put. Of an act on several items (take, release) those that
        were closed meanwhile need nothing, as long as another one is still open.

        Raises:
            Clash: One can't be applied.
            FhirError: What the server answered.
        """
        found = [(change, *self._looked_at(change)) for change in changes]
        clashes = [Clash(answer, (raw,)) for _, raw, answer in found if answer is not None]
        done: list[Raw] = []
        for change, raw, answer in found:
            if any(not clash.is_closed for clash in clashes):
                break
            if answer is None:
                try:
                    done.append(self._put(change, raw))
                except Clash as clash:
                    clashes.append(clash)
        current = (*done, *(raw for clash in clashes for raw in clash.current))
        first = min(clashes, key=lambda clash: clash.is_closed, default=None)
        if first is not None and not (done and first.is_closed):
            raise Clash(first.answer, current)
        return list(current)

    def _looked_at(self, change: TaskChange) -> tuple[Raw, Answer | None]:
        """The Task as known, and why the change can't be applied; what is only cached is asked for anew."""
        with self._store.read() as snapshot:
            kept = kept_task(snapshot, change.task)
        if kept is not None:
            raw = decode(kept.raw)
            if self._clash(raw, change) is None:
                return raw, None
            raw = self._client.read("Task", kept.id)
        else:
            raw = self._asked(change.task)
        return raw, self._clash(raw, change)

    def _asked(self, task: str) -> Raw:
        value = f"{systems.URI}|{systems.UUID_PREFIX}{task}"
        page = self._client.search("Task", {"identifier": value})
        found = min(page.resources, key=lambda raw: text_at(raw, "id") or "", default=None)
        if found is None:
            raise NotFound("no Task has that identifier")
        return found

    def _put(self, change: TaskChange, current: Raw) -> Raw:
        for _ in range(REBASES_AT_MOST):
            if is_applied(current, change) or not _is_left(current, change):
                return current  # the answer to an earlier try was lost
            try:
                stored = self._client.update(apply(current, change), version_of(current))
            except PreconditionFailed:
                current = self._client.read("Task", text_at(current, "id") or "")
                answer = self._clash(current, change)
                if answer is not None:
                    raise Clash(answer, (current,)) from None
                continue
            if stored.raw is not None:
                return stored.raw
            return self._client.read("Task", text_at(current, "id") or "")
        raise Busy("the Task changes faster than it can be written")

    def _clash(self, current: Raw, change: TaskChange) -> Answer | None:
        if not _is_left(current, change) or is_applied(current, change):
            return None
        conflict = conflict_with(current, change, level=self._level_now(current, change))
        with self._store.read() as snapshot:
            if conflict is not None:
                return _answer(conflict, name_of(snapshot, conflict.owner), current)
            if change.act not in _REST_ON_THE_LEVEL or band_of(current) is not Band.RED:
                return None
            try:
                item = item_of(current)
            except BadElement:
                return None  # shown as it came; nothing to hold against the rules
            touches = touches_of(snapshot.entries_of(item.patient, item.raised))
        return _against_the_rules(item, change, touches, self._now())

    def _level_now(self, current: Raw, change: TaskChange) -> Level | None:
        """The level of the Task's alert as the server has it now, for what rests on it; none where unknown.

        An alert that is red, falls to yellow and rises again leaves its Task as it was, so the Task's version
        doesn't tell.
        """
        if change.act not in _REST_ON_THE_LEVEL or change.saw_level is None:
            return None
        logical_id = focus_issue(current)[1]
        if logical_id is None or not state_of(current).is_open:
            return None
        try:
            return level_of(self._client.read("DetectedIssue", logical_id))
        except (NotFound, BadElement):
            return None


def _is_left(current: Raw, change: TaskChange) -> bool:
    """Whether there is anything left to do: what isn't hers any more can't be given back."""
    return change.act != "release" or relative(current, "owner") == change.owner


def _against_the_rules(
    item: Item, change: TaskChange, touches: Iterable[Touch], now: Instant
) -> Answer | None:
    """Why the rules for red don't allow it any more: they are checked when it is done, and again here."""
    if change.act == "shelve":
        return None if acted_on(item, touches) else Answer(RULES_FOR_RED_SHELVED)
    refusal = may_complete(item, Outcome(change.outcome or ""), touches, max(now, change.at))
    return None if refusal is None else Answer(RULES_FOR_RED)


def _answer(conflict: Conflict, name: str | None, current: Raw) -> Answer:
    owner = name or text_at(current, "owner", "display") or conflict.owner
    if conflict.kind == "worse":
        return Answer(WORSE, {"band": conflict.band.word})
    if conflict.kind == "taken":
        return Answer(TAKEN, {"owner": owner or "?"})
    outcome = conflict.outcome or conflict.state.value
    return (
        Answer(CLOSED_BY, {"owner": owner, "outcome": outcome})
        if owner
        else Answer(CLOSED, {"outcome": outcome})
    )
