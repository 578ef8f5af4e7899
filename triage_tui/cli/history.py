"""Readings older than the first pull's 90 days, fetched when somebody looks at the patient."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from triage_tui.wording import _

if TYPE_CHECKING:
    from triage_tui.cli.opening import Opened

WITHIN_S: Final = 5.0
DAY_MS: Final = 86_400_000


def fetch_older(session: Opened, patient: str, days: int) -> None:
    """Fetch the newest reading of each code, however old; without a link the cache is shown as it is."""
    from fhir_r4.client_errors import FhirError
    from triage_tui.sync.history import fetch_history

    now = session.now()
    try:
        with session.client(WITHIN_S) as client:
            fetch_history(session.store, client, patient, now=now, since=now - days * DAY_MS)
    except FhirError:
        print(  # noqa: T201
            _("Older readings couldn't be fetched; what is in the cache is shown."), file=sys.stderr
        )
