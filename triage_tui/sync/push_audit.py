"""Sending the access log: each line an AuditEvent, created once by the tag that it carries."""

from __future__ import annotations

import logging
from typing import Final

from fhir_r4.audit import Access, audit_event
from fhir_r4.client import FhirClient
from fhir_r4.client_errors import FhirError, PreconditionFailed
from fhir_r4.outgoing import condition_of
from fhir_r4.raw import Raw
from local_store import Store
from local_store.records import AccessEntry
from local_store.snapshot import Snapshot

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 50
_BREAK_THE_GLASS: Final = "blålys"
NOBODY: Final = "nobody logged in"
"""Who looked before anybody had logged in, on a server without logins."""


def push_audit(store: Store, client: FhirClient) -> int:
    """Send what the server lacks of the access log, oldest first; how many lines it was.

    Lines stay where they are when the server won't have them: nothing that a nurse did waits for them, and
    they are tried again each round.

    Raises:
        FhirError: One that the same request may get over; the lines stay unsent.
    """
    sent = 0
    while True:
        with store.read() as snapshot:
            entries = snapshot.unsent_access(_AT_ONCE)
            events = [_event(snapshot, entry) for entry in entries]
        for entry, event in zip(entries, events, strict=True):
            if event is None or not _create(client, event):
                return sent
            with store.write() as tx:
                tx.access_sent(entry.seq)
            sent += 1
        if not entries:
            return sent


def _create(client: FhirClient, event: Raw) -> bool:
    try:
        client.create(event, condition_of(event))
    except PreconditionFailed:
        return True  # there are two already
    except FhirError as error:
        if error.may_retry:
            raise
        _log.warning("the server refused a line of the access log: %s", type(error).__name__)
        return False
    return True


def _event(snapshot: Snapshot, entry: AccessEntry) -> Raw | None:
    """None where it isn't known yet which Practitioner the login is."""
    nurse = snapshot.practitioner_by_login(entry.who) or snapshot.nurse()
    if entry.who and (nurse is None or nurse.login != entry.who):
        return None
    access = Access(
        at=entry.at,
        who=nurse.reference if nurse and entry.who else None,
        who_name=nurse.name if nurse and entry.who else NOBODY,
        patients=entry.patients,
        shown=entry.what,
        basis="blålys" if entry.basis == _BREAK_THE_GLASS else "tjenstlig behov",
        reason=entry.reason,
        offline=entry.offline,
    )
    return audit_event(entry.op, access)
