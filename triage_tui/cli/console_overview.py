"""What the console asks of the whole centre at once, from the real parts."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from triage_tui.cli.access import log_list
from triage_tui.cli.plain_errors import plain_errors
from triage_tui.screens.session import SessionError
from triage_tui.wording import _, clean
from triage_tui.wording.dates import local

if TYPE_CHECKING:
    from local_store import Store
    from local_store.patients_view import PatientsView
    from local_store.views import Nurse
    from threshold_engine.model import Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.acts.limits_to_try import RuleLimit
    from triage_tui.cli.opening import Opened
    from triage_tui.reports.report import Report
    from work_items import Centre


class CentreWide:
    """Works on an open profile; `now` is the clock, `act` saves an act and lets the sync send it."""

    def __init__(
        self,
        opened: Opened,
        centre: Centre,
        now: Callable[[], Instant],
        act: Callable[[Callable[[Nurse], Sequence[ActDone]]], Sequence[ActDone]],
    ) -> None:
        self._opened = opened
        self._store: Store = opened.store
        self._centre = centre
        self._now = now
        self._act = act

    def patients(self) -> PatientsView:
        """All of the centre's patients; they are in the access log before they are shown."""
        with plain_errors():
            view = self._store.patients(self._now())
            log_list(self._opened, [line.person.id for line in view.lines], "patients")
            return view

    def handover(self) -> Report:
        """The report of the shift; whom it tells of is in the access log before it is shown."""
        from triage_tui.reports.making import make_report

        profile = self._opened.profile
        name, me = profile.server_name or "", profile.nurse
        with plain_errors():
            report = make_report(self._store, "handover", self._now(), self._centre, of=name, me=me)
            log_list(self._opened, report.patients, "report handover")
            return report

    def save_report(self, report: Report) -> str:
        """Into the folder where the console was started; that it left the console is logged, too."""
        from triage_tui.reports.formats import FORMATS
        from triage_tui.reports.saving import save

        with plain_errors():
            log_list(self._opened, report.patients, f"save report {report.name}")
        file = Path.cwd() / f"triage-{report.name}-{local(report.made):%Y%m%d-%H%M%S}.md"
        try:
            save(FORMATS["md"](report), file)
        except OSError as error:
            words = _("{file} can't be written ({why}). Start the console in a folder of yours.")
            raise SessionError(
                words.format(file=clean(str(file)), why=os.strerror(error.errno or 0))
            ) from error
        return str(file)

    def complete_many(self, tasks: Sequence[str], outcome: str) -> Sequence[ActDone]:
        """Close blue items of one kind."""
        from triage_tui.acts.together import complete_many

        return self._act(lambda nurse: complete_many(self._store, nurse, tasks, outcome, self._now()))

    def shelve_many(self, tasks: Sequence[str], until: Instant, reason: str) -> Sequence[ActDone]:
        """Put blue items of one kind off."""
        from triage_tui.acts.together import shelve_many

        return self._act(
            lambda nurse: shelve_many(
                self._store, nurse, tasks, until, reason, self._now(), centre=self._centre
            )
        )

    def limits(self, patient: str) -> Sequence[RuleLimit]:
        """The limits of her plan; whose they are is in the access log first."""
        from triage_tui.acts.limits_to_try import limits_to_try

        with plain_errors():
            log_list(self._opened, [patient], "what-if")
            return limits_to_try(self._store, patient, self._now())

    def try_limits(self, patient: str, tried: Mapping[tuple[str, str], str]) -> Sequence[str]:
        """What they would have given in the last 90 days; a plan that doesn't take them says why."""
        from threshold_engine import EngineError
        from triage_tui.acts.limits_to_try import changes_of
        from triage_tui.acts.what_if import HELD_DAYS, Span, try_on_patient
        from triage_tui.wording.what_if import what_if_lines

        with plain_errors():
            try:
                found = try_on_patient(self._store, patient, changes_of(tried), Span(self._now(), HELD_DAYS))
            except EngineError as error:
                words = _("That can't be tried: {why}")
                raise SessionError(words.format(why=f"{clean(str(error))}. {_(error.remedy)}")) from error
        return list(
            what_if_lines(found.answer, begin=found.begin, held_since=found.held_since, one_by_one=True)
        )

    def kept_choice(self, name: str) -> Mapping[str, object]:
        """From the encrypted store: what is searched for may be a name."""
        with plain_errors(), self._store.read() as snapshot:
            kept = snapshot.setting(name)
        found = json.loads(kept) if kept is not None else {}
        return found if isinstance(found, dict) else {}

    def keep_choice(self, name: str, choice: Mapping[str, object]) -> None:
        """Into the encrypted store."""
        with plain_errors(), self._store.write() as tx:
            tx.set_setting(name, json.dumps(choice).encode())
