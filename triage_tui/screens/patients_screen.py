"""F3: everybody whom the centre follows; in another order, or only those whose name has some words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widgets import Input

from triage_tui.screens.acting import ActingScreen
from triage_tui.screens.actions import PATIENTS, bindings_of
from triage_tui.screens.head import practice_part, sync_parts, who_and_when
from triage_tui.screens.overview_messages import PatientsLoaded
from triage_tui.screens.waiting import waiting_words
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD
from triage_tui.widgets.patient_line import ORDERS, columns_line, ordered, patient_strip
from triage_tui.widgets.pick_list import PickLine, PickList
from triage_tui.widgets.subject import Subject, of_person
from triage_tui.widgets.text_lines import TextLines, line, rule, wrap
from triage_tui.wording import _, ngettext

if TYPE_CHECKING:
    from local_store.patients_view import PatientLine, PatientsView
    from triage_tui.screens.messages import ActSettled

_RELOADS: Final = "patients"


class PatientsScreen(ActingScreen):
    """The list."""

    CSS_PATH = "overview.tcss"
    ACTIONS = PATIENTS
    BINDINGS: ClassVar = bindings_of(PATIENTS)
    AUTO_FOCUS = "PickList"

    def __init__(self) -> None:
        super().__init__()
        self.view: PatientsView | None = None
        self.order = 0
        self._shown: dict[str, PatientLine] = {}

    def compose(self) -> ComposeResult:
        """Head, counts, banner, the words looked for, columns, list, keys."""
        yield HeadLine(id="head")
        yield HeadLine(between="   ", id="counts")
        yield HeadLine(id="banner")
        text = Input(id="find", placeholder=_("A part of the name"), select_on_focus=False)
        text.cursor_blink = False
        text.display = False
        yield text
        yield TextLines(id="columns")
        yield TextLines(id="empty")
        yield PickList(id="list")
        yield HeadLine(between="   ", id="keys")

    @property
    def rows(self) -> PickList:
        """The patients."""
        return self.query_one(PickList)

    def subject(self) -> Subject | None:
        """Whom the cursor stands on; nothing is done to her from here."""
        found = self._shown.get(self.rows.current or "")
        return None if found is None else of_person(found.person)

    def reload(self) -> None:
        """Read the list in a thread, once: nobody comes or goes by the minute."""
        if self.view is None:
            self.console_app.ask(
                self, lambda session: PatientsLoaded(session.overview.patients()), group=_RELOADS
            )
        self.show_head()
        self.show_banner()
        self._show_empty()

    def on_patients_loaded(self, message: PatientsLoaded) -> None:
        """Show it."""
        self.view = message.view
        self._show()

    def on_screen_resume(self) -> None:
        """Back from a patient: her pause may have ended."""
        self.view = None
        self.reload()

    def _show(self) -> None:
        view = self.view
        if view is None:
            return
        words = self.query_one("#find", Input).value
        lines = ordered(view, self.order, words)
        self._shown = {each.person.id: each for each in lines}
        self.rows.display = bool(lines)
        self.query_one("#empty").display = not lines
        self.rows.show([PickLine(each.person.id, partial(patient_strip, each, view.now)) for each in lines])
        self.query_one("#columns", TextLines).show(lambda width, _height: [rule(width), columns_line(width)])
        self._show_counts(view, len(lines))
        self._show_empty()
        self.show_all()
        if lines and self.focused is None:
            self.rows.focus()

    def _show_counts(self, view: PatientsView, shown: int) -> None:
        paused = sum(each.pause(view.now) is not None for each in view.lines)
        planless = sum(each.plan is None or each.plan.problem is not None for each in view.lines)
        n = len(view.lines)
        left = [
            Part(ngettext("{n} patient", "{n} patients", n).format(n=n), keep=9),
            Part(_("shows {n} of {of}").format(n=shown, of=n) if shown != n else "", BOLD, keep=8),
            Part(_("paused {n}").format(n=paused), keep=5),
            Part(_("plan trouble {n}").format(n=planless) if planless else "", BOLD, keep=6),
        ]
        order = _("order: {by}").format(by=_(ORDERS[self.order].word))
        self.query_one("#counts", HeadLine).show(left, [Part(order, keep=7)])

    def _show_empty(self) -> None:
        if self.view is None:
            words = waiting_words(self.console_app) or _("Reading the patients …")
        elif self.view.lines:
            words = _("Nobody's name has that.")
        else:
            words = _("No patients have been fetched yet.")
        self.query_one("#empty", TextLines).show(
            lambda width, _height: [Strip([]), *[line(f"  {text}") for text in wrap(words, width - 4)]]
        )

    def show_head(self) -> None:
        """Practice, what this is; nurse, time, freshness."""
        console, now = self.console_app, self.console_app.now()
        left = [practice_part(console), Part(_("PATIENTS"), BOLD, keep=6)]
        self.query_one("#head", HeadLine).show(
            left, [*who_and_when(console, now), *sync_parts(console, now)[:1]]
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list while it is typed."""
        event.stop()
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the list, and opens her where there is one only."""
        event.stop()
        if len(self._shown) == 1:
            self.action_open()
        elif self._shown:
            self.rows.focus()

    def on_key(self, event: events.Key) -> None:
        """Down goes on to the list; what was said has been read."""
        if event.key == "down" and self.query_one("#find", Input).has_focus and self._shown:
            event.stop()
            self.rows.focus()

    def action_find(self) -> None:
        """Write what her name has."""
        text = self.query_one("#find", Input)
        text.display = True
        text.focus()

    def action_sort(self) -> None:
        """The next order; the cursor stays on its patient."""
        self.order = (self.order + 1) % len(ORDERS)
        self._show()

    def on_pick_list_picked(self, message: PickList.Picked) -> None:
        """Enter on a line."""
        message.stop()
        self.console_app.show_patient(message.key)

    def action_open(self) -> None:
        """Open the patient under the cursor."""
        if self.rows.current is not None and self._shown:
            self.console_app.show_patient(self.rows.current)

    def action_back(self) -> None:
        """First all of them again, then back to where F3 was pressed."""
        text = self.query_one("#find", Input)
        if text.display:
            text.value, text.display = "", False
            self.rows.focus()
            self._show()
        else:
            self.app.pop_screen()

    def on_act_settled(self, message: ActSettled) -> None:
        """Nothing is done from here."""
        message.stop()
