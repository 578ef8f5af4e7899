"""Which patients a transaction changes, and what it writes of them: what the judge's memory is kept by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from fhir_r4.compartment import JUDGED_TYPES
from followup_server.judging.patient_state import note_changes, states_of
from followup_server.moments import Micros
from followup_server.raw_json import Raw
from threshold_engine.model import Instant

_MOST_NEWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class News:
    """What a committed transaction has written of one patient."""

    before: Micros
    """The stamp of her last change before it."""
    stamp: Micros
    """That of the transaction's end."""
    resources: Sequence[Raw]
    """In the order of writing, as they are stored."""


class Changes:
    """What one transaction changes of its patients."""

    def __init__(self) -> None:
        self.touched: set[str] = set()
        """Logical ids of the patients whose judging may have changed."""
        self.news: Mapping[str, News] = {}
        """By patient; left out where there is more to it than new versions, or too much to remember."""
        self._moved: set[str] = set()
        self._written: list[tuple[str, Raw]] = []

    def written(self, raw: Raw, before: str | None, after: str | None) -> None:
        """A resource was written, as it is stored; its patient before and after."""
        if raw["resourceType"] not in JUDGED_TYPES:
            return
        if before not in (None, after):
            self.moved(before)
        if after is not None:
            self.touched.add(after)
            if len(self._written) <= _MOST_NEWS:  # one more tells that it is too much
                self._written.append((after, raw))

    def moved(self, patient: str) -> None:
        """Something left a patient, or came to her without being written."""
        self.touched.add(patient)
        self._moved.add(patient)

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the transaction: an error undoes it."""
        touched, moved, written = set(self.touched), set(self._moved), len(self._written)
        try:
            yield
        except BaseException:
            self.touched, self._moved = touched, moved
            del self._written[written:]
            raise

    def finish(self, connection: Connection, stamp: Micros, *, due: Instant | None) -> None:
        """Tell the database, at the end of the transaction whose last stamp this is.

        `due` as in `note_changes`.
        """
        if len(self._written) <= _MOST_NEWS:
            told = self.touched - self._moved
            states = states_of(connection, told)
            resources = _by_patient(self._written)
            self.news = {
                patient: News(states[patient].changed, stamp, resources.get(patient, ())) for patient in told
            }
        note_changes(connection, self.touched, stamp, moved=self._moved, due=due)


def _by_patient(written: Iterable[tuple[str, Raw]]) -> dict[str, list[Raw]]:
    found: dict[str, list[Raw]] = {}
    for patient, raw in written:
        found.setdefault(patient, []).append(raw)
    return found
