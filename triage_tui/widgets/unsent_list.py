"""Acts that the server doesn't have, in three groups: a list whose cursor stays on its act.

While the sync sends, acts leave the list. The one under the cursor stays, marked as gone, until the cursor is
moved: no key ever meets an act that has just slid under it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from triage_tui.widgets.marks import BOLD, DIM, PLAIN, REVERSE, WARNING, fit
from triage_tui.widgets.text_lines import rule
from triage_tui.widgets.unsent_words import group_words, mine_words, why_words
from triage_tui.wording import _, clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_store.unsent_view import UnsentAct
    from threshold_engine.model import Instant

_CURSOR = "▌"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the list: an act, or the heading of a group."""

    act: UnsentAct | None
    heading: str = ""


class UnsentList(ScrollView, can_focus=True):
    """Conflicts, what was refused, what waits."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "UnsentList { scrollbar-size: 0 0; overflow-x: hidden; background: transparent; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("home", "move(-1000000)", show=False),
        Binding("end", "move(1000000)", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor stands on another act, or what is known of it has changed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[_Line] = []
        self._now: Instant = 0
        self._cursor: str | None = None
        self._gone: UnsentAct | None = None
        """The act under the cursor, where it has left the outbox."""

    @property
    def current(self) -> UnsentAct | None:
        """The act under the cursor; one that has left the outbox too (`is_gone`)."""
        here = self._index
        return None if here is None else self._lines[here].act

    @property
    def is_gone(self) -> bool:
        """Whether the act under the cursor was sent, withdrawn or settled since."""
        return self._gone is not None

    @property
    def _index(self) -> int | None:
        return next((i for i, one in enumerate(self._lines) if one.act and one.act.op == self._cursor), None)

    def show(self, acts: Sequence[UnsentAct], now: Instant) -> None:
        """Show other acts; the cursor keeps its act, on the same line of the screen where it can."""
        before, current = self._index, self.current
        line = None if before is None else before - self.scroll_offset.y
        self._now = now
        shown = list(acts)
        self._gone = None
        if current is not None and all(act.op != current.op for act in acts):
            if acts:
                self._gone = current
                shown.insert(self._place_of(current, shown), current)
            else:
                self._cursor = None
        self._lines = _grouped(shown)
        if self._cursor is None and acts:
            self._cursor = acts[0].op
        self.virtual_size = Size(self.size.width, len(self._lines))
        here = self._index
        if here is not None and line is not None:
            self.scroll_to(y=max(0, here - line), animate=False)
        self.refresh()
        self.post_message(self.Moved())

    def _place_of(self, gone: UnsentAct, shown: list[UnsentAct]) -> int:
        """Before the first act of its group that stood below it."""
        old = [one.act.op for one in self._lines if one.act is not None]
        below = set(old[old.index(gone.op) + 1 :])
        return next((i for i, act in enumerate(shown) if act.op in below), len(shown))

    def render_line(self, y: int) -> Strip:
        """Textual asks for line `y` of what is on the screen."""
        index, width = y + self.scroll_offset.y, self.size.width
        if index >= len(self._lines):
            return Strip.blank(width, PLAIN)
        one = self._lines[index]
        if one.act is None:
            return rule(width, one.heading).adjust_cell_length(width, PLAIN)
        return self._row(one.act, width).adjust_cell_length(width, PLAIN)

    def _row(self, act: UnsentAct, width: int) -> Strip:
        here = act.op == self._cursor
        gone = here and self._gone is not None
        style = DIM if gone else WARNING if act.state == "conflict" else BOLD
        name = clean(act.person.name) if act.person else ""
        why = _("no longer here: sent, withdrawn or settled") if gone else why_words(act, self._now)
        wide = width >= 100
        columns = [(mine_words(act, self._now), 40 if wide else 30), (name, 24 if wide else 18)]
        used = 2 + sum(cells + 1 for _text, cells in columns)
        mark = {"conflict": "!", "parked": "×"}.get(act.state, "·")
        segments = [Segment(_CURSOR if here else " ", REVERSE if here else PLAIN), Segment(mark, style)]
        for text, cells in columns:
            segments.append(Segment(fit(f" {text}", cells + 1), BOLD if here else DIM if gone else PLAIN))
        segments.append(Segment(fit(f" {why}", width - used), DIM if gone else PLAIN))
        return Strip(segments)

    def on_resize(self, event: events.Resize) -> None:
        """Another width cuts the columns elsewhere."""
        self.virtual_size = Size(event.size.width, len(self._lines))

    def action_move(self, lines: int) -> None:
        """Move the cursor by so many acts; one that is gone leaves the list."""
        acts = [one.act for one in self._lines if one.act is not None]
        ops = [act.op for act in acts]
        if self._cursor not in ops:
            return
        target = acts[max(0, min(len(acts) - 1, ops.index(self._cursor) + lines))]
        if target.op == self._cursor:
            return
        self._cursor = target.op
        if self._gone is not None:
            gone, self._gone = self._gone, None
            self._lines = _grouped([act for act in acts if act.op != gone.op])
            self.virtual_size = Size(self.size.width, len(self._lines))
        self._keep_visible()
        self.refresh()
        self.post_message(self.Moved())

    def pass_on(self, op: str) -> None:
        """The nurse has dealt with this act: the cursor goes on to the next, or else to the one before."""
        ops = [one.act.op for one in self._lines if one.act is not None]
        if op == self._cursor and op in ops and len(ops) > 1:
            here = ops.index(op)
            self._cursor = ops[here + 1] if here + 1 < len(ops) else ops[here - 1]
            self._gone = None
            self.refresh()
            self.post_message(self.Moved())

    def _keep_visible(self) -> None:
        here, top, height = self._index, self.scroll_offset.y, self.size.height
        if here is None or not height:
            return
        first = here - 1 if here == 1 else here  # with the first act its group's heading
        if not top <= first < top + height:
            self.scroll_to(y=max(0, first - height // 2), animate=False)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there."""
        index = event.y + self.scroll_offset.y
        ops = [one.act.op for one in self._lines if one.act is not None]
        if index < len(self._lines) and self._cursor in ops:
            act = self._lines[index].act
            if act is not None:
                self.action_move(ops.index(act.op) - ops.index(self._cursor))


def _grouped(acts: Sequence[UnsentAct]) -> list[_Line]:
    lines: list[_Line] = []
    group = ""
    for act in acts:
        if act.state != group:
            group = act.state
            lines.append(_Line(None, group_words(group)))
        lines.append(_Line(act))
    return lines
