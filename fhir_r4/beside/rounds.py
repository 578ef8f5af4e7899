"""Rounds of judging: everybody first, then whoever something has changed for or time has come for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from fhir_r4.beside.changes import Changes
from fhir_r4.beside.lease import Lease
from fhir_r4.beside.patient_round import PatientRound
from fhir_r4.client import FhirClient
from fhir_r4.client_errors import FhirError
from fhir_r4.page_walk import PageWalk
from fhir_r4.raw import text_at
from fhir_r4.walk import Walk
from threshold_engine import Instant
from work_items import Centre

_WHOLE_AGAIN_S: Final = 86_400.0
"""Everybody is judged anew this often: what no search by change can tell (deletions) is seen then."""


@dataclass(slots=True)
class RoundReport:
    """What a round came to; counts and kinds only."""

    judged: int = 0
    written: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    """What went wrong → for how many patients; they are tried again in a minute."""


class Rounds:
    """Judges beside one server. All that it remembers may be lost: a new one begins with everybody."""

    def __init__(
        self,
        client: FhirClient,
        lease: Lease,
        centre: Centre,
        now: Callable[[], Instant],
        monotonic: Callable[[], float],
    ) -> None:
        """`now`: the server's now. `monotonic`: elapsed seconds."""
        self._client, self._lease = client, lease
        self._now, self._monotonic = now, monotonic
        self._changes = Changes(client, monotonic)
        self._patients = PatientRound(client, centre, now, self._changes.wrote)
        self._whole_at: float | None = None
        self._waiting: dict[str, None] = {}
        self._due: dict[str, Instant] = {}
        self.report = RoundReport()
        """Of the round under way, or the last one."""

    def round(self) -> bool:
        """Judge whoever is to be judged by now; False where another instance holds the lease.

        Raises:
            FhirError: The server can't be worked with now; the next round goes on where this one ended.
        """
        self.report = RoundReport()
        if not self._lease.hold():
            return False
        self._collect()
        while self._waiting:
            if not self._lease.hold():
                return False
            patient = next(iter(self._waiting))
            self._judge(patient)
            del self._waiting[patient]
        return True

    def seconds_until_due(self) -> float | None:
        """How long until time alone makes somebody worth judging; none where it doesn't."""
        first = min(self._due.values(), default=None)
        return None if first is None else max((first - self._now()) / 1000, 0.0)

    def _collect(self) -> None:
        """Note who is to be judged; who was noted before a fault still is."""
        if not self._is_everybodys_turn():
            self._waiting.update(dict.fromkeys(sorted(self._changes.patients())))
        if self._is_everybodys_turn():
            began = self._monotonic()
            self._changes.begin()
            self._waiting.update(dict.fromkeys(self._everybody()))
            self._whole_at = began
        now = self._now()
        self._waiting.update((patient, None) for patient, due in self._due.items() if due <= now)

    def _is_everybodys_turn(self) -> bool:
        whole_at = self._whole_at
        return whole_at is None or self._changes.missed or self._monotonic() - whole_at >= _WHOLE_AGAIN_S

    def _everybody(self) -> Iterator[str]:
        for page in PageWalk(self._client, Walk("Patient:all", "Patient", (), 500)):
            for raw in page.resources:
                logical = text_at(raw, "id")
                if logical is not None and raw.get("resourceType") == "Patient":
                    yield logical

    def _judge(self, patient: str) -> None:
        try:
            outcome = self._patients.judge(patient, self._changes.forms)
        except FhirError:
            del self._waiting[patient]
            self._waiting[patient] = None  # after the others, in case it is she whom the server stumbles over
            raise
        self._due.pop(patient, None)
        if outcome.due is not None:
            self._due[patient] = outcome.due
        self.report.judged += 1
        self.report.written += outcome.written
        if outcome.failure is not None:
            self.report.failures[outcome.failure] += 1
