"""Sending one act: creates, changes of Tasks, amendments, each so that sending it again changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from fhir_r4 import systems
from fhir_r4.client import FhirClient
from fhir_r4.client_errors import FhirError, Forbidden, NotFound, PreconditionFailed, Refused
from fhir_r4.identifiers import escaped_token
from fhir_r4.outgoing import Outgoing, condition_of, with_literal_references
from fhir_r4.raw import Raw, decode, reference_of, text_at, uuid_of
from local_store import Store
from local_store.records import OutboxOp
from threshold_engine.model import Instant
from triage_tui.sync.answers import FORBIDDEN, GONE, REFUSED, UNREADABLE, Answer
from triage_tui.sync.send_amendment import Stale, send_amendments
from triage_tui.sync.send_change import Clash, TaskSender


@dataclass(frozen=True, slots=True)
class Sent:
    """The server has all of it."""

    answers: tuple[Raw, ...]
    """What the server has now of each resource."""


@dataclass(frozen=True, slots=True)
class Parked:
    """The server won't have it; the nurse sees why."""

    answer: Answer
    answers: tuple[Raw, ...] = ()


@dataclass(frozen=True, slots=True)
class InConflict:
    """Somebody else, or the patient's state, was quicker; the nurse settles it."""

    answer: Answer
    answers: tuple[Raw, ...] = ()


_UUID_TOKEN: Final = f"{systems.URI}|{systems.UUID_PREFIX}"

Outcome: TypeAlias = Sent | Parked | InConflict


class Sender:
    """Sends ops over one client."""

    def __init__(self, store: Store, client: FhirClient, now: Callable[[], Instant]) -> None:
        self._store, self._client = store, client
        self._tasks = TaskSender(store, client, now)

    def send(self, op: OutboxOp) -> Outcome:
        """Send one op.

        Raises:
            FhirError: One that the same request may get over (`may_retry`), or nobody is logged in: the op
                stays pending.
        """
        answers: list[Raw] = []
        try:
            outgoing = Outgoing.from_bytes(op.body)
        except ValueError:
            return Parked(Answer(UNREADABLE))
        try:
            for raw in outgoing.creates:
                answers.append(self._create(raw, answers))
            answers += self._tasks.send(outgoing.changes)
            answers += send_amendments(self._client, outgoing.amendments)
        except Clash as clash:
            return InConflict(clash.answer, (*answers, *clash.current))
        except Stale as stale:
            return Parked(stale.answer, (*answers, stale.current))
        except (Refused, Forbidden, NotFound, PreconditionFailed) as error:
            return Parked(_refusal(error), tuple(answers))
        return Sent(tuple(answers))

    def _create(self, raw: Raw, before: list[Raw]) -> Raw:
        """Create a resource unless the server has it; the server's form of it.

        `before`: what the same op has created, which it may refer to.
        """
        kind, condition = text_at(raw, "resourceType") or "", condition_of(raw)
        known = self._pulled(kind, uuid_of(raw))
        if known is not None:
            return known
        try:
            written = with_literal_references(raw, lambda kind, name: self._find(kind, name, before))
            stored = self._client.create(written, condition)
        except PreconditionFailed:
            # A race made two of them: either is the one.
            found = self._matching(kind, condition or "")
            if found is None:
                raise
            return found
        if stored.raw is not None:
            return stored.raw
        return self._client.read(*stored.reference.split("/"))

    def _pulled(self, kind: str, uuid: str | None) -> Raw | None:
        """One that came with a pull, because the answer to an earlier create was lost."""
        if uuid is None:
            return None
        with self._store.read() as snapshot:
            kept = snapshot.resource_by_identifier(uuid, kind)
        return None if kept is None else decode(kept.raw)

    def _matching(self, kind: str, condition: str) -> Raw | None:
        name, _, value = condition.partition("=")
        page = self._client.search(kind, {name: value})
        return min(page.resources, key=lambda raw: text_at(raw, "id") or "", default=None)

    def _find(self, kind: str, identifier: str, before: list[Raw]) -> str | None:
        """`<type>/<id>` of what is known by `<system>|<value>`; of a reading the server is asked."""
        uuid = identifier.lower().removeprefix(_UUID_TOKEN)
        if kind == "Observation" and uuid == identifier.lower():
            page = self._client.search(kind, {"identifier": escaped_token(identifier)})
            return min(map(reference_of, page.resources), default=None)
        for raw in before:
            if raw.get("resourceType") == kind and uuid_of(raw) == uuid:
                return reference_of(raw)
        with self._store.read() as snapshot:
            kept = snapshot.resource_by_identifier(uuid, kind)
        return None if kept is None else kept.reference


def _refusal(error: FhirError) -> Answer:
    if isinstance(error, NotFound):
        return Answer(GONE)
    said = error.diagnostics or str(error)
    return Answer(FORBIDDEN if isinstance(error, Forbidden) else REFUSED, {"answer": said})
