"""The unit of work: everything in it is committed together, or nothing is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from local_store import (
    access_log,
    drafts,
    feed_entries,
    outbox,
    own_judging,
    people,
    plans,
    projection,
    readings,
    resources,
    settings,
    sources,
    timeline,
    work,
)
from local_store.records import (
    AccessEntry,
    Cursor,
    Draft,
    FeedEntry,
    Kept,
    OutboxOp,
    PlanRecord,
    Profile,
    ResourceVersion,
    ScreenLock,
    StoredReading,
    SyncMarks,
)
from local_store.snapshot import Snapshot
from local_store.views import OpState, Person, TimelineEntry
from threshold_engine.model import Episode, Instant
from work_items.model import Item


class Transaction(Snapshot):
    """A write transaction (`with store.write() as tx`): it also reads, and sees its own writes.

    Put every resource of a pulled page and its cursor in one; an act's effect and its outbox op in one. After
    whatever may change a patient's row (readings, plan, items, contacts), call `refresh` in the same one.
    `kept` is the resource as the server gave it; it is kept too. None: the nurse's own, not yet sent.
    """

    # what comes from the server, and what a nurse does here

    def put_person(self, person: Person, kept: Kept | None = None) -> None:
        """Say who a patient is. Tasks and readings may come before their Patient."""
        people.put_person(self.context, person)
        self._keep(kept)

    def put_practitioner(
        self, reference: str, login: str | None, name: str, kept: Kept | None = None
    ) -> None:
        """Say who `Practitioner/<id>` is."""
        people.put_practitioner(self.context, reference, login, name)
        self._keep(kept)

    def put_plan(self, record: PlanRecord, kept: Kept | None = None) -> None:
        """Put a CarePlan, active or not. One that can't be read leaves its last readable form in force."""
        plans.put_plan(self.context, record)
        self._keep(kept)

    def drop_plan(self, reference: str) -> None:
        """Take away a plan that the server no longer has."""
        plans.drop_plan(self.context, reference)

    def put_item(self, item: Item, kept: Kept | None = None, focus: str | None = None) -> None:
        """Put a work item as it is to be shown (pending changes laid over it).

        `focus` is the Task's (`DetectedIssue/<id>`): by it the item finds its episode, whichever comes first.
        An episode in the item is put too, where the cache doesn't have it.
        """
        work.put_item(self.context, item, kept, focus)
        self._keep(kept)

    def drop_item(self, task: str) -> None:
        """Take away an item: a local one that the server knows under another identity."""
        work.drop_item(self.context, task)

    def put_episode(self, episode: Episode, kept: Kept | None = None) -> None:
        """Put an episode: the server's with its DetectedIssue, or one that only this console has found."""
        work.put_episode(self.context, episode, kept)
        self._keep(kept)

    def drop_episode(self, episode_id: str) -> None:
        """Take away an episode that only this console had found."""
        work.drop_episode(self.context, episode_id)

    def put_readings(self, stored: Iterable[StoredReading], without: Iterable[ResourceVersion] = ()) -> None:
        """Put readings; each resource's earlier ones are replaced by these.

        `without` names the resources that give no reading, so that they aren't fetched again and what they
        gave before goes away. The resources themselves aren't kept.
        """
        readings.put_readings(self.context, stored, without)

    def put_entries(self, entries: Sequence[FeedEntry]) -> None:
        """Put readings as the compact feed tells of them, with or without the ids of their Observations.

        Each Observation's earlier readings are replaced, whichever way they came.
        """
        feed_entries.put_entries(self.context, entries)

    def forget_handles(self) -> None:
        """The feed's numbers of Observations mean something else from now on (another database)."""
        sources.forget_handles(self.context)

    def forget_readings(self, resource: str) -> None:
        """Take away a resource's readings and its version: `outbox/<op>` once the server has it."""
        readings.forget_readings(self.context, resource)

    def put_entry(
        self, patient: str, entry: TimelineEntry, kept: Kept | None = None, reference: str | None = None
    ) -> None:
        """Put a line of the timeline. Its `sent` is worked out from the outbox (op = the entry's id)."""
        timeline.put_entry(self.context, patient, entry, kept.reference if kept else reference)
        self._keep(kept)

    def drop_entry(self, entry_id: str) -> None:
        """Take away a line whose op was withdrawn before it was sent."""
        timeline.drop_entry(self.context, entry_id)

    def put_raw(self, kept: Kept) -> None:
        """Keep a resource of any other type (Flag, Organization, ServiceRequest, Questionnaire …)."""
        resources.put_resource(self.context, kept)

    def drop_raw(self, kind: str, logical_id: str) -> None:
        """Take away a resource that the server no longer has."""
        resources.drop_resource(self.context, kind, logical_id)

    def drop_raws(self, kind: str, ids: Sequence[str]) -> None:
        """Take away resources that were kept as they came, and needn't be any more."""
        resources.drop_resources(self.context, kind, ids)

    # outbox

    def queue_op(self, op: OutboxOp) -> None:
        """Add an op to the outbox; the same op twice is one."""
        outbox.queue_op(self.context, op)

    def set_op_state(
        self, op: str, state: OpState, answer: str | None = None, not_before: Instant | None = None
    ) -> None:
        """Say how an op fared; counts as one attempt. `not_before`: when a pending one may be tried again."""
        outbox.set_op_state(self.context, op, state, answer, not_before)

    def rewrite_op(
        self,
        op: str,
        body: bytes,
        base: str | None = None,
        tasks: Sequence[str] = (),
        summary: Mapping[str, str] | None = None,
    ) -> None:
        """Change what an unsent op sends; it is pending again. `tasks`: further ones that it changes."""
        outbox.rewrite_op(self.context, op, body, base, tasks, summary)

    def retry_op(self, op: str) -> None:
        """Let an op that was refused or in conflict wait to be sent again."""
        outbox.retry_op(self.context, op)

    def add_dependency(self, op: str, needs: str) -> None:
        """Let an unsent op wait for another one too."""
        outbox.add_dependency(self.context, op, needs)

    def drop_dependency(self, op: str, needs: str) -> None:
        """Let an op go ahead without another one that was withdrawn."""
        outbox.drop_dependency(self.context, op, needs)

    # what was typed and not signed, and the screen's lock

    def put_draft(self, draft: Draft) -> None:
        """Keep what a form says now, in place of what it said before."""
        drafts.put_draft(self.context, draft)

    def drop_draft(self, patient: str, form: str) -> None:
        """It was signed or emptied."""
        drafts.drop_draft(self.context, patient, form)

    def screen_lock(self) -> ScreenLock:
        """Whether the screen is locked, and what opens it."""
        return settings.read_lock(self.context)

    def set_lock(self, lock: ScreenLock) -> None:
        """Say whether the screen is locked, and what opens it."""
        settings.write_lock(self.context, lock)

    # access log

    def log_access(
        self,
        who: str,
        patients: Iterable[str],
        what: str,
        basis: str,
        *,
        at: Instant,
        op: str,
        reason: str | None = None,
        offline: bool = False,
    ) -> AccessEntry:
        """Add a line to the access log, before what it speaks of is shown. `op` is a new UUID."""
        content = access_log.AccessContent(0, at, who, tuple(patients), what, basis, reason, offline, op)
        return access_log.append(self.context, content)

    def access_sent(self, up_to: int) -> None:
        """Say that the server has all lines up to and including this number."""
        access_log.access_sent(self.context, up_to)

    # synchronising, profile

    def set_cursor(
        self, kind: str, value: str, next_link: str | None = None, complete: bool | None = None
    ) -> None:
        """Say how far a type has been pulled. `complete`: a walk has reached its end (None: as before)."""
        before = settings.read_cursor(self.context, kind)
        done = complete if complete is not None else before is not None and before.complete
        settings.write_cursor(self.context, kind, Cursor(value, next_link, done))

    def drop_cursor(self, kind: str) -> None:
        """Forget how far a walk has got: it begins anew."""
        settings.drop_cursor(self.context, kind)

    def set_marks(self, marks: SyncMarks) -> None:
        """Say how the last rounds of synchronising went."""
        settings.write_marks(self.context, marks)

    def set_profile(self, profile: Profile) -> None:
        """Say whose cache this is, where it comes from, and who is logged in."""
        settings.write_profile(self.context, profile)

    def take_lease(self, name: str, owner: str, now: Instant, until: Instant) -> bool:
        """Take or prolong a lease; False where another process holds it beyond `now`."""
        return settings.take_lease(self.context, name, owner, now, until)

    def release_lease(self, name: str, owner: str) -> None:
        """Give a lease back."""
        settings.release_lease(self.context, name, owner)

    def set_setting(self, name: str, value: bytes | None) -> None:
        """Keep a value under a name of the caller's own; None takes it away."""
        if value is None:
            settings.drop_setting(self.context, f"own-{name}")
        else:
            settings.write_setting(self.context, f"own-{name}", value)

    # this console's own judge

    def set_judged(
        self,
        patient: str,
        *,
        due: Instant | None,
        waits: Instant | None,
        differing: Iterable[str],
        now: Instant,
    ) -> None:
        """Say that a patient has been judged as of `now`, from what this transaction sees.

        `due`: when to judge her again though nothing comes. `waits`: when a wait for a reading was over that
        only another round can tell to have been in vain. `differing`: ids of the episodes that console and
        server differ about.
        """
        own_judging.set_judged(self.context, patient, due=due, waits=waits, differing=differing, now=now)

    # what the queue says

    def refresh(self, patients: Iterable[str], now: Instant) -> None:
        """Work out anew what the queue says of these patients, from their cached plan and readings.

        NEWS2, why each open item was raised, the kinds of their rules, the week's trend of the measure that
        the first item is about, plan, newest reading, newest contact.
        """
        for patient in patients:
            projection.refresh(self.context, patient, now)

    def _keep(self, kept: Kept | None) -> None:
        if kept is not None:
            resources.put_resource(self.context, kept)
