"""What all tabs of a patient's page are drawn from, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.containers import Container
from textual.strip import Strip
from textual.widget import Widget

from threshold_engine.model import Instant
from triage_tui.widgets.marks import BOLD, PLAIN
from triage_tui.widgets.text_lines import line, wrap
from triage_tui.widgets.trend_data import Trend, codes_of, trend_of
from triage_tui.wording import N_

if TYPE_CHECKING:
    from local_store.views import PatientView
    from triage_tui.chart.views import Chart
    from triage_tui.widgets.subject import Subject

TABS: Final = (
    ("overview", N_("overview")),
    ("readings", N_("readings")),
    ("forms", N_("forms")),
    ("plan", N_("plan")),
    ("timeline", N_("timeline")),
    ("messages", N_("messages")),
    ("pictures", N_("pictures")),
)
"""Id, name (a msgid)."""


@dataclass(frozen=True, slots=True)
class Page:
    """A patient as she was read, and which measure is looked at over how many days."""

    view: PatientView
    chart: Chart
    subject: Subject
    now: Instant
    code: str | None
    """The measure looked at; none where she has no numbers."""
    days: int
    """Days that the trend shows."""
    only_code: bool = False
    """Whether readings of other measures are left out of the list."""

    @property
    def codes(self) -> list[str]:
        """All measures that have numbers."""
        return codes_of(self.view.readings)

    def trend(self, code: str) -> Trend:
        """A measure over the days chosen."""
        limits = self.view.limits.get(code, ())
        return trend_of(self.view.readings, code, limits, self.days, self.now)


def first_code(view: PatientView, codes: list[str]) -> str | None:
    """The measure to look at first: what the worst alert is about, else the first of `codes`."""
    for item in view.items:
        told_why = view.because.get(item.task)
        if item.state.is_open and told_why:
            for code in told_why[-1].codes:
                if code in codes:
                    return code
    return codes[0] if codes else None


class Tab(Container):
    """A tab: drawn when it is shown, and again when something has changed."""

    def show_page(self, page: Page) -> None:
        """Draw what was read."""
        raise NotImplementedError

    def to_focus(self) -> Widget | None:
        """What the arrow keys move in; none where they move nothing."""
        return None


def prose(texts: Sequence[str], width: int, indent: str = "  ", *, bold: bool = False) -> list[Strip]:
    """Lines of text, broken between words, later lines of each indented."""
    style = BOLD if bold else PLAIN
    return [line(f" {part}", style) for text in texts for part in wrap(text, width - 2, indent)]


Drawing = Callable[[int], Sequence[Strip]]
"""Width → lines."""
