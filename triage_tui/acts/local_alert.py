"""An alert that only this console has found: published ahead of what the nurse does about it.

The server's judge adopts it by its identity, or by its overlap with the one that the server finds itself.
"""

from __future__ import annotations

from fhir_r4.issues import IMPLAUSIBLE, issue_of
from fhir_r4.raw import Raw
from fhir_r4.references import to_uuid
from fhir_r4.tasks import task_of
from local_store.identifiers import has_server_id
from local_store.records import StoredItem
from local_store.snapshot import Snapshot
from threshold_engine.model import Episode


def published(snapshot: Snapshot, stored: StoredItem) -> list[Raw]:
    """The DetectedIssue and Task to create, in this order; none where the server has or gets them."""
    item = stored.item
    if not item.local or stored.reference is not None or snapshot.ops_on_task(item.task):
        return []
    episode = item.episode
    if episode is None:
        return [task_of(item)]
    known = snapshot.episode(episode.id)
    focus = to_uuid("DetectedIssue", episode.id, known.reference if known else None)
    if known is not None and known.reference is not None:
        return [task_of(item, focus=focus)]
    plan = snapshot.plan(item.patient)
    rule = plan.rule(episode.rule, episode.onset) if plan else None
    codes = rule.codes if rule else _built_in(episode)
    issue = issue_of(episode, kind=item.kind, codes=codes, references=_resources(snapshot, item.patient))
    return [issue, task_of(item, focus=focus)]


def _built_in(episode: Episode) -> tuple[str, ...]:
    """The code of the engine's built-in rule `implausible:<code>`, which stands in no plan."""
    name, _, code = episode.rule.partition(":")
    return (code,) if name == IMPLAUSIBLE else ()


def _resources(snapshot: Snapshot, patient: str) -> dict[str, str]:
    """Reading → `<type>/<id>`; one that isn't sent yet is referred to by the identifier that it gets."""
    return {
        one.reading.id: one.resource
        for one in snapshot.stored_readings(patient)
        if has_server_id(one.resource) and not one.resource.startswith("outbox/")
    }
