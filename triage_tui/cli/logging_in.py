"""Logging in by name: on a server with demo logins, or without any, where it only says who acts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from triage_tui.cli.failure import Failure, NotLoggedIn, UsageFailure
from triage_tui.cli.opening import client_for
from triage_tui.wording import _

if TYPE_CHECKING:
    from fhir_r4.client import FhirClient
    from local_store.views import Nurse
    from triage_tui.cli.opening import Opened

_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


def log_in(session: Opened, user: str) -> Nurse:
    """Find out who `user` is on the server, and remember it.

    Raises:
        NotLoggedIn: the server refuses that name.
        FhirError: the server can't be reached.
    """
    from fhir_r4.client_errors import LoginRefused
    from local_store.views import Nurse
    from triage_tui.sync.reach import reached

    if not _LOGIN.fullmatch(user):
        raise UsageFailure(_("A login name has letters, digits, dots, dashes and @ only."))
    unfinished = Nurse(login=user, reference="", name=user)
    asking = replace(session.profile, nurse=unfinished)
    try:
        with client_for(asking, session.clock, timeout_s=10) as client:
            nurse = _practitioner(client, user, create=session.profile.auth == "none")
            offset = client.server_time_offset_ms
    except LoginRefused:
        raise NotLoggedIn(
            _("The server doesn't know {user}. Check the name, and try again.").format(user=user)
        ) from None
    with session.store.write() as tx:
        now = session.clock()
        marks = reached(tx.marks(), None, now, offset)
        tx.set_marks(marks)
        since = now + (marks.skew_ms or 0)  # by the server's clock, as how long it lasts is counted
        tx.set_profile(replace(session.profile, nurse=nurse, logged_in_at=since))
        tx.put_practitioner(nurse.reference, nurse.login, nurse.name)
    return nurse


def _practitioner(client: FhirClient, user: str, *, create: bool) -> Nurse:
    from fhir_r4.people import practitioner, practitioner_of
    from fhir_r4.systems import USER
    from local_store.views import Nurse

    token = f"{USER}|{user}"
    ours = {"identifier": token}
    found = client.search("Practitioner", ours).resources
    if not found and create:
        client.create(practitioner(user, "", ""), if_none_exist=f"identifier={token}")
        found = client.search("Practitioner", ours).resources
    if not found:
        raise Failure(_("{user} is logged in, but isn't a nurse of this centre.").format(user=user))
    reference, _login, name = practitioner_of(found[0])
    return Nurse(user, reference, name or user)
