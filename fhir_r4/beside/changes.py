"""What has changed on the server since it was asked last: per judged type, by an overlapping cursor.

Source: "Pull" in docs/fhir.md. All of it is in memory: who starts anew judges everybody first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from fhir_r4.beside.compartment_by_search import OPTIONAL
from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotFound, Refused, ServerFailed
from fhir_r4.compartment import JUDGED_TYPES
from fhir_r4.page_walk import PageWalk, moment_of, newest_of
from fhir_r4.raw import Raw, reference_of, text_at, version_of
from fhir_r4.references import patient_of
from fhir_r4.settled import Settled
from fhir_r4.walk import OVERLAP, Walk

_FORMS: Final = "Questionnaire"
_PAGE: Final = 500


@dataclass(slots=True)
class _Seen:
    """How far a type has been followed."""

    newest: str = ""
    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Reference → version and `lastUpdated` of what a walk may show again."""

    def is_new(self, raw: Raw) -> bool:
        """Whether this version hasn't been seen yet; from now on it has."""
        updated = text_at(raw, "meta", "lastUpdated") or ""
        seen = (version_of(raw) or updated, updated)
        reference = reference_of(raw)
        if self.known.get(reference) == seen and seen != ("", ""):
            return False
        self.known[reference] = seen
        return True

    def forget(self) -> None:
        """Keep only what lies within the overlap."""
        newest = moment_of(self.newest)
        if newest is None:
            return
        begin = newest - OVERLAP
        for reference, (_, updated) in list(self.known.items()):
            moment = moment_of(updated)
            if moment is not None and moment < begin:
                del self.known[reference]


class Changes:
    """Follows the judged types, and keeps the server's Questionnaires."""

    def __init__(self, client: FhirClient, monotonic: Callable[[], float]) -> None:
        """`monotonic`: elapsed seconds."""
        self._client = client
        self._settled = Settled(monotonic)
        self._seen = {kind: _Seen() for kind in (*sorted(JUDGED_TYPES), _FORMS)}
        self._forms: dict[str, Raw] = {}
        self.missed = False
        """Whether the server couldn't tell all that has changed: everybody is to be judged."""

    @property
    def forms(self) -> list[Raw]:
        """The server's Questionnaires, as of the last look."""
        return list(self._forms.values())

    def begin(self) -> None:
        """Note where each type stands; what changes from now on is told by `patients`.

        To be called before everybody is judged: what is seen here is in what is read afterwards.
        """
        self.missed = False
        for kind, seen in self._seen.items():
            if kind != _FORMS:
                seen.newest = self._newest(kind)
                for _ in self._new_of(kind):
                    pass
        self._read_forms()

    def patients(self) -> set[str]:
        """Logical ids of the patients of whom something has changed since the last call."""
        touched: set[str] = set()
        for kind in sorted(JUDGED_TYPES):
            touched.update(patient for raw in self._new_of(kind) if (patient := patient_of(raw)))
        self._read_forms()
        return touched

    def wrote(self, raw: Raw) -> None:
        """The judge itself has written this: it is no news."""
        seen = self._seen.get(text_at(raw, "resourceType") or "")
        if seen is not None:
            seen.is_new(raw)

    def _read_forms(self) -> None:
        self._forms.update((reference_of(raw), raw) for raw in self._new_of(_FORMS))

    def _newest(self, kind: str) -> str:
        try:
            page = self._client.search(kind, {"_sort": "-_lastUpdated", "_count": 1})
        except (NotFound, Refused):
            if kind not in OPTIONAL:
                raise
            return ""
        return newest_of(page.resources, "")

    def _new_of(self, kind: str) -> Iterator[Raw]:
        """What is new of a type; the cursor moves on once all of it has been taken."""
        seen = self._seen[kind]
        pages = PageWalk(self._client, Walk(kind, kind, (), _PAGE), newest=seen.newest, settled=self._settled)
        try:
            for page in pages:
                for raw in page.resources:
                    if raw.get("resourceType") == kind and seen.is_new(raw):
                        yield raw
        except (NotFound, Refused):
            if kind not in OPTIONAL | {_FORMS}:
                raise
        except ServerFailed as error:
            if error.status != 500:
                raise
            # More rows in one millisecond than it can give in a page: everybody is read instead.
            self.missed = True
            seen.newest = self._newest(kind)
            return
        seen.newest = pages.newest
        seen.forget()
