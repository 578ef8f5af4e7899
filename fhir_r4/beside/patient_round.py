"""Judging one patient over HTTP: read, judge, write; and again where somebody was quicker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from fhir_r4 import systems
from fhir_r4.beside.compartment_by_search import read_compartment
from fhir_r4.beside.writing import Wrote, write_all
from fhir_r4.client import FhirClient
from fhir_r4.client_errors import (
    Busy,
    FhirError,
    LoginRefused,
    NotAFhirServer,
    PreconditionFailed,
    ServerFailed,
    ServerUnreachable,
)
from fhir_r4.compartment import Compartment
from fhir_r4.faults import told
from fhir_r4.judge import Write, judge
from fhir_r4.judge_failure import writes_of_failure
from fhir_r4.raw import Raw
from threshold_engine import Instant
from work_items import Centre, ItemCode

AGAIN_MS: Final = 60_000
"""When to try again what failed for one patient."""
_TRIES: Final = 5
_GATEWAY: Final = frozenset((502, 504))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What judging a patient came to."""

    written: int = 0
    due: Instant | None = None
    """When she is to be judged again though nothing has come."""
    failure: str | None = None
    """What went wrong, without a word about her; none where all was done."""


@dataclass(frozen=True, slots=True)
class PatientRound:
    """Judges patients of one server."""

    client: FhirClient
    centre: Centre
    now: Callable[[], Instant]
    """The server's now."""
    wrote: Wrote

    def judge(self, patient: str, forms: Sequence[Raw]) -> Outcome:
        """Judge a patient (logical id) and write what is found. `forms`: the server's Questionnaires.

        Raises:
            FhirError: The server as a whole can't be worked with now (network, login, 429, a gateway's page).
        """
        try:
            for _ in range(_TRIES):
                try:
                    return self._once(patient, forms)
                except PreconditionFailed:
                    continue  # a nurse was quicker: what she did is read with the rest
        except (Busy, LoginRefused, NotAFhirServer, ServerUnreachable):
            raise
        except FhirError as error:
            if isinstance(error, ServerFailed) and error.status in _GATEWAY:
                raise
            return self._failed(f"{type(error).__name__}, {error}")
        return self._failed("changed by others again and again")

    def _once(self, patient: str, forms: Sequence[Raw]) -> Outcome:
        compartment = read_compartment(self.client, patient, forms)
        if compartment is None:
            return Outcome()
        now = self.now()
        found = self._find(compartment, now)
        if isinstance(found, str):
            written = write_all(self.client, self._failure_item(patient, now), self.wrote)
            return Outcome(written, now + AGAIN_MS, found)
        writes, due = found
        return Outcome(write_all(self.client, writes, self.wrote), due)

    def _find(self, compartment: Compartment, now: Instant) -> tuple[Sequence[Write], Instant | None] | str:
        """The writes and when she is due next; or how the judge itself failed, without values."""
        try:
            judged = judge(compartment, now, self.centre)
            return judged.writes, judged.next_due()
        except Exception as error:  # noqa: BLE001 - one patient's odd data must not hold up the others
            return f"the judge failed: {told(error)}"

    def _failure_item(self, patient: str, now: Instant) -> list[Write]:
        """A work item that tells a nurse."""
        code = f"{systems.WORK}|{ItemCode.TECHNICAL.value}"
        page = self.client.search("Task", {"patient": f"Patient/{patient}", "code": code, "_count": 1000})
        return writes_of_failure(patient, page.resources, now, self.centre)

    def _failed(self, why: str) -> Outcome:
        return Outcome(due=self.now() + AGAIN_MS, failure=why)
