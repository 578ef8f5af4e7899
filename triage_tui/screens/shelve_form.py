"""`u`: put an alert off. Budget: u, letter of the time, letter of the reason, enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from textual import events
from textual.strip import Strip

from triage_tui.screens.console import console_of
from triage_tui.screens.item_form import ItemForm, choice_cells
from triage_tui.wording import N_, _
from triage_tui.wording.acts import AWAITING
from triage_tui.wording.dates import when
from work_items import AWAITING_READING, HOUR, Centre
from work_items.model import Band

if TYPE_CHECKING:
    from threshold_engine.model import Instant
    from triage_tui.widgets.subject import Subject


@dataclass(frozen=True, slots=True)
class _Time:
    """An instant to come back at."""

    letter: str
    at: Instant
    not_for_red: bool = False


REASONS: Final = (
    ("m", AWAITING),
    ("s", N_("waiting for an answer")),
    ("a", N_("agreed with the patient")),
    ("h", N_("the patient isn't at home")),
)
"""Letter and msgid; none of the letters chooses a time."""


class ShelveForm(ItemForm):
    """Which alert (↑↓), until when and why (a letter each); enter puts it off."""

    NAME = "shelve"

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.time: _Time | None = None
        self.why: str | None = None

    def heading(self) -> str:
        """What the form does."""
        return _("Put off")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("enter", _("put off")), *self.several()]

    def times(self) -> list[_Time]:
        """What can be chosen: the next opening day, today's closing, an hour, two hours."""
        now, centre = console_of(self).now(), Centre()
        closes = centre.end_of_opening_day(now)
        today = [_Time("k", closes)] if closes is not None and closes > now else []
        return [
            _Time("i", centre.next_opening_day_at(now, 8), not_for_red=True),
            *today,
            _Time("1", now + HOUR),
            _Time("2", now + 2 * HOUR),
        ]

    def choice_height(self) -> int:
        """Times at the left, reasons at the right."""
        return len(REASONS)

    def choice_lines(self, width: int) -> list[Strip]:
        """The times and the reasons."""
        now, column = console_of(self).now(), max(20, (width - 2) // 2)
        red = self.item is not None and self.item.band is Band.RED
        lines = []
        for time, (letter, words) in zip_longest(self.times(), REASONS):
            left = (
                choice_cells(
                    time.letter,
                    _("until {when}").format(when=when(time.at, now)),
                    column,
                    chosen=self.time is not None and time.letter == self.time.letter,
                    refused=red and time.not_for_red,
                )
                if time is not None
                else choice_cells(" ", "", column, chosen=False)
            )
            right = choice_cells(letter, _(words), column, chosen=words == self.why)
            lines.append(Strip([*left, *right]))
        return lines

    def on_key(self, event: events.Key) -> None:
        """A letter chooses; it puts nothing off."""
        key = event.character or event.key
        for time in self.times():
            if key == time.letter:
                self.time = time
        for letter, words in REASONS:
            if key == letter:
                self.why = words
        if key in {time.letter for time in self.times()} | {letter for letter, _words in REASONS}:
            event.stop()
            self.say("")
            self.show_choices()

    def action_save(self) -> None:
        """Put the chosen item off."""
        item, time, why = self.item, self.time, self.why
        if item is None:
            self.say(_("Nothing is open."))
        elif time is None or why is None:
            self.say(_("Choose until when and why by their letters first."))
        else:
            reason = AWAITING_READING if why == AWAITING else _(why)
            until = when(time.at, console_of(self).now())
            self.send(
                lambda acts: acts.shelve(item.task, time.at, reason),
                _("Put off until {when}").format(when=until),
            )
