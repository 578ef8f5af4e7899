"""Readings put in bulk, as the compact feed tells of them: straight into rows, without making a reading of
each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from local_store.context import Context
from local_store.identifiers import handle_to_bytes, split_base, to_bytes
from local_store.readings import COMPARATORS, NUMBER, TALLY, coded, insert_readings
from local_store.records import FeedEntry
from local_store.settings import add_to_tally
from local_store.sources import (
    Source,
    Writing,
    find_by_handle,
    find_sources,
    remove_readings,
    with_a_name,
    without_a_name,
)
from local_store.vocabulary import NO_WORD

_KIND: Final = "Observation"
_SMALL: Final = 2**62

Row = tuple[int | None, ...]


def handle_versions(context: Context, handles: Sequence[int]) -> dict[int, str | None]:
    """Handle → versionId of those that the cache knows by their handle alone."""
    found = find_by_handle(context, _KIND, handles)
    return {handle: context.words.word(source.version) or None for handle, source in found.items()}


def put_entries(context: Context, entries: Sequence[FeedEntry]) -> None:
    """Put Observations with their readings, in place of what the cache has of them by id, handle or
    reading."""
    known = _known(context, entries)
    removed = sum(remove_readings(context, source) for source in known.values())
    made = _Rows(context, known)
    made.make(entries)
    insert_readings(context, made.rows)
    add_to_tally(context, TALLY, made.count - removed)


def _known(context: Context, entries: Sequence[FeedEntry]) -> dict[int, Source]:
    """By handle: the rows that entries have already."""
    named = {f"{_KIND}/{one.id}": one.handle for one in entries if one.id is not None}
    known = {named[reference]: source for reference, source in find_sources(context, named).items()}
    known |= find_by_handle(context, _KIND, (one.handle for one in entries if one.handle not in known))
    # One whose id is told can be here without a name; one whose id isn't, with one.
    others, unnamed = with_a_name(context, _KIND), without_a_name(context, _KIND)
    for one in entries:
        hers = others if one.id is None else unnamed
        if hers is None or one.base is None or one.handle in known:
            continue
        head, core = split_base(one.base)
        source = hers.take(context.patients.find(one.patient), (context.words.find(head) or 0, core))
        if source is not None:
            known[one.handle] = source
    return known


class _Words(dict[str | None, int]):
    """Integers of words, remembered for one page; 0 for none and for the empty one."""

    def __init__(self, context: Context) -> None:
        super().__init__({None: NO_WORD, "": NO_WORD})
        self._context = context

    def __missing__(self, text: str | None) -> int:
        found = self[text] = self._context.words.number_of(text)
        return found


class _Rows:
    """Rows of the readings of one page; those of their Observations are written on the way.

    Nothing is looked up or made twice that is the same for many: this runs half a million times at a first
    sync.
    """

    def __init__(self, context: Context, known: dict[int, Source]) -> None:
        self._context, self._known = context, known
        self.rows: list[Row] = []
        self.count = 0
        """How many readings there are: a part that comes twice is one."""

    def make(self, entries: Sequence[FeedEntry]) -> None:
        """Fill `rows` and `count`."""
        words, patients = _Words(self._context), self._context.patients
        writing = Writing(self._context)
        add, patient_id, patient = self.rows.append, None, 0
        for entry in entries:
            if entry.patient != patient_id:  # they come sorted by patient
                patient_id, patient = entry.patient, patients.make(entry.patient)
            at, received, parts = entry.effective, entry.received, entry.parts
            source = self._source(writing, words, entry, patient)
            late = None if received is None else received - at
            status = words[entry.status]
            self.count += 1 if len(parts) == 1 else len({(one.code, one.suffix) for one in parts})
            for part in parts:
                value, kind = part.value, NUMBER
                if type(value) is not int or not -_SMALL < value < _SMALL:
                    value, kind = coded(self._context, value)
                comparator = COMPARATORS.index(part.comparator) if part.comparator else 0
                add(
                    (
                        patient,
                        words[part.code],
                        at,
                        source,
                        words[part.suffix],
                        value,
                        kind,
                        late,
                        status,
                        words[part.unit],
                        comparator,
                        words[part.display],
                    )
                )
        writing.end()

    def _source(self, writing: Writing, words: _Words, entry: FeedEntry, patient: int) -> int:
        head, core = ("", None) if entry.base is None else split_base(entry.base)
        values = (words[str(entry.version)], words[head], core, patient)
        known = self._known.get(entry.handle)
        if known is not None:
            writing.change(known.n, None if entry.id is None else to_bytes(entry.id), values)
            return known.n
        name = handle_to_bytes(entry.handle) if entry.id is None else to_bytes(entry.id)
        return writing.add(name, words[_KIND], values)
