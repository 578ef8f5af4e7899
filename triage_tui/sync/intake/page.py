"""A page of resources put into one transaction, whatever is wrong with any of them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Final

from fhir_r4.errors import BadElement
from fhir_r4.raw import Raw, reference_of
from fhir_r4.readings_feed import Plain
from local_store.records import Kept
from local_store.transaction import Transaction
from threshold_engine.model import Instant
from triage_tui.laid_over import put_task
from triage_tui.sync.intake import people, timeline, work
from triage_tui.sync.intake.kept import kept_of
from triage_tui.sync.intake.readings import ReadingIntake

_log = logging.getLogger(__name__)

_WRONG: Final = (ValueError, TypeError, LookupError, ArithmeticError)
"""What reading a malformed resource may raise; what the store raises is none of these."""


class Intake:
    """Resources of one transaction, read and put; call `finish` before the transaction ends.

    A malformed resource stops nothing: it is kept as it came, counted, and logged by its reference only.
    """

    def __init__(self, tx: Transaction, judged_at: Instant) -> None:
        """`judged_at`: the judge's now, by which readings dated ahead are told."""
        self._tx, self._now = tx, judged_at
        self._readings = ReadingIntake(tx, judged_at)
        self._mapped_anew: set[str] = set()
        self.dirty: set[str] = set()
        """Patients whose row may say something else now."""
        self.count: Counter[str] = Counter()
        """Type → resources put."""
        self.malformed = 0
        self.wanted_issues: set[str] = set()
        """Logical ids of DetectedIssues that open Tasks are about and the cache lacks."""

    def take(self, raw: Raw) -> None:
        """Put one resource."""
        kept = kept_of(raw)
        if kept is None:
            self.malformed += 1
            _log.warning("a resource without type or id was passed over")
            return
        try:
            self._put(raw, kept)
        except _WRONG as error:
            self.malformed += 1
            place = error.path if isinstance(error, BadElement) else type(error).__name__
            _log.warning("%s kept as it came: %s", reference_of(raw), place)
            self._tx.put_raw(kept)
        self.count[kept.type] += 1
        if kept.patient is not None:
            self.dirty.add(kept.patient)

    def take_entries(self, entries: Sequence[Plain]) -> None:
        """Put Observations that came by the compact feed."""
        self._readings.take_entries(entries)
        self.count["Observation"] += len(entries)
        self.dirty.update(entry.patient for entry in entries)

    def finish(self) -> None:
        """Write what was gathered over the page."""
        for patient in sorted(self._mapped_anew):
            self._readings.responses_again(patient)
        self._readings.put()

    def _put(self, raw: Raw, kept: Kept) -> None:
        tx = self._tx
        match kept.type:
            case "Task":
                put_task(tx, raw, kept)
                self.wanted_issues |= work.missing_issue(tx, raw)
            case "DetectedIssue":
                work.take_issue(tx, raw, kept)
            case "Patient":
                people.take_patient(tx, raw, kept, self._now)
            case "CarePlan":
                if people.take_plan(tx, raw, kept, self._now) and kept.patient is not None:
                    self._mapped_anew.add(kept.patient)
            case "Flag":
                people.take_flag(tx, raw, kept, self._now)
            case "Practitioner":
                people.take_practitioner(tx, raw, kept)
            case "Communication":
                timeline.take_communication(tx, raw, kept)
            case "ServiceRequest":
                timeline.take_request(tx, raw, kept)
            case "QuestionnaireResponse":
                self._readings.take_response(raw, kept)
            case "Observation":
                self._readings.take_observation(raw, kept)
            case _:
                tx.put_raw(kept)
