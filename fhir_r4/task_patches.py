"""What the judge changes in a Task that stands already: patches that leave everything else as it was."""

from __future__ import annotations

from collections.abc import Iterable

from fhir_r4 import systems, work_facts
from fhir_r4.raw import Raw, child, patched, text_at, with_extension
from fhir_r4.references import relative, to
from fhir_r4.task_change import no_earlier_than
from fhir_r4.tasks import PRIORITY, outcome_concept
from threshold_engine.instants import format_instant
from threshold_engine.model import Instant
from work_items.model import Band, ItemState, Mark, Outcome


def modified(before: Raw, after: Raw, now: Instant) -> Raw:
    """`after` with `lastModified`, where anything else has changed at all."""
    if after == before:
        return before
    return {**after, "lastModified": no_earlier_than(now, text_at(after, "authoredOn"))}


def rebanded(raw: Raw, band: Band, respond_by: Instant | None = None) -> Raw:
    """Another priority, and (where given) another respond-by."""
    changed = patched(raw, {"priority": PRIORITY[band]})
    if respond_by is None:
        return changed
    restriction = child(raw, "restriction")
    period = {**child(restriction, "period"), "end": format_instant(respond_by)}
    return patched(changed, {"restriction": {**restriction, "period": period}})


def closed(raw: Raw, state: ItemState, at: Instant, outcome: str | None = None) -> Raw:
    """Completed or cancelled by the judge, ended at `at`."""
    period = dict(child(raw, "executionPeriod"))
    period["end"] = no_earlier_than(at, text_at(raw, "authoredOn"), text_at(period, "start"))
    wanted: Raw = {"status": state.value, "executionPeriod": period, "statusReason": None}
    if outcome is not None:
        wanted["businessStatus"] = outcome_concept(outcome)
    changed = with_extension(patched(raw, wanted), systems.SHELVED_UNTIL, None)
    return work_facts.with_facts(changed, {"shelved-at": [], "shelved-band": []})


def self_resolved(raw: Raw, at: Instant) -> Raw:
    """Completed since nothing is left to do and nobody had touched it."""
    return closed(raw, ItemState.COMPLETED, at, Outcome.SELF_RESOLVED.value)


def marked(raw: Raw, marks: Iterable[Mark]) -> Raw:
    """With exactly these marks of ours; marks that we don't know stay."""
    ours = {mark.value for mark in Mark}
    others = [word for word in work_facts.texts(raw, "mark") if word not in ours]
    wanted = sorted(mark.value for mark in marks)
    if sorted(work_facts.texts(raw, "mark")) == sorted(others + wanted):
        return raw
    return work_facts.with_facts(raw, {"mark": others + wanted})


def marks_of(raw: Raw) -> frozenset[Mark]:
    """The marks of a Task that we know."""
    words = work_facts.texts(raw, "mark")
    return frozenset(mark for mark in Mark if mark.value in words)


def replaced_by(raw: Raw, uuid: str) -> Raw:
    """With a reference to the Task that this one turned out to be the same as."""
    return with_extension(raw, systems.REPLACED_BY, {"valueUri": f"{systems.UUID_PREFIX}{uuid}"})


def taken_over(raw: Raw, owner: str, since: Instant | None) -> Raw:
    """Held by whoever held the other one; a Task that has an owner already keeps her."""
    if relative(raw, "owner") is not None:
        return raw
    period = dict(child(raw, "executionPeriod"))
    if since is not None:
        period["start"] = format_instant(since)
    wanted: Raw = {"owner": to(owner), "executionPeriod": period or None}
    if raw.get("status") == ItemState.REQUESTED.value:
        wanted["status"] = ItemState.IN_PROGRESS.value
    return patched(raw, wanted)


def touched(raw: Raw) -> Raw:
    """Marked as once owned or shelved."""
    return with_extension(raw, systems.TOUCHED, {"valueBoolean": True})


def absorbing(raw: Raw, uuids: Iterable[str]) -> Raw:
    """With these UUIDs too among those whose notes and contacts count for it."""
    before = work_facts.texts(raw, "absorbed")
    added = [uri for uuid in uuids if (uri := f"{systems.UUID_PREFIX}{uuid}") not in before]
    return work_facts.with_facts(raw, {"absorbed": sorted([*before, *added])}) if added else raw
