"""Amendments of readings and plans: applied to what the server has now, and put with the version read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fhir_r4.amendment import Amendment
from fhir_r4.client import FhirClient
from fhir_r4.client_errors import Busy, NotFound, PreconditionFailed
from fhir_r4.errors import BadPlan
from fhir_r4.identifiers import escaped_token
from fhir_r4.raw import Raw, text_at, version_of
from triage_tui.sync.answers import PLAN_OVER, READING_CHANGED, UNREADABLE, Answer

REBASES_AT_MOST: Final = 5
"""Times that a resource may change between reading and writing before the op waits for the next push."""


class Stale(Exception):
    """What the nurse changed isn't there any more.

    Attributes:
        answer: Why, for the nurse.
        current: What the server has now.
    """

    def __init__(self, answer: Answer, current: Raw) -> None:
        super().__init__(str(answer))
        self.answer = answer
        self.current = current


def send_amendments(client: FhirClient, amendments: Iterable[Amendment]) -> list[Raw]:
    """Send all amendments of one op; what the server has now of each resource.

    Each is read first: the cache keeps no Observations as they came, and a plan may have changed.

    Raises:
        Stale: One can't be applied.
        FhirError: What the server answered.
    """
    return [_put(client, amendment, _read(client, amendment)) for amendment in amendments]


def _read(client: FhirClient, amendment: Amendment) -> Raw:
    if amendment.id is not None:
        return client.read(amendment.type, amendment.id)
    page = client.search(amendment.type, {"identifier": escaped_token(amendment.identifier)})
    found = min(page.resources, key=lambda raw: text_at(raw, "id") or "", default=None)
    if found is None:
        raise NotFound("no resource has that identifier")
    return found


def _put(client: FhirClient, amendment: Amendment, current: Raw) -> Raw:
    for _ in range(REBASES_AT_MOST):
        if amendment.is_stale(current):
            answer = Answer(READING_CHANGED if amendment.type == "Observation" else PLAN_OVER)
            raise Stale(answer, current)
        try:
            wanted = amendment.apply(current)
        except BadPlan:
            raise Stale(Answer(UNREADABLE), current) from None
        if wanted == current:
            return current  # the answer to an earlier try was lost
        try:
            stored = client.update(wanted, version_of(current))
        except PreconditionFailed:
            current = _read(client, amendment)
            continue
        return stored.raw if stored.raw is not None else client.read(*stored.reference.split("/"))
    raise Busy("the resource changes faster than it can be written")
