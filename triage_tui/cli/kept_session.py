"""The console's drafts, and its lock, in the profile's store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from triage_tui.cli.plain_errors import plain_errors
from triage_tui.cli.store_key import key_file
from triage_tui.lock import unlocking

if TYPE_CHECKING:
    from local_store import Store
    from local_store.records import Draft
    from triage_tui.cli.opening import Opened
    from triage_tui.lock.unlocking import LockView


class KeptSession:
    """What a console's session keeps beside the acts."""

    _opened: Opened
    _store: Store

    def drafts(self) -> Sequence[Draft]:
        """What was typed and not signed."""
        with plain_errors():
            return self._store.drafts()

    def keep_draft(self, patient: str, form: str, draft: Draft | None) -> None:
        """Keep what a form says; None: it says nothing any more."""
        with plain_errors(), self._store.write() as tx:
            if draft is None:
                tx.drop_draft(patient, form)
            else:
                tx.put_draft(draft)

    def lock_view(self) -> LockView:
        """Whether the profile is locked, and what opens it."""
        with plain_errors():
            return unlocking.lock_view(self._store, key_file(self._opened.settings))

    def lock(self) -> LockView:
        """Lock the profile, for commands too."""
        with plain_errors():
            unlocking.lock(self._store, self._opened.now())
        return self.lock_view()

    def choose_pin(self, pin: str) -> LockView:
        """Keep a PIN."""
        with plain_errors():
            unlocking.choose_pin(self._store, pin)
        return self.lock_view()

    def unlock(self, secret: str) -> LockView:
        """Try a PIN or a passphrase; the view says whether it was right."""
        with plain_errors():
            return unlocking.unlock(self._store, secret, key_file(self._opened.settings))
