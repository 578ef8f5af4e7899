"""What the judge goes by about a patient's readings beside what the engine finds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from fhir_r4.codes import ENGINE_TO_CODING, is_form_code
from fhir_r4.observations import Observed
from threshold_engine import Episode, Instant, Level, PatientJudge, Step, plausible_range

IMPOSSIBLE_CODES: Final = frozenset({"spo2", "pulse", "bp_sys", "glucose"})
"""Measures of which a value out of range may yet be true: measure again."""


@dataclass(slots=True)
class ReadingFacts:
    """Of all readings, or of as many as can still matter."""

    references: dict[str, str] = field(default_factory=dict)
    """Reading id → `<type>/<id>` of its resource."""
    received: dict[str, Instant] = field(default_factory=dict)
    """Reading id → when it was received, where somebody says so."""
    impossible: set[str] = field(default_factory=set)
    """Ids of those that are numbers out of range, of the measures above."""
    measured: bool = False
    """Whether anything arrived that a plan would be made for: laboratory values and the like are not."""
    last_measured: Instant | None = None
    """When the newest of those was measured."""
    since: Instant | None = None
    """Readings that stand earlier may be forgotten; none: all are known."""
    earlier: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    """Of rules that had alerts before `since`: the readings during them that were beyond by themselves."""

    @classmethod
    def of(cls, observed: Iterable[Observed]) -> ReadingFacts:
        """Of these readings, which are all there are."""
        facts = cls()
        for found in observed:
            facts.note(found)
        return facts

    def note(self, found: Observed) -> None:
        """Take in one more."""
        reading = found.reading
        self.references[reading.id] = found.reference
        if reading.received is not None:
            self.received[reading.id] = reading.received
        if _is_impossible(reading.code, reading.value):
            self.impossible.add(reading.id)
        if not reading.withdrawn and is_measure(reading.code):
            self.measured = True
            if self.last_measured is None or reading.effective > self.last_measured:
                self.last_measured = reading.effective

    def steps(self, judgement: PatientJudge | None) -> Mapping[str, tuple[Step, ...]]:
        """What each rule with an alert judged, by instant; before `since` only what was beyond during one."""
        return _Steps(self, judgement)

    def abridged(self, judgement: PatientJudge | None, ids: Iterable[str], since: Instant) -> ReadingFacts:
        """What still can matter when only these readings are at hand, and all from `since` on."""
        steps = self.steps(judgement)
        episodes = judgement.episodes if judgement else ()
        earlier: dict[str, tuple[Step, ...]] = {}
        for rule in steps:
            alerts = [episode for episode in episodes if episode.rule == rule]
            beyond = tuple(_beyond_before(steps[rule], alerts, since))
            if beyond:
                earlier[rule] = beyond
        told = {change.reading for episode in episodes for change in episode.changes}
        kept = {*ids, *(reading for reading in told if reading is not None)}
        judged = kept | {step.reading for taken in earlier.values() for step in taken}
        return ReadingFacts(
            references={one: self.references[one] for one in kept if one in self.references},
            received={one: self.received[one] for one in judged if one in self.received},
            impossible=self.impossible & judged,
            measured=self.measured,
            last_measured=self.last_measured,
            since=since,
            earlier=earlier,
        )


def is_measure(code: str) -> bool:
    """Whether a plan would be made for a measure of this code."""
    return code in ENGINE_TO_CODING or is_form_code(code)


class _Steps(Mapping[str, tuple[Step, ...]]):
    """Looked at for some alerts only, since each rule's means going through all readings of its codes."""

    def __init__(self, facts: ReadingFacts, judgement: PatientJudge | None) -> None:
        self._facts = facts
        self._judgement = judgement
        self._rules = {episode.rule for episode in judgement.episodes} if judgement else set()
        self._found: dict[str, tuple[Step, ...]] = {}

    def __getitem__(self, rule: str) -> tuple[Step, ...]:
        if self._judgement is None or rule not in self._rules:
            raise KeyError(rule)
        if rule not in self._found:
            steps, since = self._judgement.steps(rule), self._facts.since
            if since is not None:
                later = steps[bisect_left(steps, since, key=_instant) :]
                steps = (*self._facts.earlier.get(rule, ()), *later)
            self._found[rule] = steps
        return self._found[rule]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


def _instant(step: Step) -> Instant:
    return step.at


def _beyond_before(steps: Iterable[Step], alerts: Iterable[Episode], since: Instant) -> Iterator[Step]:
    spans = [(episode.onset, episode.cleared) for episode in alerts]
    for step in steps:
        if step.at >= since:
            return
        within = any(start <= step.at and (end is None or step.at < end) for start, end in spans)
        if step.beyond > Level.GREEN and within:
            yield step


def _is_impossible(code: str, value: object) -> bool:
    span = plausible_range(code)
    if code not in IMPOSSIBLE_CODES or span is None or isinstance(value, bool) or not isinstance(value, int):
        return False
    return not span[0] <= value <= span[1]
