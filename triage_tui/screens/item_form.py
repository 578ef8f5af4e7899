"""A form about one of the patient's open items: which one (↑↓), and a choice by letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget

from triage_tui.screens.console import console_of
from triage_tui.screens.form import Form
from triage_tui.widgets.marks import BAND_STYLES, BOLD, DIM, KEY, PLAIN, fit
from triage_tui.widgets.text_lines import TextLines
from triage_tui.wording import _, reason
from triage_tui.wording.bands import band_sign, band_word
from work_items.model import Item, ItemCode

if TYPE_CHECKING:
    from triage_tui.widgets.subject import Subject


class ItemForm(Form):
    """The items above, the choices under them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", show=False, priority=True),
        Binding("up", "item(-1)", show=False),
        Binding("down", "item(1)", show=False),
    ]

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.items = [item for item in subject.items if item.code is not ItemCode.ESCALATION]
        self.chosen_item = 0

    def choice_lines(self, width: int) -> list[Strip]:
        """The choices, for a width."""
        raise NotImplementedError

    def choice_height(self) -> int:
        """How many lines they take."""
        raise NotImplementedError

    def several(self) -> list[tuple[str, str]]:
        """The keys that choose an item, where there is more than one."""
        return [("↑↓", _("which alert"))] if len(self.items) > 1 else []

    def fields(self) -> Iterable[Widget]:
        """The items and the choices."""
        yield TextLines(id="items")
        yield TextLines(id="choices")

    def on_mount(self) -> None:
        """Choose first."""
        super().on_mount()
        self.query_one("#items", TextLines).styles.height = max(1, len(self.items)) + 1
        self.query_one("#choices", TextLines).styles.height = self.choice_height()
        self.show_choices()

    @property
    def item(self) -> Item | None:
        """The item that it is about."""
        return self.items[self.chosen_item] if self.items else None

    def show_choices(self) -> None:
        """Draw the items and the choices anew."""
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
        self.query_one("#choices", TextLines).show(lambda width, _h: self.choice_lines(width))

    def action_item(self, step: int) -> None:
        """Another item."""
        if self.items:
            self.chosen_item = (self.chosen_item + step) % len(self.items)
            self.say("")
            self.show_choices()

    def typed(self) -> str:
        """Nothing is typed here."""
        return ""

    def action_save(self) -> None:
        """Do it to the chosen item."""
        raise NotImplementedError


def choice_cells(
    letter: str, words: str, width: int, *, chosen: bool, refused: bool = False
) -> list[Segment]:
    """A choice with its letter, in so many cells; one that the rules refuse says so."""
    if refused:
        words += " " + _("(not for red)")
    style = BOLD if chosen else DIM if refused else PLAIN
    return [
        Segment(" ▶ " if chosen else "   "),
        Segment(letter, KEY),
        Segment(fit(f"  {words}", width - 4), style),
    ]
