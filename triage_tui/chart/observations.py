"""What Observations say beyond their readings: that they were told by phone, who marked them as wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fhir_r4.errors import BadElement
from fhir_r4.observations import Observed, observed_of
from fhir_r4.raw import Raw
from fhir_r4.told_readings import WrongNote, is_told, wrong_note
from threshold_engine.model import Instant
from triage_tui.chart.views import MarkedWrong


def told_by_phone(observations: Iterable[Raw], now: Instant) -> frozenset[str]:
    """Ids of the readings that were told by phone."""
    return frozenset(one for raw in observations if is_told(raw) for one in _readings(raw, now))


def wrong_notes(observations: Iterable[Raw], now: Instant) -> dict[str, WrongNote]:
    """Id of a reading → the note with which it was marked as wrong."""
    noted = ((raw, wrong_note(raw)) for raw in observations)
    return {one: note for raw, note in noted if note is not None for one in _readings(raw, now)}


def named(notes: Mapping[str, WrongNote], names: Mapping[str, str]) -> dict[str, MarkedWrong]:
    """The notes with the names of their authors. `names`: reference → display name."""
    return {
        reading: MarkedWrong(names.get(note.by or ""), note.at, note.reason)
        for reading, note in notes.items()
    }


def _readings(raw: Raw, now: Instant) -> Iterator[str]:
    try:
        found = observed_of(raw, judged_at=now)
    except BadElement:
        return  # counted and logged when it came
    yield from (one.reading.id for one in found if isinstance(one, Observed))
