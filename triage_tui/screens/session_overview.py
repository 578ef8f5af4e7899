"""What the console asks of the whole centre at once: everybody, a report, many items, what was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from local_store.patients_view import PatientsView
    from threshold_engine.model import Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.acts.limits_to_try import RuleLimit
    from triage_tui.reports.report import Report


class OverviewSession(Protocol):
    """`Session.overview`: each call may block; the access log's row is committed first."""

    def patients(self) -> PatientsView:
        """All of the centre's patients."""

    def handover(self) -> Report:
        """The report of the shift."""

    def save_report(self, report: Report) -> str:
        """Write a report into a new file that only its owner can read; where it is."""

    def complete_many(self, tasks: Sequence[str], outcome: str) -> Sequence[ActDone]:
        """Close blue items of one kind, all or none."""

    def shelve_many(self, tasks: Sequence[str], until: Instant, reason: str) -> Sequence[ActDone]:
        """Put blue items of one kind off, all or none."""

    def limits(self, patient: str) -> Sequence[RuleLimit]:
        """The limits of her plan in force."""

    def try_limits(self, patient: str, tried: Mapping[tuple[str, str], str]) -> Sequence[str]:
        """What others, (rule, member) → number as typed, would have given: lines that are safe to draw."""

    def kept_choice(self, name: str) -> Mapping[str, object]:
        """What was chosen before, as `keep_choice` got it; empty where nothing was."""

    def keep_choice(self, name: str, choice: Mapping[str, object]) -> None:
        """Keep what was chosen for this profile."""
