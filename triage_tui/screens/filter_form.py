"""`F`: which rows of the queue are shown. Letters choose, enter shows, esc leaves it as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input

from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, KEY, PLAIN
from triage_tui.widgets.queue_filter import QueueFilter, choices
from triage_tui.widgets.text_lines import TextLines
from triage_tui.wording import _, clean
from triage_tui.wording.bands import band_word
from work_items.model import Band

if TYPE_CHECKING:
    from local_store.views import QueueView

_BANDS: Final = {"r": Band.RED, "g": Band.YELLOW, "b": Band.BLUE}


class FilterForm(ModalScreen[QueueFilter | None]):
    """Gives the filter chosen, or none where it was left."""

    CSS_PATH = "form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("enter", "choose", show=False, priority=True),
    ]

    def __init__(self, chosen: QueueFilter, view: QueueView) -> None:
        super().__init__(classes="panel")
        self.chosen = chosen
        rows = (*view.entries, *view.put_off)
        self._programmes = choices(chosen.programme, [entry.person.programme for entry in rows])
        self._owners = choices(chosen.owner, [entry.owner_name for entry in rows])

    def compose(self) -> ComposeResult:
        """Title, choices, text, keys."""
        with Vertical(id="form"):
            yield HeadLine(id="form-title")
            yield TextLines(id="choices")
            text = Input(
                self.chosen.text, id="text", placeholder=_("Name, number or programme"), select_on_focus=False
            )
            text.cursor_blink = False
            text.can_focus = False
            yield text
            yield HeadLine(id="form-keys", between="   ")

    def on_mount(self) -> None:
        """Fill in the lines."""
        self.query_one("#form-title", HeadLine).show([Part(_("Which rows of the queue?"), BOLD)])
        keys = [
            Part("enter " + _("show"), KEY, keep=9),
            Part("s " + _("write"), keep=5),
            Part("x " + _("all rows"), keep=6),
            Part("esc " + _("leave"), keep=8),
        ]
        self.query_one("#form-keys", HeadLine).show(keys)
        self.query_one("#choices", TextLines).styles.height = 5
        self._show()

    def _show(self) -> None:
        told, one = self.chosen, _("any")
        marks = [(letter, band_word(band), band.word in told.bands) for letter, band in _BANDS.items()]
        marks += [
            ("m", _("mine only"), told.mine),
            ("i", _("nobody's"), told.unowned),
            ("u", _("put off too"), told.put_off),
        ]
        lines = [_marked(marks[:3]), _marked(marks[3:])]
        lines += [
            _valued("p", _("programme"), clean(told.programme) or one),
            _valued("h", _("with"), clean(told.owner) or one),
            Strip([]),
        ]
        self.query_one("#choices", TextLines).show(lambda _width, _height: lines)

    def on_key(self, event: events.Key) -> None:
        """A letter chooses, unless one writes."""
        text = self.query_one("#text", Input)
        if text.has_focus:
            return
        told, key = self.chosen, event.character
        if key in _BANDS:
            self.chosen = told.with_band(_BANDS[key].word)
        elif key == "m":
            self.chosen = replace(told, mine=not told.mine, unowned=False)
        elif key == "i":
            self.chosen = replace(told, unowned=not told.unowned, mine=False)
        elif key == "u":
            self.chosen = replace(told, put_off=not told.put_off)
        elif key == "p":
            self.chosen = replace(told, programme=_next(self._programmes, told.programme))
        elif key == "h":
            self.chosen = replace(told, owner=_next(self._owners, told.owner))
        elif key == "x":
            self.chosen, text.value = QueueFilter(), ""
        elif key == "s":
            text.can_focus = True
            self.set_focus(text)
        else:
            return
        event.stop()
        event.prevent_default()
        self._show()

    def action_choose(self) -> None:
        """Show what is chosen."""
        self.dismiss(replace(self.chosen, text=self.query_one("#text", Input).value.strip()))

    def action_leave(self) -> None:
        """As it was."""
        self.dismiss(None)


def _next(known: list[str], current: str) -> str:
    return known[(known.index(current) + 1) % len(known)]


def _marked(marks: list[tuple[str, str, bool]]) -> Strip:
    """`r [×] RØD   g [ ] GUL`."""
    segments = []
    for letter, word, chosen in marks:
        segments += [
            Segment(f" {letter}", KEY),
            Segment(f" [{'×' if chosen else ' '}] {word}  ", BOLD if chosen else PLAIN),
        ]
    return Strip(segments)


def _valued(letter: str, name: str, value: str) -> Strip:
    return Strip([Segment(f" {letter}", KEY), Segment(f" {name}: "), Segment(value, BOLD)])
