"""Making the judge's writes over HTTP, so that making them twice, or half of them, does no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import PreconditionFailed
from fhir_r4.judge import Create, Update, Write, put_in_order
from fhir_r4.raw import Raw, reference_of, text_at

Wrote = Callable[[Raw], None]
"""Told each resource as the server has it after a write."""


def write_all(client: FhirClient, writes: Iterable[Write], wrote: Wrote) -> int:
    """Make the writes in their order; gives how many changed something.

    Raises:
        PreconditionFailed: Somebody has changed what was to be updated; the patient is to be judged anew.
        FhirError: Any other refusal or fault; what was written before it stays and is found next time.
    """
    changed = 0

    def put(write: Write) -> str | None:
        nonlocal changed
        if isinstance(write, Update):
            stored = client.update(write.raw, write.if_match)
        else:
            try:
                stored = client.create(write.raw, f"identifier={write.identifier}")
            except PreconditionFailed:  # a race made two of them: either is the one
                return _already_there(client, write)
        changed += isinstance(write, Update) or stored.created
        if stored.raw is not None:
            wrote(stored.raw)
        return stored.reference

    put_in_order(writes, put)
    return changed


def _already_there(client: FhirClient, write: Create) -> str | None:
    found = client.search(text_at(write.raw, "resourceType") or "", {"identifier": write.identifier})
    first = min(found.resources, key=lambda raw: text_at(raw, "id") or "", default=None)
    return reference_of(first) if first is not None else None
