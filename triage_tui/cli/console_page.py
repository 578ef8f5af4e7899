"""What a patient's page asks for beside her readings: her chart, and what only the server has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_r4.client_errors import FhirError, NotFound, ServerUnreachable
from triage_tui.chart.read import read_chart
from triage_tui.cli.access import log_patient
from triage_tui.cli.opening import Opened
from triage_tui.cli.plain_errors import plain_errors
from triage_tui.screens.session import SessionError
from triage_tui.sync.older import fetch_older
from triage_tui.sync.picture import fetch_picture
from triage_tui.wording import _
from triage_tui.wording.faults import problem_words
from work_items import DAY

if TYPE_CHECKING:
    from threshold_engine.model import Clock
    from triage_tui.chart.views import Chart


class ConsolePage:
    """The part of the console's session that a patient's page needs; loaded with the first page."""

    def __init__(self, opened: Opened, now: Clock) -> None:
        self._opened = opened
        self._store = opened.store
        self.now = now

    def chart(self, patient: str) -> Chart:
        """What the tabs beside the readings show."""
        with plain_errors():
            return read_chart(self._store, patient, self.now())

    def fetch_older(self, patient: str, days: int) -> int:
        """What is older than the cache, of one patient."""
        now = self.now()
        with plain_errors():
            try:
                with self._opened.client() as client:
                    return fetch_older(self._store, client, patient, now=now, since=now - days * DAY)
            except FhirError as error:
                raise SessionError(_only_on_the_server(error)) from error

    def picture(self, patient: str, url: str) -> bytes:
        """A picture, fetched and kept nowhere; that it was seen is in the access log first."""
        with plain_errors():
            log_patient(self._opened, patient)
        try:
            with self._opened.client() as client:
                return fetch_picture(client, url)
        except FhirError as error:
            raise SessionError(_only_on_the_server(error)) from error


def _only_on_the_server(error: FhirError) -> str:
    """Why something that is kept nowhere but on the server can't be had just now."""
    if isinstance(error, ServerUnreachable):
        return _("The server can't be reached, and this is only there. Try again when the link is back.")
    if isinstance(error, NotFound):
        return _("The server doesn't have it, or not any more.")
    return _("The server didn't give it: {why}").format(why=problem_words(f"{error} {error.remedy}"))
