"""The engine's judging of one patient, carried on from one judging to the next where that is the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from threshold_engine import Instant, PatientJudge, Plan, Reading, judge_patient
from threshold_engine.selection import newest_versions


class CarriedJudge:
    """Remembers the last judging of a patient.

    New readings and time are fed to it; it is begun anew where the plan or a known reading is another, one
    has gone, or time has gone back. So the answer is always that of judging everything at once.
    """

    def __init__(self) -> None:
        self._judge: PatientJudge | None = None
        self._seen: dict[str, Reading] = {}

    def judge(self, plan: Plan, readings: Iterable[Reading], now: Instant) -> PatientJudge:
        """As `threshold_engine.judge_patient`; good until the next call, which carries it on."""
        given = newest_versions(readings)
        judge, self._judge = self._judge, None  # an error in between must not leave it half fed
        fresh = self._fresh(given)
        if judge is None or fresh is None or judge.plan != plan or now < judge.now:
            judge = judge_patient(plan, given.values(), now)
            self._seen = given
        else:
            for reading in fresh:
                judge.feed(reading, now)
                self._seen[reading.id] = reading
            judge.advance(now)
        self._judge = judge
        return judge

    def _fresh(self, given: Mapping[str, Reading]) -> list[Reading] | None:
        """The readings that are new; None where it is more than that."""
        fresh: list[Reading] = []
        for id_, reading in given.items():
            known = self._seen.get(id_)
            if known is None:
                fresh.append(reading)
            elif known is not reading and known != reading:
                return None
        return fresh if len(fresh) + len(self._seen) == len(given) else None
