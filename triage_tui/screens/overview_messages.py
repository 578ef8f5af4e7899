"""What the thread workers tell of the whole centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from local_store.patients_view import PatientsView
    from triage_tui.acts.done import ActDone
    from triage_tui.reports.report import Report


@dataclass
class PatientsLoaded(Message):
    """All of the centre's patients were read."""

    view: PatientsView

    def can_replace(self, message: Message) -> bool:
        """A newer view replaces an older one."""
        return isinstance(message, PatientsLoaded)


@dataclass
class ReportMade(Message):
    """A report is there."""

    report: Report


@dataclass
class ReportSaved(Message):
    """A report is in a file."""

    file: str


@dataclass
class ChoiceKept(Message):
    """What was chosen is kept."""


@dataclass
class ManySettled(Message):
    """Many items were dealt with, or none."""

    said: str
    done: Sequence[ActDone]
    refused: str | None = None
