"""`f`: complete an alert with an outcome. Budget: f, letter, enter. No single letter closes anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.strip import Strip

from triage_tui.screens.item_form import ItemForm, choice_cells
from triage_tui.wording import _
from triage_tui.wording.outcomes import CHOICES, OutcomeWords
from work_items.model import Band

if TYPE_CHECKING:
    from triage_tui.widgets.subject import Subject


class CompleteForm(ItemForm):
    """Which alert (↑↓), and how it ended (a letter); enter closes it."""

    NAME = "complete"

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.choice: OutcomeWords | None = None

    def heading(self) -> str:
        """What the form does."""
        return _("Complete")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("enter", _("complete")), *self.several()]

    def choice_height(self) -> int:
        """Two columns."""
        return -(-len(CHOICES) // 2)

    def choice_lines(self, width: int) -> list[Strip]:
        """The outcomes."""
        half, column = self.choice_height(), max(20, (width - 2) // 2)
        red = self.item is not None and self.item.band is Band.RED
        return [
            Strip(
                [
                    segment
                    for choice in CHOICES[row::half]
                    for segment in choice_cells(
                        choice.letter,
                        _(choice.word),
                        column,
                        chosen=choice is self.choice,
                        refused=red and choice.not_for_red,
                    )
                ]
            )
            for row in range(half)
        ]

    def on_key(self, event: events.Key) -> None:
        """A letter chooses an outcome; it closes nothing."""
        for choice in CHOICES:
            if event.key == choice.letter:
                event.stop()
                self.choice = choice
                self.say("")
                self.show_choices()

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
            lambda acts: acts.complete(item.task, choice.outcome.value, ""),
            _("Completed: {outcome}").format(outcome=_(choice.word)),
        )
