"""Which rows of the queue are shown (`F`), and which are marked (`b`) to do the same to them (`M`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_tui.screens.acting import ActingScreen
from triage_tui.screens.actions import UNFILTER
from triage_tui.screens.filter_form import FilterForm
from triage_tui.screens.many_form import ManyForm, together_with
from triage_tui.screens.overview_messages import ChoiceKept, ManySettled
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, REVERSE
from triage_tui.widgets.queue_filter import QueueFilter, filter_from
from triage_tui.widgets.queue_list import QueueList
from triage_tui.wording import _, clean, ngettext
from work_items.model import Band, ItemState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_store.views import QueueEntry, QueueView
    from triage_tui.screens.session import Session

KEPT_AS = "queue-filter"


class ChoosingScreen(ActingScreen):
    """The queue's choice of rows."""

    view: QueueView | None
    chosen: QueueFilter
    marked: frozenset[str]

    @property
    def rows(self) -> QueueList:
        """The rows."""
        return self.query_one(QueueList)

    def show_rows(self) -> None:
        """Draw the rows that are chosen; not one of them is new by being shown."""
        raise NotImplementedError

    def shown_entries(self, view: QueueView) -> Sequence[QueueEntry]:
        """The rows to show."""
        return self.chosen.chosen(view, self.console_app.me)

    def take_kept(self, kept: Mapping[str, object]) -> None:
        """The filter of last time."""
        self.chosen = filter_from(kept)

    def show_filter(self, shown: int, view: QueueView) -> None:
        """`FILTER: GUL, mine · viser 2 av 21 · X fjerner`, for as long as it holds."""
        head = self.query_one("#filter", HeadLine)
        head.display = self.chosen.holds
        if not self.chosen.holds:
            return
        new = self.rows.new_elsewhere
        of = len(view.entries) + (len(view.put_off) if self.chosen.put_off else 0)
        words = _("shows {n} of {of}").format(n=shown, of=of)
        elsewhere = ngettext("{n} new not shown", "{n} new not shown", new).format(n=new) if new else ""
        head.show(
            [
                Part(
                    " " + _("FILTER: {what}").format(what=self.chosen.words()) + " ",
                    REVERSE,
                    keep=20,
                    least=12,
                ),
                Part(words, keep=6),
                Part(elsewhere, BOLD, keep=9),
            ],
            [Part(f"{self.console_app.key(UNFILTER)} " + _("all rows"), keep=8)],
        )

    def nothing_matches(self) -> str:
        """What stands there where the filter leaves nothing of a queue that isn't empty."""
        return _("Nobody in the queue matches the filter. {key} shows all rows.").format(
            key=self.console_app.key(UNFILTER)
        )

    def action_filter(self) -> None:
        """Choose which rows are shown."""
        if self.view is not None:
            self.app.push_screen(FilterForm(self.chosen, self.view), self._filtered)

    def action_unfilter(self) -> None:
        """Show all rows again."""
        if self.chosen.holds:
            self._filtered(QueueFilter())

    def _filtered(self, chosen: QueueFilter | None) -> None:
        if chosen is None:
            return
        self.chosen = chosen
        self.show_rows()

        def keep(session: Session) -> ChoiceKept:
            session.overview.keep_choice(KEPT_AS, chosen.as_dict())
            return ChoiceKept()

        self.console_app.ask(self, keep, group="keep", exclusive=False)

    def on_choice_kept(self, message: ChoiceKept) -> None:
        """It is in the store."""
        message.stop()

    def action_take(self) -> None:
        """Take her, give her back; one put off by me comes back into the queue."""
        entry, me = self.rows.current, self.console_app.me
        if entry is not None and entry.put_off and me is not None:
            shelved = next(
                (
                    item.task
                    for item in entry.row.items
                    if item.state is ItemState.ON_HOLD and item.owner == me.reference
                ),
                None,
            )
            if shelved is not None:
                self.console_app.act(self, lambda acts: acts.take(shelved), _("Back in the queue"))
                return
        super().action_take()

    def action_mark(self) -> None:
        """Mark the row, or take its mark away; only rows that are blue throughout."""
        entry = self.rows.current
        if entry is None:
            return
        if entry.row.band is not Band.BLUE or entry.put_off:
            self.say(
                _("Only blue rows can be marked: red and yellow are looked at one by one."), warning=True
            )
            return
        self.marked ^= {entry.row.patient}
        self.show_rows()
        self.rows.action_move(1)

    def action_many(self) -> None:
        """Do the same to all that are marked; without marks to all blue rows like this one."""
        entry, view = self.rows.current, self.view
        if entry is None or view is None:
            return
        pairs, left_out = together_with(entry, self.shown_entries(view), self.marked)
        if not pairs:
            self.say(_("Nothing blue is chosen. Mark blue rows, or stand on one."), warning=True)
            return
        self.app.push_screen(ManyForm(pairs, left_out), self._many_settled)

    def _many_settled(self, settled: ManySettled | None) -> None:
        if settled is None:
            return
        self.marked = frozenset()
        names = "; ".join(clean(done.patient_name) for done in settled.done)
        self.say(f"{settled.said} ({len(settled.done)}): {names}")
        self.reload()
