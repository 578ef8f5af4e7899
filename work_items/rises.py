"""When an alert got worse, and when that became known."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from threshold_engine.model import Episode, Instant, Level, Step
from work_items.bands import IMPLAUSIBLE, band_of, kind_of_rule
from work_items.centre import Centre
from work_items.model import Band
from work_items.patient_work import PatientWork


@dataclass(frozen=True, slots=True)
class Rise:
    """An episode reached a band."""

    at: Instant
    """When it was measured, or the timer went."""
    known: Instant
    """The later of that and when the reading was received."""
    band: Band


def known_at(at: Instant, reading: str | None, work: PatientWork) -> Instant:
    """The later of an instant and when its reading was received."""
    return at if reading is None else max(at, work.received.get(reading, at))


def kind_of(rule: str, work: PatientWork) -> str:
    """The engine's kind of a rule of the patient's plan."""
    return kind_of_rule(rule, work.kinds.get(rule))


def rises_of(episode: Episode, work: PatientWork) -> list[Rise]:
    """The onset, then each change to a higher level than before it; for an implausible reading that the
    value may be true. By the instant of measuring."""
    kind = kind_of(episode.rule, work)
    if kind == IMPLAUSIBLE:
        return list(_implausible_rises(episode, work))
    rises = []
    before = Level.GREEN
    for change in episode.changes:
        if change.level > before:
            known = known_at(change.at, change.reading, work)
            rises.append(Rise(change.at, known, band_of(kind, change.level)))
        before = change.level
    return rises


def cleared_known(episode: Episode, work: PatientWork) -> Instant | None:
    """When it became known that an episode was over; none while it is open."""
    if episode.cleared is None:
        return None
    last = episode.changes[-1] if episode.changes else None
    return known_at(episode.cleared, last.reading if last else None, work)


def steps_beyond(episode: Episode, work: PatientWork) -> Iterator[Step]:
    """The readings judged during an episode that were beyond by themselves."""
    steps = work.steps.get(episode.rule, ())
    for step in islice(steps, bisect_left(steps, episode.onset, key=_instant), None):
        if episode.cleared is not None and step.at >= episode.cleared:
            return
        if step.beyond > Level.GREEN:
            yield step


def _instant(step: Step) -> Instant:
    return step.at


def level_at(episode: Episode, at: Instant) -> Level:
    """The level in force at an instant of the episode, the changes at that instant included."""
    level = Level.YELLOW
    for change in episode.changes:
        if change.at <= at and change.level > Level.GREEN:
            level = change.level
    return level


def respond_by(rises: Iterable[Rise], centre: Centre) -> Instant:
    """The earliest of what each rise asks for: when it was known plus its band's target."""
    return min(centre.after_open_time(rise.known, centre.target(rise.band)) for rise in rises)


def _implausible_rises(episode: Episode, work: PatientWork) -> Iterator[Rise]:
    """The onset, and where only a later value may be true, the first such one."""
    onset = episode.changes[0] if episode.changes else None
    reading = onset.reading if onset else None
    impossible = reading in work.impossible
    band = band_of(IMPLAUSIBLE, Level.YELLOW, impossible=impossible)
    yield Rise(episode.onset, known_at(episode.onset, reading, work), band)
    if impossible:
        return
    for step in steps_beyond(episode, work):
        if step.reading in work.impossible:
            yield Rise(step.at, known_at(step.at, step.reading, work), Band.YELLOW)
            return
