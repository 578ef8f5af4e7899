"""The access log's row is committed before a patient is shown, from the command line too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from triage_tui.cli.opening import Opened

BASIS = "tjenstlig behov"


def _log(session: Opened, patients: Sequence[str], what: str) -> None:
    nurse = session.profile.nurse
    with session.store.write() as tx:
        tx.log_access(
            nurse.login if nurse else "",
            patients,
            what,
            BASIS,
            at=session.now(),
            op=str(uuid4()),
            offline=tx.marks().offline_since is not None,
        )


def log_list(session: Opened, patients: Sequence[str], what: str) -> None:
    """A list is shown: one row with all who stand in it."""
    if patients:
        _log(session, patients, what)


def log_patient(session: Opened, patient: str) -> None:
    """One patient is opened."""
    _log(session, [patient], "patient")
