"""What is going on with her? Identity on top, then seven tabs; `screens/patient/` has a file for each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult

from triage_tui.screens.acting import ActingScreen
from triage_tui.screens.actions import PATIENT, bindings_of
from triage_tui.screens.correct_form import CorrectForm
from triage_tui.screens.head import practice_part, sync_parts
from triage_tui.screens.messages import MessagesOpened, OlderFetched, PatientLoaded, Trouble
from triage_tui.screens.patient.forms import FormsTab
from triage_tui.screens.patient.messages import MessagesTab
from triage_tui.screens.patient.overview import OverviewTab
from triage_tui.screens.patient.page import Page, Tab, first_code
from triage_tui.screens.patient.pictures import PicturesTab
from triage_tui.screens.patient.plan import PlanTab
from triage_tui.screens.patient.readings import ReadingsTab
from triage_tui.screens.patient.timeline import TimelineTab
from triage_tui.screens.patient_head import (
    fact_words,
    held_words,
    identity_parts,
    namesake_words,
    scale_words,
    tab_parts,
    trend_keys,
)
from triage_tui.screens.reading_error_form import ReadingErrorForm
from triage_tui.screens.what_if_form import WhatIfForm
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, PLAIN, WARNING
from triage_tui.widgets.subject import Subject, of_patient
from triage_tui.wording import _, ngettext
from triage_tui.wording.freshness import as_of, is_old

if TYPE_CHECKING:
    from local_store.views import PatientView, ReadingView
    from triage_tui.chart.views import Chart
    from triage_tui.screens.session import Session

PERIODS: Final = (7, 30, 90)
"""Days that the trend can show."""
OLDER_DAYS: Final = 365
"""How many days more are fetched when older ones are asked for."""
_WIDE: Final = 100
"""Cells from which on the tabs' names have blanks around them."""


class PatientScreen(ActingScreen):
    """One patient."""

    CSS_PATH = "patient_screen.tcss"
    ACTIONS = PATIENT
    BINDINGS: ClassVar = bindings_of(PATIENT)

    def __init__(self, patient: str) -> None:
        super().__init__()
        self.patient = patient
        self.view: PatientView | None = None
        self.chart: Chart | None = None
        self._period = PERIODS.index(30)
        self._loaded_days = 0
        self._older_days = 0
        self._code: str | None = None
        self._only_code = False
        self._tab = "overview"
        self._keys_wait = False
        self._opened: set[str] = set()
        """Tasks about messages that were opened here already."""

    def compose(self) -> ComposeResult:
        """Head, tabs, and the tabs' content, of which one is shown."""
        braille = os.environ.get("TERM") != "linux"  # the Linux console's fonts have no braille
        yield HeadLine(id="head")
        yield HeadLine(id="facts")
        yield HeadLine(id="namesakes")
        yield HeadLine(id="banner")
        yield HeadLine(between=" ", id="tabs")
        yield OverviewTab(braille=braille)
        yield ReadingsTab(braille=braille)
        yield FormsTab()
        yield PlanTab()
        yield TimelineTab()
        yield MessagesTab()
        yield PicturesTab()
        yield HeadLine(between="   ", id="keys")

    def on_mount(self) -> None:
        """The overview first; what is pressed next is about her, so it waits until she is read."""
        if self.console_app.session is not None:
            self._keys_wait = True
            self.console_app.hold_keys()
        self.readings.show_mode("list")
        self.action_tab("overview")

    @property
    def days(self) -> int:
        """Days that the trend shows."""
        return PERIODS[self._period]

    @property
    def readings(self) -> ReadingsTab:
        """The tab of the readings."""
        return self.query_one(ReadingsTab)

    @property
    def selected_reading(self) -> ReadingView | None:
        """The reading under the cursor, while the readings are shown: what an act may be about."""
        return self.readings.selected if self._tab == "readings" else None

    def subject(self) -> Subject | None:
        """The patient, once she is read."""
        return None if self.view is None else of_patient(self.view, self.console_app.me)

    def page(self) -> Page | None:
        """What the tabs are drawn from; none before she is read."""
        subject = self.subject()
        if self.view is None or self.chart is None or subject is None:
            return None
        now = self.console_app.now()
        return Page(self.view, self.chart, subject, now, self._code, self.days, self._only_code)

    def reload(self) -> None:
        """Read the patient in a thread, with at least as many days as are shown."""
        patient, days = self.patient, max(PERIODS[1], self.days, self._older_days)

        def load(session: Session) -> PatientLoaded:
            return PatientLoaded(session.patient(patient, days), session.chart(patient), days)

        self.console_app.ask(self, load, group="patient")

    def on_patient_loaded(self, message: PatientLoaded) -> None:
        """Show what was read."""
        self.view, self.chart, self._loaded_days = message.view, message.chart, message.days
        page = self.page()
        if page is not None and self._code not in page.codes:
            self._code = first_code(message.view, page.codes)
        self.show_all()
        self.show_tabs()
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

    def show_head(self) -> None:
        """Who it is, how bad, how fresh; and who else could be taken for her."""
        console, now = self.console_app, self.console_app.now()
        subject, view = self.subject(), self.view
        identity = [Part(_("Fetching …"))]
        if view is not None and subject is not None:
            identity = identity_parts(view.person, subject.band, now)
            identity += [Part(_("draft"), BOLD, keep=8)] * (self.patient in console.drafts.patients)
        self.query_one("#head", HeadLine).show([practice_part(console), *identity], sync_parts(console, now))
        if view is None or subject is None:
            return
        held = held_words(view, subject, now)
        scale = scale_words(self.chart.plans, now) if self.chart else ""
        said = [held, scale, *fact_words(view.person)]
        facts = [Part(words, keep=20 - i) for i, words in enumerate(said)]
        self.query_one("#facts", HeadLine).show(facts)
        alike = namesake_words(self.chart.namesakes) if self.chart else ""
        line = self.query_one("#namesakes", HeadLine)
        line.display = bool(alike)
        line.show([Part(alike, WARNING, least=20)])

    def show_content(self) -> None:
        """The tab that is shown; the others are drawn when they are."""
        page = self.page()
        if page is None:
            return
        self.query_one(f"#{self._tab}", Tab).show_page(page)
        if self._tab == "messages":
            self._open_messages()

    def show_tabs(self) -> None:
        """The tabs' names, the one shown in reverse video; how old it is, and the keys of the trend."""
        unread = len(self.chart.unread) if self.chart else 0
        names = tab_parts(self.console_app, self._tab, unread, wide=self.size.width >= _WIDE)
        keys = Part(trend_keys(self.console_app), PLAIN, keep=1)
        now, last = self.console_app.now(), self.view.status.last_sync if self.view else None
        age = [Part(as_of(last, now), BOLD, keep=7)] if last is not None and is_old(last, now) else []
        trend = [keys] if self._tab in ("overview", "readings") else []
        self.query_one("#tabs", HeadLine).show(names, [*age, *trend])

    def action_tab(self, name: str) -> None:
        """Show another tab."""
        self._tab = name
        with self.app.batch_update():  # one repaint of the tab, as it is now
            for content in self.query(Tab):
                content.display = content.id == name
            self.show_tabs()
            self.show_content()
        self.set_focus(self.query_one(f"#{name}", Tab).to_focus())

    def on_resize(self) -> None:
        """The tabs' names may have more room."""
        self.show_tabs()

    def action_what_if(self) -> None:
        """Try other limits."""
        subject = self.subject()
        if subject is not None:
            self.app.push_screen(WhatIfForm(subject))

    def action_table(self) -> None:
        """The trend as a table, or the readings again."""
        self.readings.show_mode("list" if self.readings.mode == "table" else "table")
        self.action_tab("readings")

    def action_stack(self) -> None:
        """Several measures over one another on one axis of time, or the readings again."""
        self.readings.show_mode("list" if self.readings.mode == "stack" else "stack")
        self.action_tab("readings")

    def action_only(self) -> None:
        """Only the readings of the measure looked at, or all."""
        if self._tab == "readings":
            chosen = self.selected_reading
            codes = self.page().codes if self.page() else []  # type: ignore[union-attr]
            if not self._only_code and chosen is not None and chosen.code in codes:
                self._code = chosen.code
            self._only_code = not self._only_code
            self.show_content()

    def action_measure(self, step: int) -> None:
        """Another measure."""
        page = self.page()
        if page is not None and self._code in page.codes:
            codes = page.codes
            self._code = codes[(codes.index(self._code) + step) % len(codes)]
            self.show_content()

    def action_days(self, step: int) -> None:
        """More or fewer days; what isn't read yet is fetched."""
        period = max(0, min(len(PERIODS) - 1, self._period + step))
        if period == self._period:
            return
        self._period = period
        self.show_content()
        if self.days > self._loaded_days:
            self.reload()

    def action_older(self) -> None:
        """Fetch what is older than the cache: readings, forms, messages, pictures."""
        patient, days = self.patient, max(self._older_days, PERIODS[-1]) + OLDER_DAYS
        self.say(_("Fetching what is older …"))

        def fetch(session: Session) -> OlderFetched:
            return OlderFetched(session.fetch_older(patient, days), days)

        self.console_app.ask(self, fetch, group="older")

    def on_older_fetched(self, message: OlderFetched) -> None:
        """Show it, and say how much there was."""
        self._older_days = max(self._older_days, message.days)
        self.reload()
        years = round(message.days / OLDER_DAYS)
        found = ngettext("{n} older entry fetched.", "{n} older entries fetched.", message.count)
        words = found if message.count else _("Nothing older within {years} years.")
        self.say(words.format(n=message.count, years=years))

    def _open_messages(self) -> None:
        """Whoever sees the thread has opened its messages."""
        tasks = tuple(one.task for one in self.chart.unread if one.task) if self.chart else ()
        fresh = tuple(task for task in tasks if task not in self._opened)
        if fresh and self.console_app.me is not None:
            self._opened.update(fresh)
            patient = self.patient

            def opened(session: Session) -> MessagesOpened:
                session.acting().open_messages(patient)
                return MessagesOpened(patient)

            self.console_app.ask(self, opened, group="opened", exclusive=False)

    def on_messages_opened(self, _message: MessagesOpened) -> None:
        """They are no longer new."""
        self.reload()

    def action_neighbour(self, step: int) -> None:
        """The next patient of the queue who needs somebody, or the one before."""
        if not self.console_app.show_neighbour(self.patient, step):
            self.say(_("Nobody else in the queue needs somebody."))

    def action_wrong(self) -> None:
        """Mark one of her readings as wrong."""
        readings = self.view.readings if self.view else ()
        self.open_form(lambda subject: ReadingErrorForm(subject, readings))

    def action_correct(self) -> None:
        """Correct something that one has written about her."""
        entries = self.view.timeline if self.view else ()
        me = self.console_app.me
        self.open_form(lambda subject: CorrectForm(subject, entries, me.name if me else None))

    def action_back(self) -> None:
        """Back to the queue."""
        self.app.pop_screen()
