"""`f`: complete an alert with an outcome. Budget: f, letter, enter. No single letter closes anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget

from triage_tui.screens.console import console_of
from triage_tui.screens.form import Form
from triage_tui.widgets.marks import BAND_STYLES, BOLD, DIM, KEY, PLAIN, fit
from triage_tui.widgets.text_lines import TextLines
from triage_tui.wording import _, reason
from triage_tui.wording.bands import band_sign, band_word
from triage_tui.wording.outcomes import CHOICES, OutcomeWords
from work_items.model import Band, Item, ItemCode

if TYPE_CHECKING:
    from triage_tui.widgets.subject import Subject


class CompleteForm(Form):
    """Which alert (↑↓), and how it ended (a letter); enter closes it."""

    NAME = "complete"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", show=False, priority=True),
        Binding("up", "item(-1)", show=False),
        Binding("down", "item(1)", show=False),
    ]

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.items = [item for item in subject.items if item.code is not ItemCode.ESCALATION]
        self.chosen_item = 0
        self.choice: OutcomeWords | None = None

    def heading(self) -> str:
        """What the form does."""
        return _("Complete")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        several = [("↑↓", _("which alert"))] if len(self.items) > 1 else []
        return [("enter", _("complete")), *several]

    def fields(self) -> Iterable[Widget]:
        """The items and the outcomes."""
        yield TextLines(id="items")
        yield TextLines(id="choices")

    def on_mount(self) -> None:
        """Choose first."""
        super().on_mount()
        self.query_one("#items", TextLines).styles.height = max(1, len(self.items)) + 1
        self.query_one("#choices", TextLines).styles.height = -(-len(CHOICES) // 2)
        self._show()

    @property
    def item(self) -> Item | None:
        """The item to close."""
        return self.items[self.chosen_item] if self.items else None

    def _show(self) -> None:
        now = console_of(self).now()

        def item_line(i: int, item: Item) -> Strip:
            chosen = i == self.chosen_item
            return Strip(
                [
                    Segment(" ▶ " if chosen else "   "),
                    Segment(f"{band_sign(item.band)} {band_word(item.band)}  ", BAND_STYLES[item.band]),
                    Segment(
                        reason(item, self.subject.because.get(item.task), now), BOLD if chosen else PLAIN
                    ),
                ]
            )

        lines = [item_line(i, item) for i, item in enumerate(self.items)]
        self.query_one("#items", TextLines).show(
            lambda _w, _h: lines or [Strip([Segment(" " + _("Nothing is open."))])]
        )
        self.query_one("#choices", TextLines).show(lambda width, _h: self._outcome_lines(width))

    def _outcome_lines(self, width: int) -> list[Strip]:
        half, column = -(-len(CHOICES) // 2), max(20, (width - 2) // 2)
        return [
            Strip([s for choice in CHOICES[row::half] for s in self._outcome(choice, column)])
            for row in range(half)
        ]

    def _outcome(self, choice: OutcomeWords, width: int) -> list[Segment]:
        chosen = choice is self.choice
        words = _(choice.word)
        refused = choice.not_for_red and self.item is not None and self.item.band is Band.RED
        if refused:
            words += " " + _("(not for red)")
        style = BOLD if chosen else DIM if refused else PLAIN
        return [
            Segment(" ▶ " if chosen else "   "),
            Segment(choice.letter, KEY),
            Segment(fit(f"  {words}", width - 4), style),
        ]

    def on_key(self, event: events.Key) -> None:
        """A letter chooses an outcome; it closes nothing."""
        for choice in CHOICES:
            if event.key == choice.letter:
                event.stop()
                self.choice = choice
                self.say("")
                self._show()

    def action_item(self, step: int) -> None:
        """Another item."""
        if self.items:
            self.chosen_item = (self.chosen_item + step) % len(self.items)
            self.say("")
            self._show()

    def typed(self) -> str:
        """Nothing is typed here."""
        return ""

    def action_save(self) -> None:
        """Close the chosen item with the chosen outcome."""
        item, choice = self.item, self.choice
        if item is None:
            self.say(_("Nothing is open."))
            return
        if choice is None:
            self.say(_("Choose an outcome by its letter first."))
            return
        self.send(
            lambda session: session.complete(item.task, choice.outcome.value, ""),
            _("Completed: {outcome}").format(outcome=_(choice.word)),
        )
