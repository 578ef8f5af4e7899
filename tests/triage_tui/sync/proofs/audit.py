"""What must hold once all are online and all is quiet: nothing lost, nothing done twice, all caches equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from fhir_r4 import systems
from fhir_r4.client import FhirClient
from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import Raw, decode, members, text_at, uuid_of
from fhir_r4.references import relative
from fhir_r4.task_change import TaskChange, no_earlier_than
from fhir_r4.tasks import state_of
from local_store.records import StoredOp
from local_store.store import Store
from local_store.views import QueueEntry
from work_items import Centre, Mark

_IDENTIFIED = ("Task", "Communication", "DetectedIssue", "ServiceRequest", "Observation")
_TAKES = ("take", "takeover")
_EVER = 0


def all_of(client: FhirClient, kind: str, **params: str) -> Iterator[Raw]:
    """All resources of a type that the server has."""
    page = client.search(kind, {"_count": "500", **params})
    while True:
        yield from page.resources
        if page.next is None:
            return
        page = client.follow(page.next)


class OnServer:
    """What the server has in the end, read once."""

    def __init__(self, client: FhirClient, *patients: str) -> None:
        """`patients`: the only ones whose work is looked at, `Patient/<id>`; all without."""
        self._client = client
        self.resources = {
            kind: [raw for raw in all_of(client, kind) if not patients or _about(raw) in patients]
            for kind in _IDENTIFIED
        }
        self.tags = Counter(
            str(tag["code"])
            for raw in all_of(client, "AuditEvent")
            for tag in members(raw["meta"].get("tag"))
            if tag.get("system") == systems.OP
        )
        self._by_uuid = {uuid_of(raw): raw for kind in _IDENTIFIED for raw in self.resources[kind]}
        self._versions: dict[str, list[Raw]] = {}

    def check_no_doubles(self) -> None:
        """No identifier of ours, and no line of an access log, is there twice."""
        for kind, resources in self.resources.items():
            named = Counter(uuid_of(raw) for raw in resources if uuid_of(raw) is not None)
            doubled = {uuid: times for uuid, times in named.items() if times > 1}
            assert not doubled, f"{kind} twice: {doubled}"
        doubled = {tag: times for tag, times in self.tags.items() if times > 1}
        assert not doubled, f"AuditEvent twice: {doubled}"

    def check_histories(self, stored: Iterable[StoredOp]) -> None:
        """No Task changed hands without being taken over, and none that was closed was opened again."""
        takeovers = {
            (change.task, change.owner)
            for one in stored
            for change in Outgoing.from_bytes(one.op.body).changes
            if change.act == "takeover"
        }
        for raw in self.resources["Task"]:
            for before, after in pairwise(self._history(text_at(raw, "id") or "")):
                was, now = (relative(version, "owner") for version in (before, after))
                fair = was is None or now is None or was == now or (uuid_of(raw), now) in takeovers
                assert fair, f"{now} got what {was} had: {after}"
                open_again = not state_of(before).is_open and state_of(after).is_open
                assert not open_again, f"opened again: {after}"

    def check_op(self, stored: StoredOp) -> None:
        """A sent op is there, whatever it created once, and no change of a Task was made twice."""
        outgoing = Outgoing.from_bytes(stored.op.body)
        if stored.state == "sent":
            for raw in outgoing.creates:
                assert uuid_of(raw) in self._by_uuid, f"lost: {stored.op.act} {stored.op.op}"
            if stored.op.act == "complete":
                for change in outgoing.changes:
                    assert self._times(change) == 1, f"{self._times(change)} times: {change}"
        for change in outgoing.changes:
            if change.act == "open":  # leaves a mark, and nothing by which to tell whose
                continue
            assert self._times(change) <= 1, f"{self._times(change)} times: {change}"

    def _times(self, change: TaskChange) -> int:
        """How often the Task has become what the change makes of it, by the change's own stamp."""
        raw = self._by_uuid.get(change.task)
        if raw is None:
            return 0
        marks = [_mark(version) for version in self._history(text_at(raw, "id") or "")]
        mine = _stamp(change, raw)
        return sum(mark == mine != before for before, mark in pairwise([None, *marks]))

    def _history(self, logical_id: str) -> list[Raw]:
        """A Task's versions, oldest first."""
        if logical_id not in self._versions:
            bundle = decode(self._client.get(f"Task/{logical_id}/_history", {"_count": "500"}).body)
            versions = [entry["resource"] for entry in members(bundle.get("entry"))]
            self._versions[logical_id] = versions[::-1]
        return self._versions[logical_id]


def _about(raw: Raw) -> str | None:
    """Whom it is about, `Patient/<id>`: each type says so by another name."""
    return next((found for name in ("for", "subject", "patient") if (found := relative(raw, name))), None)


def _mark(version: Raw) -> tuple[str | None, str | None]:
    """Who did something last, and when."""
    return text_at(version, "lastModified"), text_at(version, "status")


def _stamp(change: TaskChange, raw: Raw) -> tuple[str | None, str | None]:
    status = {"release": "requested", "shelve": "on-hold", "complete": "completed"}.get(
        change.act, "in-progress"
    )
    return no_earlier_than(change.at, text_at(raw, "authoredOn")), status


def ops_of(store: Store, ops: Iterable[str]) -> list[StoredOp]:
    """What became of acts that said they were kept. None may be missing."""
    with store.read() as snapshot:
        found = {op: snapshot.op(op) for op in ops}
    vanished = [op for op, stored in found.items() if stored is None]
    assert not vanished, f"vanished from the outbox: {vanished}"
    return [stored for stored in found.values() if stored is not None]


def check_shown(store: Store, stored: Sequence[StoredOp]) -> None:
    """What is neither sent nor settled is shown to the nurse, with its reason."""
    shown = {row.op: row for row in store.outbox()}
    held = {task for one in stored if one.state == "sent" and one.op.act in _TAKES for task in one.op.tasks}
    for one in stored:
        assert one.state != "pending", f"still waits: {one.op.act} {one.op.op}: {one.answer}"
        if one.state in ("parked", "conflict"):
            assert one.op.op in shown and shown[one.op.op].answer, f"hidden: {one.op.act} {one.op.op}"
        if one.state == "withdrawn":  # a take that clashed, and she got it all the same
            assert one.op.act in _TAKES and held.issuperset(one.op.tasks), f"dropped: {one.op}"


def check_access_log(store: Store, server: OnServer) -> None:
    """Every line of the access log is on the server."""
    with store.read() as snapshot:
        assert snapshot.access_log_broken_at() is None
        lines = snapshot.access_lines()
    missing = [line.op for line in lines if server.tags[line.op] != 1]
    assert not missing, f"access log lacks {len(missing)} of {len(lines)}"


def contents(store: Store, patients: Sequence[str], now: int) -> dict[str, object]:
    """What a cache says, as far as it comes from the server."""
    with store.write() as tx:
        tx.refresh(patients, now)
    found: dict[str, object] = {}
    with store.read() as snapshot:
        for patient in patients:
            for item in snapshot.items_of(patient, _EVER):
                found[f"{patient} item {item.item.task}"] = item
            for entry in snapshot.entries_of(patient):
                found[f"{patient} line {entry.id}"] = entry
            for episode in snapshot.episodes_of(patient):
                found[f"{patient} episode {episode.episode.id}"] = episode
            for reading in snapshot.stored_readings(patient):
                # by the compact feed it comes without the resource's id
                found[f"{patient} reading {reading.reading.id}"] = replace(reading, resource="")
            found[f"{patient} person"] = snapshot.person(patient)
    for entry in store.queue(now, Centre()).entries:
        if entry.row.patient in patients:
            found[f"{entry.row.patient} queue"] = _without_old_reasons(entry)
    return found


def _without_old_reasons(entry: QueueEntry) -> QueueEntry:
    """Why an item was raised is kept by who saw it, when the reading behind it is withdrawn later."""
    withdrawn = {item.task for item in entry.row.items if Mark.WITHDRAWN in item.marks}
    return replace(entry, because={task: why for task, why in entry.because.items() if task not in withdrawn})


def check_equal(name: str, mine: dict[str, object], other: str, theirs: dict[str, object]) -> None:
    """Two caches say the same."""
    differing = [key for key in sorted(mine.keys() | theirs.keys()) if mine.get(key) != theirs.get(key)]
    told = "\n".join(
        f"{key}\n  {name}: {mine.get(key)}\n  {other}: {theirs.get(key)}" for key in differing[:3]
    )
    assert not differing, f"{len(differing)} differ:\n{told}"
