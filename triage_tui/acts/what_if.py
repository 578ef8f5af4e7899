"""Other limits tried out on what the cache holds of a patient, or of the whole centre. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from local_store import Store
from threshold_engine import EngineError, Plan, load_case, read_plan
from threshold_engine.instants import DAY
from threshold_engine.model import Instant
from threshold_engine.what_if import RuleChanges, Trial, WhatIf, for_whom_has, trial_of, what_if
from triage_tui.acts import sentences
from triage_tui.acts.refused import ActRefused

if TYPE_CHECKING:
    from local_store import Snapshot

HELD_DAYS: Final = 90
"""As far back the cache holds everything: the first pull's bound. What is older it holds in part."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which time is tried."""

    now: Instant
    days: int

    def begin(self, plan: Plan, oldest: Instant | None) -> Instant:
        """When a patient's span begins: never before she was followed, nor before the cache knows of her.

        `oldest`: when the oldest of her readings in the cache was measured.
        """
        starts = [version.valid_from for version in plan.versions]
        held = self.now - HELD_DAYS * DAY
        if oldest is not None:
            starts.append(oldest)
            held = min(held, oldest)
        return max(self.now - self.days * DAY, held, min(starts, default=self.now))


@dataclass(frozen=True, slots=True)
class Tried:
    """What was found, and about whom."""

    answer: WhatIf
    span: Span
    patients: tuple[str, ...]
    """Those on whom it was tried, sorted."""
    begin: Instant
    """The beginning of the earliest patient's span."""
    held_since: Instant | None
    """When the oldest of their readings in the cache was measured."""
    without: int = 0
    """How many others have a plan without such a rule."""
    planless: int = 0
    """How many others have no plan in force that can be read."""
    refused: tuple[tuple[str, EngineError], ...] = ()
    """Patients whose plan doesn't take the change, and why."""


def try_on_patient(store: Store, patient: str, changes: RuleChanges, span: Span) -> Tried:
    """Try changed limits on one patient.

    Raises:
        ActRefused: She has no plan that can be read.
        EngineError: Her plan isn't in force, or doesn't take the change.
    """
    with store.read() as snapshot:
        engine = snapshot.engine_plan(patient)
        if engine is None:
            raise ActRefused(sentences.NO_PLAN_TO_TRY)
        oldest = snapshot.first_reading(patient)
        raw = _plan(engine)
        trial = trial_of(raw, patient, changes, span.begin(read_plan(raw, patient), oldest), span.now)
        readings = snapshot.readings_of(patient, trial.looks_back_to)
        known = snapshot.deteriorations(patient)
    answer = what_if([trial], readings, span.now, known)
    return Tried(answer, span, (patient,), trial.begin, oldest)


def try_on_all(
    store: Store,
    changes: RuleChanges,
    span: Span,
    *,
    may_see: Callable[[list[str]], None],
    shown: Callable[[int, int], None] = lambda _done, _total: None,
) -> Tried:
    """Try changed limits on all whose plan in force has any rule of those ids; others are counted only.

    `may_see` is told on whom, before anything about them is given; `shown` how many patients have been read,
    and of how many.

    Raises:
        ActRefused: Nobody has such a rule.
        EngineError: Nobody's plan takes the change; the first one's reason.
    """
    from threshold_engine.what_if.in_columns import what_if_in_columns  # noqa: PLC0415 - numpy

    with store.read() as snapshot:
        found = _Trials(changes, span)
        for patient, engine in sorted(snapshot.engine_plans().items()):
            found.add(snapshot, patient, engine)
        patients = [trial.patient for trial in found.trials]
        may_see([*patients, *(patient for patient, _ in found.refused)])
        if not patients:
            raise found.why_nobody()
        since = min(trial.looks_back_to for trial in found.trials)
        columns = snapshot.reading_columns(patients, since, span.now, lambda done: shown(done, len(patients)))
        answer = what_if_in_columns(found.trials, columns, span.now, snapshot.deteriorations())
        planless = len(snapshot.patients() - found.planned)
    return Tried(
        answer,
        span,
        tuple(patients),
        min(trial.begin for trial in found.trials),
        min(found.oldest, default=None),
        found.without,
        planless,
        tuple(found.refused),
    )


class _Trials:
    """The trials of a centre, as they are made one after the other."""

    def __init__(self, changes: RuleChanges, span: Span) -> None:
        self._changes, self._span = changes, span
        self.trials: list[Trial] = []
        self.oldest: list[Instant] = []
        self.without = 0
        self.planned: set[str] = set()
        """Patients with a plan in force."""
        self.rules: set[str] = set()
        """The ids of all rules in force."""
        self.refused: list[tuple[str, EngineError]] = []

    def add(self, snapshot: Snapshot, patient: str, engine: bytes) -> None:
        """Make a patient's trial, if she has any of the rules."""
        raw = _plan(engine)
        plan = read_plan(raw, patient)
        in_force = plan.in_force(self._span.now)
        if in_force is None:
            return
        rules = {rule.id for rule in in_force.rules}
        self.planned.add(patient)
        self.rules |= rules
        if rules.isdisjoint(self._changes):
            self.without += 1
            return
        oldest = snapshot.first_reading(patient)
        begin = self._span.begin(plan, oldest)
        mine = for_whom_has(self._changes, rules)
        try:
            self.trials.append(trial_of(raw, patient, mine, begin, self._span.now))
        except EngineError as error:
            self.refused.append((patient, error))
            return
        if oldest is not None:
            self.oldest.append(oldest)

    def why_nobody(self) -> Exception:
        """Why there is nothing to try."""
        if self.refused:
            return self.refused[0][1]
        asked, known = (", ".join(sorted(rules)) or "-" for rules in (self._changes, self.rules))
        return ActRefused(sentences.NOBODY_HAS_IT, rules=asked, known=known)


def _plan(engine: bytes) -> Mapping[str, object]:
    raw = load_case(engine)
    assert isinstance(raw, Mapping)  # noqa: S101 - the cache only keeps plans that could be read
    return raw
