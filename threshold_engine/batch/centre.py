"""One judging of a centre under way: its patients' readings, and what has been found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from threshold_engine.batch.columns import Columns, OfColumns
from threshold_engine.implausible import ImplausibleTrack
from threshold_engine.kinds import track_of
from threshold_engine.lives import RuleLife
from threshold_engine.model import Change, Instant
from threshold_engine.plans import Plan
from threshold_engine.rule_reading import BUILT_IN
from threshold_engine.selection import Usable
from threshold_engine.track import Life, Track


class Judged(NamedTuple):
    """A life of a patient's rule that has left green."""

    patient: str
    rule: str
    life: Life
    changes: Sequence[Change]


class Centre:
    """One judging under way: the patients' readings, and what has been found."""

    def __init__(self, plans: Sequence[Plan], columns: Columns, now: Instant) -> None:
        self.plans = plans
        self.columns = columns
        self.now = now
        self.found: list[Judged] = []
        self._usable: dict[int, Usable] = {}
        self._index = {patient: index for index, patient in enumerate(columns.patients)}

    def readings(self, index: int) -> Usable:
        """A patient's readings, taken out of the columns."""
        found = self._usable.get(index)
        if found is None:
            found = self._usable[index] = OfColumns(self.columns, index)
        return found

    def reading_at(self, index: int, codes: Sequence[str], at: Instant) -> str | None:
        """The id of the patient's reading in the columns at an instant, of the smallest code."""
        for code in codes:
            column = self.columns.codes.get(code)
            reading = None if column is None else column.reading_at(index, at)
            if reading is not None:
                return reading
        return None

    def odd(self, code: str) -> set[int]:
        """The patients whose readings of a code are not in the columns."""
        return {
            self._index[patient]
            for patient, others in self.columns.others.items()
            if code in others.plausible
        }

    def track(self, index: int, one: RuleLife) -> Track:
        """A life of a patient's rule, not begun yet."""
        return track_of(one.rule, self.readings(index), one.life, self.plans[index].pauses)

    def judge(self, index: int, one: RuleLife) -> None:
        """Judge a life by itself."""
        track = self.track(index, one)
        track.begin(self.now)
        self.keep(index, one.rule.id, track)

    def keep(self, index: int, rule: str, track: Track) -> None:
        """Note what was found of a life."""
        if track.changes:
            self.found.append(Judged(self.columns.patients[index], rule, track.life, track.changes))

    def doubt(self) -> None:
        """Judge the implausible readings."""
        for patient, others in self.columns.others.items():
            index = self._index[patient]
            versions = self.plans[index].versions
            for code in others.implausible if versions else ():
                life = Life(versions[0].valid_from, None)
                track = ImplausibleTrack(code, self.readings(index), life)
                track.begin(self.now)
                self.keep(index, BUILT_IN + code, track)
