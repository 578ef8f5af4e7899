"""What was typed into forms and not signed: in memory for the screens, in the encrypted cache for later.

The memory is changed on the event loop, at each key. A thread writes what it says by then, one write at a
time: an older text never lands on a newer one, nor a draft beside the act that was signed from it.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local_store.records import Draft
    from triage_tui.acts.done import ActDone
    from triage_tui.screens.session import Acts, Session

Key: TypeAlias = tuple[str, str]
"""(patient, form)"""


class Drafts:
    """The drafts of one console."""

    def __init__(self) -> None:
        self._kept: dict[Key, Draft] = {}
        self._unsaved: set[Key] = set()
        self._writing = Lock()

    def load(self, drafts: Iterable[Draft]) -> None:
        """What the cache has from before."""
        self._kept = {(draft.patient, draft.form): draft for draft in drafts}

    def get(self, key: Key) -> Draft | None:
        """What was typed there before."""
        return self._kept.get(key)

    @property
    def patients(self) -> frozenset[str]:
        """About whom something was typed and not signed."""
        return frozenset(patient for patient, _form in self._kept)

    def put(self, draft: Draft) -> bool:
        """Remember what a form says; one without text is forgotten. True: `save` has something to do."""
        key = (draft.patient, draft.form)
        before = self._kept.get(key)
        if (before.text if before else "") == draft.text:
            return False
        if draft.text.strip():
            self._kept[key] = draft
        elif before is None:
            return False
        else:
            del self._kept[key]
        self._unsaved.add(key)
        return True

    def save(self, session: Session) -> None:
        """Write what hasn't been. Blocks. Raises SessionError; what wasn't written then still waits."""
        with self._writing:
            while self._unsaved:
                key = next(iter(self._unsaved))
                self._unsaved.discard(key)
                try:
                    session.keep_draft(*key, self._kept.get(key))
                except BaseException:
                    self._unsaved.add(key)
                    raise

    def sign(self, acts: Acts, key: Key, call: Callable[[Acts], ActDone]) -> ActDone:
        """Do the act that the draft has become; both are committed together. Blocks."""
        with self._writing, acts.signing(*key):
            done = call(acts)
        self._unsaved.discard(key)
        self._kept.pop(key, None)
        return done
