"""What can be read of the cache in one transaction: everything as it stood at one commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from local_store import (
    access_log,
    feed_entries,
    namesakes,
    outbox,
    own_judging,
    people,
    plans,
    readings,
    resources,
    settings,
    timeline,
    watching,
    work,
)
from local_store.context import Context
from local_store.deteriorations import deteriorations
from local_store.reading_lookup import readings_beside
from local_store.records import (
    AccessEntry,
    Cursor,
    Kept,
    PlanRecord,
    Profile,
    StoredEpisode,
    StoredItem,
    StoredOp,
    StoredReading,
    SyncMarks,
)
from local_store.views import Nurse, Person, TimelineEntry
from local_store.vocabulary import Lookup, Numbering, Words
from threshold_engine import Plan
from threshold_engine.model import Instant
from threshold_engine.readings import Reading
from threshold_engine.what_if import Deterioration

if TYPE_CHECKING:
    from threshold_engine.batch import Columns


class Snapshot:
    """A read transaction (`with store.read() as snapshot`). Every instant is passed in."""

    def __init__(self, connection: Connection, words: Numbering, patients: Numbering) -> None:
        self.context = Context(connection, Words(words, connection), Lookup(patients, connection))

    # who

    def profile(self) -> Profile | None:
        """Whose cache this is; None before `setup` has said it."""
        return settings.read_profile(self.context)

    def nurse(self) -> Nurse | None:
        """Who is logged in."""
        profile = self.profile()
        return None if profile is None else profile.nurse

    def person(self, patient: str) -> Person | None:
        """Who a patient is; None where the Patient hasn't been fetched."""
        return people.read_person(self.context, patient)

    def patients(self) -> frozenset[str]:
        """Logical ids of all patients whose Patient resource is here."""
        return people.known_patients(self.context)

    def namesakes(self, patient: str) -> list[str]:
        """Names of other patients that are equal to hers, or nearly."""
        return namesakes.namesakes(self.context, patient)

    def person_by_national_id(self, number: str) -> Person | None:
        """Who has a national identity number."""
        return people.person_by_national_id(self.context, number)

    def practitioner(self, reference: str) -> tuple[str | None, str] | None:
        """Login and display name of `Practitioner/<id>`."""
        return people.read_practitioner(self.context, reference)

    def practitioners(self, references: Iterable[str]) -> dict[str, tuple[str | None, str]]:
        """Login and display name of each reference that is known, in one query."""
        return people.practitioners(self.context, references)

    def practitioner_name(self, reference: str | None) -> str | None:
        """Display name of `Practitioner/<id>`, where it is known."""
        known = self.practitioner(reference) if reference else None
        return known[1] if known else None

    def practitioner_by_login(self, login: str) -> Nurse | None:
        """Who has a login name."""
        return people.practitioner_by_login(self.context, login)

    # resources

    def resource(self, kind: str, logical_id: str) -> Kept | None:
        """A resource as it came."""
        return resources.read_resource(self.context, kind, logical_id)

    def resource_by_identifier(self, uuid: str, kind: str | None = None) -> Kept | None:
        """A resource by the UUID of its identifier: a Task's raw by the item's `task`."""
        return resources.resource_by_identifier(self.context, uuid, kind)

    def resources_of(self, patient: str, kind: str) -> list[Kept]:
        """A patient's resources of one type."""
        return resources.resources_of(self.context, patient, kind)

    def resources_about(self, patient: str, kinds: Sequence[str]) -> list[Kept]:
        """A patient's resources of several types, in one query."""
        return resources.resources_about(self.context, patient, kinds)

    def resources_of_type(self, kind: str) -> list[Kept]:
        """All resources of a type of which a centre has few."""
        return resources.resources_of_type(self.context, kind)

    def resource_ids(self, kind: str) -> list[str]:
        """Logical ids of all kept resources of a type, for the daily reconciling."""
        return resources.resource_ids(self.context, kind)

    def known_version(self, kind: str, logical_id: str) -> str | None:
        """The versionId that the cache has of a resource."""
        return self.known_versions(kind, [logical_id]).get(logical_id)

    def known_versions(self, kind: str, ids: Sequence[str]) -> dict[str, str | None]:
        """Logical id → versionId of those of a page that the cache has (readings' resources too)."""
        return resources.known_versions(self.context, kind, ids)

    def known_handles(self, handles: Sequence[int]) -> dict[int, str | None]:
        """Handle → versionId of those Observations of a page of the feed that the cache has without their
        id."""
        return feed_entries.handle_versions(self.context, handles)

    def last_op(self) -> int:
        """Number of the newest act in the outbox; 0 where there is none."""
        return watching.last_op(self.context)

    # work

    def item(self, task: str) -> StoredItem | None:
        """An item by its Task's UUID."""
        return work.read_item(self.context, task)

    def item_by_prefix(self, text: str) -> StoredItem:
        """An item by its UUID or a unique beginning of it. Raises NoSuchTask, AmbiguousTask."""
        return work.item_by_prefix(self.context, text)

    def item_by_reference(self, reference: str) -> StoredItem | None:
        """An item by `Task/<id>`."""
        return work.item_by_reference(self.context, reference)

    def items_of(self, patient: str, closed_since: Instant | None = None) -> list[StoredItem]:
        """A patient's open items, and those closed at `closed_since` or later (None: only open ones)."""
        return work.items_of(self.context, patient, closed_since)

    def patients_at_work(self) -> list[str]:
        """Logical ids of patients who have open items."""
        return work.patients_at_work(self.context)

    def local_items(self) -> list[StoredItem]:
        """Open items that only this console has found."""
        return work.local_items(self.context)

    def episode(self, episode_id: str) -> StoredEpisode | None:
        """An episode by its id."""
        return work.read_episode(self.context, episode_id)

    def episodes_of(self, patient: str) -> list[StoredEpisode]:
        """A patient's episodes, oldest first."""
        return work.episodes_of(self.context, patient)

    # readings, plans, timeline

    def plan(self, patient: str) -> Plan | None:
        """The engine's plan that judges a patient; None where there is no readable one."""
        return plans.plan_in_force(self.context, patient).plan

    def engine_plans(self) -> dict[str, bytes]:
        """Logical id of each patient who has a readable plan → the engine's plan that judges her, as JSON."""
        return dict(plans.engine_plans(self.context))

    def engine_plan(self, patient: str) -> bytes | None:
        """The engine's plan that judges a patient, as JSON; None where there is no readable one."""
        return plans.engine_plan(self.context, patient)

    def deteriorations(self, patient: str | None = None) -> list[Deterioration]:
        """When patients are known to have got worse: alerts that ended in an escalation; of one or of all."""
        return deteriorations(self.context, patient)

    def plan_record(self, patient: str) -> PlanRecord | None:
        """The CarePlan that the plan is from (its `engine_plan` left out)."""
        return plans.plan_in_force(self.context, patient).record

    def readings_of(self, patient: str, since: Instant | None = None) -> list[Reading]:
        """A patient's readings as the engine wants them, measured at `since` or later (None: all)."""
        return [one.reading for one in readings.stored_readings(self.context, patient, since)]

    def stored_readings(
        self, patient: str, since: Instant | None = None, codes: Iterable[str] | None = None
    ) -> list[StoredReading]:
        """The same with the resources that they were made from; of some codes only, if given."""
        return list(readings.stored_readings(self.context, patient, since, codes))

    def first_reading(self, patient: str) -> Instant | None:
        """When the oldest of a patient's readings in the cache was measured."""
        return readings.first_reading(self.context, patient)

    def reading_columns(
        self,
        patients: Sequence[str],
        since: Instant | None,
        now: Instant,
        shown: Callable[[int], None] = lambda _done: None,
    ) -> Columns:
        """The readings of these patients measured at `since` or later (None: all) that are used at `now`.

        `shown` is told how many patients have been read. Ids are looked up when somebody asks for one, so the
        columns can only be judged while this transaction lasts.
        """
        from local_store.columns import reading_columns  # noqa: PLC0415 - numpy, which nothing else needs

        return reading_columns(self.context, patients, since, now, shown)

    def readings_beside(self, reading_id: str) -> list[StoredReading]:
        """The reading of this id and the others of its resource; empty where the cache lacks it."""
        return readings_beside(self.context, reading_id)

    def entries_of(self, patient: str, since: Instant | None = None) -> list[TimelineEntry]:
        """A patient's timeline, newest first."""
        return timeline.entries_of(self.context, patient, since)

    def entry(self, entry_id: str) -> tuple[str, TimelineEntry] | None:
        """A line of the timeline, with the patient's logical id."""
        return timeline.read_entry(self.context, entry_id)

    # this console's own judge

    def to_judge(self, now: Instant, limit: int) -> list[str]:
        """Patients whom this console's judge has to look at by `now`, those longest due first."""
        return own_judging.to_judge(self.context, now, limit)

    def next_judging(self) -> Instant | None:
        """When the next patient is to be judged though nothing new comes; 0: at once."""
        return own_judging.next_due(self.context)

    def is_changed(self, patient: str) -> bool:
        """Whether something that she is judged by has changed since she was judged."""
        return own_judging.is_changed(self.context, patient)

    def plan_problem(self, patient: str) -> str | None:
        """What is wrong with a patient's plans, in plain words; None where exactly one can be read."""
        return plans.plan_in_force(self.context, patient).problem

    def pending_bodies(self, patient: str) -> list[bytes]:
        """Bodies of all pending ops about a patient, oldest first."""
        return outbox.pending_bodies(self.context, patient)

    # outbox, access log, synchronising

    def op(self, op: str) -> StoredOp | None:
        """An op by its UUID."""
        return outbox.read_op(self.context, op)

    def find_op(self, text: str) -> StoredOp:
        """An op by its UUID or a unique beginning of it. Raises NoSuchOp, AmbiguousOp."""
        return outbox.find_op(self.context, text)

    def dependants(self, op: str) -> list[StoredOp]:
        """The unsent ops that wait for this one, oldest first."""
        return outbox.dependants(self.context, op)

    def last_unsent(self, patient: str, author: str) -> StoredOp | None:
        """What a nurse (login name) did last about a patient, as long as it is unsent."""
        return outbox.last_unsent(self.context, patient, author)

    def next_ops(self, limit: int, now: Instant) -> list[StoredOp]:
        """What may be sent now, oldest first, in the order that each patient's acts were done."""
        return outbox.next_ops(self.context, limit, now)

    def pending_changes(self, task: str) -> list[bytes]:
        """Bodies of the pending ops that change a Task, oldest first."""
        return outbox.pending_changes(self.context, task)

    def pending_amendments(self, kind: str) -> list[tuple[str, bytes]]:
        """Target and body of each pending op that amends resources of a type (`CarePlan`), oldest first."""
        return outbox.pending_amendments(self.context, kind)

    def ops_on_task(self, task: str) -> list[StoredOp]:
        """All unsent ops that change a Task, parked ones and conflicts too."""
        return outbox.ops_on_task(self.context, task)

    def unsent_access(self, limit: int) -> list[AccessEntry]:
        """The oldest lines of the access log that the server doesn't have."""
        return access_log.unsent_access(self.context, limit)

    def access_lines(
        self, patient: str | None = None, after: int = 0, limit: int = 1000
    ) -> list[AccessEntry]:
        """Lines of the access log numbered above `after`, of one patient or of all, oldest first."""
        return access_log.access_lines(self.context, patient, after, limit)

    def access_log_broken_at(self) -> int | None:
        """Number of the first line that isn't as it was written; None where the chain holds."""
        return access_log.broken_at(self.context)

    def cursor(self, kind: str) -> Cursor | None:
        """How far a type has been pulled; None before its first page."""
        return settings.read_cursor(self.context, kind)

    def marks(self) -> SyncMarks:
        """How the last rounds of synchronising went."""
        return settings.read_marks(self.context)

    def lease_holder(self, name: str, now: Instant) -> str | None:
        """Who holds a lease at `now`: `push` is the pusher's."""
        return settings.lease_holder(self.context, name, now)

    def setting(self, name: str) -> bytes | None:
        """A value that a caller keeps under a name of its own."""
        return settings.read_setting(self.context, f"own-{name}", bytes)
