"""Opening a profile: its key, its encrypted store, the clock and the client that go with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from triage_tui.cli.failure import NotLoggedIn
from triage_tui.cli.settings import Settings, demo_clock, system_clock
from triage_tui.wording import _

if TYPE_CHECKING:
    from fhir_r4.client import FhirClient
    from local_store import Store
    from local_store.keys import KeyHolder
    from local_store.records import Profile
    from local_store.views import Nurse
    from threshold_engine.model import Clock

PATIENT_TIMEOUT_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Opened:
    """An open profile."""

    settings: Settings
    store: Store
    profile: Profile
    clock: Clock
    """This machine's."""
    now: Clock
    """Corrected by the server's, as far as it was measured when the profile was opened."""

    @property
    def nurse(self) -> Nurse:
        """Who acts.

        Raises:
            NotLoggedIn: nobody is.
        """
        if self.profile.nurse is None:
            raise NotLoggedIn(
                _("Nobody is logged in, and nothing was saved. Run `triage login --user NAME`.")
            )
        return self.profile.nurse

    def client(self, timeout_s: float = PATIENT_TIMEOUT_S) -> FhirClient:
        """A client for the profile's server, speaking for whoever is logged in."""
        return client_for(self.profile, self.clock, timeout_s)


def client_for(profile: Profile, clock: Clock, timeout_s: float = PATIENT_TIMEOUT_S) -> FhirClient:
    """A client for a profile's server."""
    from fhir_r4.client import FhirClient

    authorization = None
    if profile.auth == "demo" and profile.nurse is not None:
        authorization = f"Bearer demo-{profile.nurse.login}"
    return FhirClient(profile.server_url, authorization=authorization, timeout=timeout_s, clock=clock)


def clock_of(profile: Profile) -> Clock:
    """`TRIAGE_NOW` counts in demo profiles only: a real nurse's clock can't be set from outside."""
    return demo_clock() if profile.is_demo else system_clock


def open_store(settings: Settings, holder: KeyHolder | None = None) -> Store:
    """Open the profile's store; errors of key and file are typed, each with a remedy.

    `holder`: of its key; by default the one that the profile says.
    """
    from local_store import Store
    from local_store.errors import StoreMissing
    from local_store.lifecycle import open_store as open_cache
    from triage_tui.cli.store_key import key_holder

    if not Store.exists(settings.folder):
        raise StoreMissing(_("There is no profile {name!r} here.").format(name=settings.profile))
    return open_cache(settings.folder, holder or key_holder(settings))


@contextmanager
def opened(
    settings: Settings, *, locked_too: bool = False, holder: KeyHolder | None = None
) -> Iterator[Opened]:
    """The profile, open for one command.

    Raises ProfileLocked where its screen is locked or its cache too old, except with `locked_too`.
    """
    from triage_tui.cli.locked import refuse_locked

    with open_store(settings, holder) as store:
        session = of_store(store, settings)
        if not locked_too:
            refuse_locked(session)
        yield session


def of_store(store: Store, settings: Settings) -> Opened:
    """What an open store says of its profile."""
    profile = store.profile()
    if profile is None:
        raise NotLoggedIn(_("The profile was never finished. Run `triage setup --server URL` again."))
    with store.read() as snapshot:
        skew = snapshot.marks().skew_ms or 0
    clock = clock_of(profile)
    return Opened(settings, store, profile, clock, lambda: clock() + skew)
