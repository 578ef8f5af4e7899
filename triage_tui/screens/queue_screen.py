"""F2: who now? The queue, with the answer to "why is she first?" under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.strip import Strip

from triage_tui.screens.actions import FILTER, NEW, PALETTE, QUEUE, SEARCH, bindings_of
from triage_tui.screens.head import practice_part, sync_parts, who_and_when
from triage_tui.screens.messages import QueueLoaded
from triage_tui.screens.queue_choosing import KEPT_AS, ChoosingScreen
from triage_tui.screens.waiting import waiting_words
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BAND_STYLES, BOLD, PLAIN
from triage_tui.widgets.queue_filter import QueueFilter
from triage_tui.widgets.queue_list import QueueList
from triage_tui.widgets.queue_row import Scene, head_strip
from triage_tui.widgets.subject import Subject, of_entry
from triage_tui.widgets.text_lines import TextLines, line, rule, wrap
from triage_tui.widgets.why_pane import why_lines
from triage_tui.wording import _, clean, ngettext
from triage_tui.wording.bands import band_word
from triage_tui.wording.dates import when
from triage_tui.wording.freshness import empty_words
from work_items.model import Band

if TYPE_CHECKING:
    from local_store.views import QueueView
    from triage_tui.screens.session import Session


class QueueScreen(ChoosingScreen):
    """The queue."""

    CSS_PATH = "queue_screen.tcss"
    ACTIONS = QUEUE
    BINDINGS: ClassVar = bindings_of(QUEUE)
    AUTO_FOCUS = "QueueList"

    def __init__(self) -> None:
        super().__init__()
        self.view: QueueView | None = None
        self._was_loaded = False
        self.chosen = QueueFilter()
        self.marked: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Head, counts, banner, list, pane, keys."""
        yield HeadLine(id="head")
        yield HeadLine(between="   ", id="counts")
        yield HeadLine(id="filter")
        yield HeadLine(id="banner")
        yield TextLines(id="columns")
        yield TextLines(id="empty")
        yield QueueList(Scene(0, None), id="list")
        yield TextLines(id="why")
        yield HeadLine(between="   ", id="keys")

    def on_mount(self) -> None:
        """Before there is a queue the screen says what it is waiting for."""
        self.show_empty()

    def subject(self) -> Subject | None:
        """The patient under the cursor."""
        entry = self.rows.current
        return None if entry is None else of_entry(entry, self.console_app.me)

    def reload(self) -> None:
        """Read the queue in a thread."""

        first = self.view is None

        def load(session: Session) -> QueueLoaded:
            view = session.queue()
            return QueueLoaded(view, session.overview.kept_choice(KEPT_AS) if first else None)

        self.console_app.ask(self, load, group="queue")
        self.show_head()
        self.show_banner()

    def on_queue_loaded(self, message: QueueLoaded) -> None:
        """Show another queue; the cursor stays on its patient."""
        self._was_loaded = self.view is not None and self.view.status.loaded
        first, self.view = self.view is None, message.view
        if first and message.kept is not None:
            self.take_kept(message.kept)
        if first:
            self.call_after_refresh(self.console_app.begin_line)
        entries = self.shown_entries(message.view)
        if bool(entries) == self.rows.display:
            self._show(message.view, count_new=self._was_loaded)
        else:
            with self.app.batch_update():  # one repaint instead of one for each part that comes or goes
                self._show(message.view, count_new=self._was_loaded)
        if entries and self.focused is None:
            self.rows.focus()

    def show_rows(self) -> None:
        """Other rows of the same queue."""
        if self.view is not None:
            with self.app.batch_update():
                self._show(self.view, count_new=False)
            if self.rows.display and self.focused is None:
                self.rows.focus()

    def _show(self, view: QueueView, *, count_new: bool) -> None:
        entries = self.shown_entries(view)
        self.marked &= {entry.row.patient for entry in entries if entry.row.band is Band.BLUE}
        scene = Scene(view.now, view.status.last_sync, self.console_app.drafts.patients, self.marked)
        self.rows.display = bool(entries)
        self.query_one("#empty").display = not entries
        self.rows.show(entries, scene, count_new=count_new, whole=view.entries)
        self.show_filter(len(entries), view)
        self.query_one("#columns", TextLines).show(
            lambda width, _height: [rule(width), head_strip(scene.columns(width))]
        )
        self.show_counts()
        self.show_empty()
        self.show_all()

    def show_head(self) -> None:
        """Practice, centre; nurse, time, freshness."""
        console, now = self.console_app, self.console_app.now()
        centre = clean(console.session.centre) if console.session else ""
        left = [
            practice_part(console),
            Part("TRIAGE", BOLD, keep=3),
            Part(centre, keep=2),
        ]
        self.query_one("#head", HeadLine).show(left, [*who_and_when(console, now), *sync_parts(console, now)])

    def _since_closing(self) -> str:
        """`12 nye siden fredag 15:30`: what came while the centre was closed and nobody has touched."""
        from work_items import Centre  # noqa: PLC0415 - the calendar of holidays isn't needed for first paint

        if self.view is None or not self.view.entries:
            return ""
        now = self.view.now
        closed = Centre().last_closing(now)
        opened = next((o.start for o in Centre().openings(Centre().local_date(now)) if o.start <= now), None)
        if opened is None:
            return ""
        new = sum(
            any(closed <= item.raised < opened and not item.touched for item in entry.row.items)
            for entry in self.view.entries
        )
        words = ngettext("{n} new since {when}", "{n} new since {when}", new)
        return words.format(n=new, when=when(closed, now)) if new else ""

    def show_counts(self) -> None:
        """How many of each band, mine, shelved, all."""
        if self.view is None:
            return
        entries, me = self.view.entries, self.console_app.me
        of_band = {band: sum(entry.row.band is band for entry in entries) for band in Band}
        mine = sum(me is not None and entry.owner_login == me.login for entry in entries)
        left = [
            Part(f"{band_word(band)} {of_band[band]}", BAND_STYLES[band], keep=9) for band in reversed(Band)
        ]
        left += [
            Part(_("mine {n}").format(n=mine), keep=5),
            Part(_("shelved {n}").format(n=self.view.shelved), keep=4),
            Part(_("all {n}").format(n=len(entries)), keep=6),
        ]
        right = [
            Part(self._since_closing(), BOLD, keep=8),
            Part(f"{self.console_app.key(SEARCH)} " + _("search"), PLAIN, keep=1),
            Part(f"{self.console_app.key(FILTER)} " + _("filter"), PLAIN, keep=1),
            Part(f"{self.console_app.key(PALETTE)} " + _("commands"), PLAIN, keep=0),
        ]
        self.query_one("#counts", HeadLine).show(left, right)

    def show_empty(self) -> None:
        """Why the list is empty: "empty" is only said where everything is loaded and fresh."""
        if self.view is None:
            words = waiting_words(self.console_app)
        else:
            status = self.view.status
            words = empty_words(
                loaded=status.loaded,
                last_sync=status.last_sync,
                offline_since=status.offline_since,
                now=self.view.now,
            )
            if self.view.entries:
                words = self.nothing_matches()
            elif not status.loaded:
                words = " ".join([words, waiting_words(self.console_app)])
        self.query_one("#empty", TextLines).show(
            lambda width, _height: [Strip([]), *[line(f"  {text}") for text in wrap(words, width - 4)]]
        )

    def on_queue_list_moved(self, message: QueueList.Moved) -> None:
        """Say why the patient under the cursor is where she is."""
        message.stop()
        self.console_app.seldom("why", self.show_why)
        self.show_keys()

    def show_why(self) -> None:
        """The pane."""
        entry, view = self.rows.current, self.view

        def drawing(width: int, height: int) -> list[Strip]:
            if entry is None or view is None:
                return [rule(width)]
            return [rule(width), *why_lines(entry, width, height - 1, view.now, view.status.last_sync)]

        self.query_one("#why", TextLines).show(drawing)

    def key_notes(self) -> list[Part]:
        """`3 nye over ↑ g`."""
        new = self.rows.new_above
        words = ngettext("{n} new above", "{n} new above", new).format(n=new)
        return [
            Part(f"{words} ↑ {self.console_app.key(NEW)}" if new else "", BOLD, keep=40),
            *super().key_notes(),
        ]

    def on_queue_list_opened(self, message: QueueList.Opened) -> None:
        """Open the patient."""
        message.stop()
        self.console_app.show_patient(message.patient)

    def action_open(self) -> None:
        """Open the patient under the cursor, at once: the next key is for her screen."""
        entry = self.rows.current
        if entry is not None:
            self.console_app.show_patient(entry.row.patient)

    def action_new(self) -> None:
        """Go to the new ones."""
        self.rows.go_to_new()

    def on_screen_resume(self) -> None:
        """Back from a patient: what was done there shows here."""
        self.reload()
