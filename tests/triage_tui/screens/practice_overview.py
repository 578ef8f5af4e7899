"""What the made-up centre answers when it is asked for all of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from local_store.patients_view import PatientLine, PatientsView
from local_store.shift_view import ShiftView
from local_store.unsent_view import UnsentView
from triage_tui.acts.done import ActDone
from triage_tui.acts.limits_to_try import RuleLimit
from triage_tui.reports.handover import handover
from triage_tui.reports.report import Report

if TYPE_CHECKING:
    from practice_centre import PracticeSession

DAY = 86_400_000


class PracticeOverview:
    """The whole centre, over a practice session's view."""

    def __init__(self, session: PracticeSession) -> None:
        self._session = session

    def patients(self) -> PatientsView:
        view = self._session.view
        lines = [
            PatientLine(
                entry.person,
                entry.person.name.casefold(),
                entry.plan,
                view.now - i * 2 * DAY if i else view.now - 3_600_000,
                max(0, 14 - 3 * i),
            )
            for i, entry in enumerate(view.entries)
        ]
        return PatientsView(view.now, tuple(sorted(lines, key=lambda line: line.folded)))

    def handover(self) -> Report:
        view = self._session.view
        shift = ShiftView(
            now=view.now,
            start=view.now - DAY // 8,
            end=view.now,
            queue=view,
            unsent=UnsentView(view.now, ()),
            items=tuple(item for entry in view.entries for item in entry.row.items),
            entries={},
            patients=self.patients(),
            owners={},
        )
        return handover(shift, self._session.whoami(), self._session.centre)

    def save_report(self, report: Report) -> str:
        self._session.acts.append(("save", report.name))
        return "/home/kari/triage-handover.md"

    def complete_many(self, tasks: Sequence[str], outcome: str) -> list[ActDone]:
        return [self._session.complete(task, outcome, "") for task in tasks]

    def shelve_many(self, tasks: Sequence[str], until: int, reason: str) -> list[ActDone]:
        return [self._session.shelve(task, until, reason) for task in tasks]

    def limits(self, patient: str) -> list[RuleLimit]:
        return [
            RuleLimit("spo2-low", "spo2", "red_below", "88"),
            RuleLimit("spo2-low", "spo2", "yellow_below", "92"),
            RuleLimit("weight-up", "weight", "rise_red", "2.5"),
        ]

    def try_limits(self, patient: str, tried: Mapping[tuple[str, str], str]) -> list[str]:
        self._session.acts.append(("try", patient, dict(tried)))
        return ["Prøvd på 90 dager", "21 varsler → 6"]

    def kept_choice(self, name: str) -> Mapping[str, object]:
        return self._session.choices.get(name, {})

    def keep_choice(self, name: str, choice: Mapping[str, object]) -> None:
        self._session.choices[name] = dict(choice)
