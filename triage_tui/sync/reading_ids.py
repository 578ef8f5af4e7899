"""Which Observation a reading comes from, asked of the server where the compact feed left it out.

The reading's id says it: `<system>|<value>` is the Observation's identifier. What is found is kept.
"""

from __future__ import annotations

from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotFound
from fhir_r4.identifiers import escaped_token
from local_store import Store
from local_store.identifiers import has_server_id
from local_store.snapshot import Snapshot
from triage_tui.sync.intake import Intake

_DOUBLES_AT_MOST: Final = 10


def resource_of(store: Store, client: FhirClient, patient: str, reading: str) -> str:
    """`Observation/<id>` (or `QuestionnaireResponse/<id>`) that a patient's cached reading comes from.

    Raises:
        NotFound: The cache has no such reading, or the server no such Observation of hers any more.
        FhirError: The server didn't answer.
    """
    with store.read() as snapshot:
        known = _known(snapshot, patient, reading)
    if known is not None:
        return known
    # of a panel's part the identifier is what comes before the last "#"
    identifiers = {reading, reading.rpartition("#")[0] or reading}
    wanted = ",".join(map(escaped_token, sorted(identifiers)))
    page = client.search(
        "Observation", {"patient": patient, "identifier": wanted, "_count": _DOUBLES_AT_MOST}
    )
    now = client.server_now()
    with store.write() as tx:
        intake = Intake(tx, now)
        for raw in page.resources:
            intake.take(raw)
        intake.finish()
        tx.refresh(intake.dirty, now)
        known = _known(tx, patient, reading)
    if known is None:
        raise NotFound("the server has no such Observation of hers any more")
    return known


def _known(snapshot: Snapshot, patient: str, reading: str) -> str | None:
    """The resource, where the cache has its id. Raises NotFound where it hasn't got the reading."""
    found = [one.resource for one in snapshot.stored_readings(patient) if one.reading.id == reading]
    if not found:
        raise NotFound("the cache has no such reading")
    return next(filter(has_server_id, found), None)
