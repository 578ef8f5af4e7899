"""What is going on with her? Identity on top, then alerts, values, the trend, the plan, what was done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.strip import Strip

from triage_tui.screens.acting import ActingScreen
from triage_tui.screens.actions import PATIENT, bindings_of
from triage_tui.screens.head import practice_part, sync_parts
from triage_tui.screens.messages import PatientLoaded, Trouble
from triage_tui.screens.patient_head import fact_words, held_words, identity_parts, timeline_of
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import PLAIN, REVERSE
from triage_tui.widgets.overview import overview_lines, recent_lines
from triage_tui.widgets.plan_lines import plan_lines
from triage_tui.widgets.scroll_lines import ScrollLines
from triage_tui.widgets.subject import Subject, of_patient
from triage_tui.widgets.text_lines import TextLines, line, wrap
from triage_tui.widgets.trend_data import Trend, codes_of, trend_of
from triage_tui.widgets.trend_plot import TrendPlot
from triage_tui.widgets.trend_table import table_lines
from triage_tui.wording import N_, _

if TYPE_CHECKING:
    from local_store.views import PatientView
    from triage_tui.screens.session import Session

PERIODS: Final = (7, 30, 90)
"""Days that the trend can show."""

TABS: Final = (
    ("overview", "1", N_("overview")),
    ("readings", "2", N_("readings")),
    ("plan", "4", N_("plan")),
    ("timeline", "5", N_("timeline")),
)
"""Numbers stay with their subject when others come between."""


class PatientScreen(ActingScreen):
    """One patient."""

    CSS_PATH = "patient_screen.tcss"
    ACTIONS = PATIENT
    BINDINGS: ClassVar = bindings_of(PATIENT)

    def __init__(self, patient: str) -> None:
        super().__init__()
        self.patient = patient
        self.view: PatientView | None = None
        self._period = PERIODS.index(30)
        self._loaded_days = 0
        self._code: str | None = None
        self._tab = "overview"
        self._as_table = False
        self._keys_wait = False

    def compose(self) -> ComposeResult:
        """Head, tabs, and the tabs' content, of which one is shown."""
        braille = os.environ.get("TERM") != "linux"  # the Linux console's fonts have no braille
        yield HeadLine(id="head")
        yield HeadLine(id="facts")
        yield HeadLine(id="banner")
        yield HeadLine(between="  ", id="tabs")
        with Horizontal(id="overview", classes="tab"):
            yield TextLines(id="left")
            with Vertical(id="right"):
                yield TrendPlot(braille=braille, id="small-trend")
                yield TextLines(id="recent")
        with Vertical(id="readings", classes="tab"):
            yield TrendPlot(braille=braille, id="trend")
            yield ScrollLines(id="table")
        yield ScrollLines(id="plan").set_classes("tab")
        yield ScrollLines(id="timeline").set_classes("tab")
        yield HeadLine(between="   ", id="keys")

    def on_mount(self) -> None:
        """The overview first; what is pressed next is about her, so it waits until she is read."""
        if self.console_app.session is not None:
            self._keys_wait = True
            self.console_app.hold_keys()
        self.action_tab("overview")

    @property
    def days(self) -> int:
        """Days that the trend shows."""
        return PERIODS[self._period]

    def subject(self) -> Subject | None:
        """The patient, once she is read."""
        return None if self.view is None else of_patient(self.view, self.console_app.me)

    def reload(self) -> None:
        """Read the patient in a thread, with at least as many days as are shown."""
        patient, days = self.patient, max(PERIODS[1], self.days)

        def load(session: Session) -> PatientLoaded:
            return PatientLoaded(session.patient(patient, days), days)

        self.console_app.ask(self, load, group="patient")

    def on_patient_loaded(self, message: PatientLoaded) -> None:
        """Show what was read."""
        self.view, self._loaded_days = message.view, message.days
        codes = codes_of(message.view.readings)
        if self._code not in codes:
            self._code = self._first_code(message.view, codes)
        self.show_all()
        self.show_content()
        self._let_keys_go()

    def on_trouble(self, message: Trouble) -> None:
        """She couldn't be read; esc must work."""
        super().on_trouble(message)
        self._let_keys_go()

    def on_unmount(self) -> None:
        """Keys must never wait for a screen that is gone."""
        self._let_keys_go()

    def _let_keys_go(self) -> None:
        if self._keys_wait:
            self._keys_wait = False
            self.console_app.release_keys()

    @staticmethod
    def _first_code(view: PatientView, codes: list[str]) -> str | None:
        """The measure that the worst alert is about, else the first."""
        for item in view.items:
            told_why = view.because.get(item.task)
            if item.state.is_open and told_why:
                for code in told_why[-1].codes:
                    if code in codes:
                        return code
        return codes[0] if codes else None

    def show_head(self) -> None:
        """Who it is, how bad, how fresh."""
        console, now = self.console_app, self.console_app.now()
        subject = self.subject()
        identity = [Part(_("Fetching …"))]
        if self.view is not None and subject is not None:
            identity = identity_parts(self.view.person, subject.band, now)
        self.query_one("#head", HeadLine).show([practice_part(console), *identity], sync_parts(console, now))
        if self.view is None or subject is None:
            return
        held = held_words(self.view, subject, now)
        facts = [Part(words, keep=20 - i) for i, words in enumerate([held, *fact_words(self.view.person)])]
        self.query_one("#facts", HeadLine).show(facts)

    def show_content(self) -> None:
        """All tabs; those that aren't shown cost nothing."""
        view, subject = self.view, self.subject()
        if view is None or subject is None:
            return
        now = self.console_app.now()
        entries = timeline_of(view, now)
        self.query_one("#left", TextLines).show(lambda w, h: overview_lines(view, subject, w - 1, h, now))
        self.query_one("#recent", TextLines).show(lambda w, h: recent_lines(entries, w, h))
        self.query_one("#plan", ScrollLines).show(lambda w: plan_lines(view, w, now))
        self.query_one("#timeline", ScrollLines).show(lambda w: self._timeline(entries, w))
        self.show_trend()

    @staticmethod
    def _timeline(entries: list[str], width: int) -> list[Strip]:
        lines = [text for entry in entries for text in wrap(entry, width - 2, "    ")]
        return [line(f" {text}") for text in lines or [_("Nothing has been done yet.")]]

    def trend(self) -> Trend | None:
        """The measure and days chosen."""
        view, code = self.view, self._code
        if view is None or code is None:
            return None
        return trend_of(view.readings, code, view.limits.get(code, ()), self.days, self.console_app.now())

    def show_trend(self) -> None:
        """Plots and table."""
        trend = self.trend()
        for plot in self.query(TrendPlot):
            plot.show(trend, self.days)
        self.query_one("#table", ScrollLines).show(lambda w: [] if trend is None else table_lines(trend, w))

    def show_tabs(self) -> None:
        """The tabs' names, the one shown in reverse video, and the keys of the trend."""
        names = [
            Part(f" {key} {_(word)} ", REVERSE if name == self._tab else PLAIN, keep=9, goes=f"tab({name!r})")
            for name, key, word in TABS
        ]
        keys = Part(_("←→ measure  +− days  T table"), PLAIN, keep=1)
        trend = self._tab in ("overview", "readings")
        self.query_one("#tabs", HeadLine).show(names, [keys] if trend else [])

    def action_tab(self, name: str) -> None:
        """Show another tab."""
        self._tab = name
        for content in self.query(".tab"):
            content.display = content.id == name
        self.query_one("#trend").display = not self._as_table
        self.query_one("#table").display = self._as_table
        scrolls = {"plan": "#plan", "timeline": "#timeline", "readings": "#table"}
        if name in scrolls and (name != "readings" or self._as_table):
            self.query_one(scrolls[name]).focus()
        else:
            self.set_focus(None)
        self.show_tabs()

    def action_table(self) -> None:
        """The same as a table, or as a plot again."""
        self._as_table = not self._as_table
        self.action_tab("readings")

    def action_measure(self, step: int) -> None:
        """Another measure."""
        codes = codes_of(self.view.readings) if self.view else []
        if self._code in codes:
            self._code = codes[(codes.index(self._code) + step) % len(codes)]
            self.show_trend()

    def action_days(self, step: int) -> None:
        """More or fewer days; what isn't read yet is fetched."""
        period = max(0, min(len(PERIODS) - 1, self._period + step))
        if period == self._period:
            return
        self._period = period
        self.show_trend()
        if self.days > self._loaded_days:
            self.reload()

    def action_back(self) -> None:
        """Back to the queue."""
        self.app.pop_screen()
