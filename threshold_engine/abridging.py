"""A judge that lets go of readings which nothing that comes will make it look at again.

A judging that is carried on looks back as far as its rules' windows and repetitions reach, not at a year of
readings. What is kept of a judge here answers like one that has all readings, as long as what comes stands at
`since` or later and `takes` says that it may be taken; else the judge has to be made anew from all readings.
Whoever hands in readings has to know otherwise that none has an id that was there before.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from threshold_engine.instants import HOUR
from threshold_engine.model import Instant
from threshold_engine.patient_judge import KeptJudge, PatientJudge
from threshold_engine.readings import Reading
from threshold_engine.selection import standing

SLACK: Final = 72 * HOUR
"""How late a reading may come, counted from the newest one: a device that is emptied after a weekend."""


def since_when(judge: PatientJudge, slack: int = SLACK) -> Instant:
    """From when on readings may still come: some time before the newest that is judged, or before now."""
    plausible = judge.usable.plausible.values()
    newest = max((series.times[-1] for series in plausible if series.times), default=judge.now)
    return newest - slack


def abridged(judge: PatientJudge, since: Instant) -> KeptJudge:
    """What is needed to carry a judge on with readings that stand at `since` or later."""
    reach: dict[str, Instant] = {}
    for track in judge.tracks:
        back = min(track.reach(since), since)
        for code in track.codes:
            reach[code] = min(reach.get(code, since), back)
    kept = judge.kept()
    known = [reading for reading in kept.known if judge.uses(reading) and standing(reading)[0] >= since]
    for code, series in judge.usable.plausible.items():
        end = bisect_left(series.times, since)
        first = bisect_left(series.times, reach.get(code, since)) - 1
        known += series.readings[max(first, 0) : end]
    for series in judge.usable.implausible.values():
        end = bisect_left(series.times, since)
        known += series.readings[max(end - 1, 0) : end]  # without one its built-in rule would be gone
    return kept._replace(known=tuple(known))


def takes(judge: PatientJudge, reading: Reading, since: Instant) -> bool:
    """Whether a judge that has all it needs from `since` on can take in a reading of a new id.

    Time has to have been let pass first, as far as `passes` allows it.
    """
    if not judge.uses(reading):
        return True
    at, _ = standing(reading)
    tracks = (track for track in judge.tracks if reading.code in track.codes)
    return at >= since and all(track.restart(at) >= since for track in tracks)


def passes(judge: PatientJudge, now: Instant, since: Instant) -> bool:
    """Whether such a judge can let time pass up to `now`.

    It can't where readings that were dated ahead come to stand during an episode from before `since`:
    where they are several, the second one has its track go back to where the episode began.
    """
    ahead = judge.usable.ahead
    if ahead is None or ahead > now:
        return now >= judge.now
    return all(track.restart(ahead, judged=True) >= since for track in judge.tracks)
