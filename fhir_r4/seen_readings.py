"""One patient's readings as they have been judged, carried on from one judging to the next.

New readings and time are fed to the engine; the resources that earlier ones came in needn't be read again.
Whatever could make another answer of what has been judged (another plan, a correction, a reading from before
what is kept, time that has gone back) makes `go_on` refuse: then everything is to be judged anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fhir_r4.compartment import Evidence
from fhir_r4.observations import AHEAD, Observed, Unusable
from fhir_r4.reading_facts import ReadingFacts
from threshold_engine import Instant, PatientJudge, judge_patient, parse_instant
from threshold_engine.abridging import passes, takes


class SeenReadings:
    """What has become of all readings of a patient by `now`."""

    def __init__(
        self,
        evidence: Evidence,
        now: Instant,
        forms: int | None,
        judgement: PatientJudge | None,
        facts: ReadingFacts,
    ) -> None:
        """As `judged_anew` or `seen_state.resumed` make it."""
        document = evidence.choice.document
        self.now = now
        self.judgement = judgement
        """None without a readable plan."""
        self.facts = facts
        self.forms = forms
        """By which Questionnaires answers were read; none where there are no answers."""
        self.mapping: Mapping[str, str] = document.form_mapping if document else {}
        """By which the plan has answers stand for measures."""
        self.unusable = evidence.unusable
        self._choice = evidence.choice
        self._until = _first_usable(self.unusable)

    @property
    def evidence(self) -> Evidence:
        """What the judge goes by, as of `now`."""
        return Evidence(self._choice, (), self.unusable, carried=self.facts)

    def go_on(self, evidence: Evidence, now: Instant, forms: int) -> bool:
        """Take in new readings, and let time pass up to `now`.

        `evidence`: the plan as it is now, and the readings of new resources only. `forms`: as in
        `judged_anew`. False where everything has to be judged anew; then this object is of no use any more.
        """
        if not self._may_go_on(evidence, now, forms):
            return False
        since, judge = self.facts.since, self.judgement
        if judge is not None:
            if since is not None and not passes(judge, now, since):
                return False
            judge.advance(now)
        for found in evidence.observed:
            if judge is not None and not self._feed(judge, found, now):
                return False
            self.facts.note(found)
        self._choice = evidence.choice
        if evidence.unusable:
            self.unusable += evidence.unusable
            self._until = _first_usable(self.unusable)
        if evidence.answered:
            self.forms = forms
        self.now = now
        return True

    def _may_go_on(self, evidence: Evidence, now: Instant, forms: int) -> bool:
        document, judge = evidence.choice.document, self.judgement
        if now < self.now or (self._until is not None and now >= self._until):
            return False
        if document is None or judge is None:
            return document is None and judge is None and self.forms in (None, forms)
        same_plan = document.plan is judge.plan or document.plan == judge.plan
        return same_plan and document.form_mapping == self.mapping and self.forms in (None, forms)

    def _feed(self, judge: PatientJudge, found: Observed, now: Instant) -> bool:
        reading, since = found.reading, self.facts.since
        known = judge.known.get(reading.id)
        if known is not None:  # two readings with one id: which of them counts is seen from all
            return False
        if since is not None and not takes(judge, reading, since):
            return False
        judge.feed(reading, now)
        return True


def judged_anew(evidence: Evidence, now: Instant, forms: int) -> SeenReadings:
    """Judge all readings there are. `forms`: another number whenever any Questionnaire has changed."""
    document = evidence.choice.document
    judgement = judge_patient(document.plan, evidence.readings, now) if document else None
    by = forms if evidence.answered else None
    return SeenReadings(evidence, now, by, judgement, ReadingFacts.of(evidence.observed))


def _first_usable(unusable: Iterable[Unusable]) -> Instant | None:
    """When time alone makes the first of them usable: one that is dated ahead."""
    found: list[Instant] = []
    for one in unusable:
        try:
            found.append(parse_instant(one.text) - AHEAD)
        except ValueError:
            continue  # its time or unit stays unusable
    return min(found, default=None)
