"""Observation and QuestionnaireResponse → readings, gathered and put in one go for each page."""

from __future__ import annotations

from collections.abc import Sequence

from fhir_r4.care_plans import form_mapping_of, is_in_force, last_changed
from fhir_r4.codes import last_segment
from fhir_r4.observations import Observed
from fhir_r4.questionnaires import Form, FormMapping, form_of
from fhir_r4.raw import Raw, decode, reference_of, text_at, version_of
from fhir_r4.readings import observed
from fhir_r4.readings_feed import Plain
from fhir_r4.references import patient_of
from fhir_r4.told_readings import is_told, wrong_note
from local_store.records import Kept, ResourceVersion, StoredReading
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction
from threshold_engine.model import Instant
from triage_tui.amended import as_marked, entries_as_marked


class ReadingReader:
    """Reads resources as readings, with the forms and plans that the cache has; for one transaction."""

    def __init__(self, snapshot: Snapshot, judged_at: Instant) -> None:
        self._snapshot, self._judged_at = snapshot, judged_at
        self._forms: dict[str, Form] | None = None
        self._mappings: dict[str, FormMapping] = {}

    def read(self, raw: Raw) -> list[StoredReading]:
        """The readings of an Observation or QuestionnaireResponse. Raises BadElement."""
        mapping: FormMapping | None = None
        form: Form | None = None
        if raw.get("resourceType") == "QuestionnaireResponse":
            mapping = self._mapping(patient_of(raw))
            form = self._known_forms().get(last_segment(text_at(raw, "questionnaire") or ""))
        version = version_of(raw)
        return [
            StoredReading(one.reading, one.reference, version, one.unit, one.comparator, one.display)
            for one in observed(raw, judged_at=self._judged_at, mapping=mapping, form=form)
            if isinstance(one, Observed)
        ]

    def plan_changed(self, patient: str) -> None:
        """Forget which answers stand for which codes: the plan says so anew."""
        self._mappings.pop(patient, None)

    def _known_forms(self) -> dict[str, Form]:
        if self._forms is None:
            ids = self._snapshot.resource_ids("Questionnaire")
            kept = (self._snapshot.resource("Questionnaire", one) for one in ids)
            forms = (form_of(decode(one.raw)) for one in kept if one is not None)
            self._forms = {form.name: form for form in forms}
        return self._forms

    def _mapping(self, patient: str | None) -> FormMapping:
        if patient is None:
            return {}
        if patient not in self._mappings:
            plans = [decode(kept.raw) for kept in self._snapshot.resources_of(patient, "CarePlan")]
            in_force = last_changed(raw for raw in plans if is_in_force(raw))
            self._mappings[patient] = form_mapping_of(in_force[0]) if in_force else {}
        return self._mappings[patient]


class ReadingIntake:
    """Readings of one page; `put` writes them."""

    def __init__(self, tx: Transaction, judged_at: Instant) -> None:
        self._tx, self._reader = tx, ReadingReader(tx, judged_at)
        self._stored: list[StoredReading] = []
        self._without: list[ResourceVersion] = []
        self._entries: list[Plain] = []
        self._no_raw: list[str] = []

    def take_observation(self, raw: Raw, kept: Kept) -> None:
        """Gather an Observation's readings. Raises BadElement.

        Kept as it came is one that gives none, and one that says more than its readings do: that it was told
        by phone, or who marked it as wrong and why.
        """
        if self._gather(raw) and not is_told(raw) and wrong_note(raw) is None:
            self._no_raw.append(kept.id)  # kept as it came while it gave none
        else:
            self._tx.put_raw(kept)

    def take_entries(self, entries: Sequence[Plain]) -> None:
        """Gather Observations that came by the compact feed."""
        self._entries += entries
        self._no_raw += (entry.id for entry in entries if entry.id is not None)

    def take_response(self, raw: Raw, kept: Kept) -> None:
        """Gather an answered form's readings, and keep it for showing. Raises BadElement."""
        self._gather(raw)
        self._tx.put_raw(kept)

    def responses_again(self, patient: str) -> None:
        """Read a patient's kept forms once more: other answers stand for the engine's codes now."""
        self._reader.plan_changed(patient)
        for kept in self._tx.resources_of(patient, "QuestionnaireResponse"):
            self.take_response(decode(kept.raw), kept)

    def put(self) -> None:
        """Write what was gathered."""
        self._tx.put_readings(as_marked(self._tx, self._stored), self._without)
        if self._entries:
            self._tx.put_entries(entries_as_marked(self._tx, self._entries))
        if self._no_raw:
            self._tx.drop_raws("Observation", self._no_raw)
        self._stored, self._without, self._entries, self._no_raw = [], [], [], []

    def _gather(self, raw: Raw) -> bool:
        found = self._reader.read(raw)
        self._stored += found
        if not found:
            self._without.append(ResourceVersion(reference_of(raw), version_of(raw)))
        return bool(found)
