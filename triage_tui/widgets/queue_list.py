"""The queue as a list that never moves its patient away from under the cursor.

A virtual list by the line API: only the lines on the screen are ever drawn, and only what changed of them is
sent. The cursor is bound to a patient, not to an index: when the order changes the list moves around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip

from triage_tui.widgets.cursor_list import CursorList
from triage_tui.widgets.line_keys import LINE_KEYS
from triage_tui.widgets.marks import PLAIN
from triage_tui.widgets.queue_columns import DEADLINE, MARK
from triage_tui.widgets.queue_row import Scene, row_strip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from local_store.views import Nurse, QueueEntry

_CURSOR_CELLS = MARK + DEADLINE
"""The cursor changes these cells of a row and no others: a move costs two short spans."""


class QueueList(CursorList, can_focus=True, inherit_bindings=False):
    """Rows of the queue, the most urgent first."""

    DEFAULT_CSS = """
    QueueList { scrollbar-size: 0 0; overflow-x: hidden; background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*LINE_KEYS]

    @dataclass
    class Moved(Message):
        """The cursor stands on another patient, or on nobody, or what is said of her changed."""

        patient: str | None

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor ended matters."""
            return isinstance(message, QueueList.Moved)

    @dataclass
    class Opened(Message):
        """The nurse wants to see this patient."""

        patient: str

    def __init__(self, scene: Scene, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._scene = scene
        self._entries: Sequence[QueueEntry] = ()
        self._index: dict[str, int] = {}
        self._known_tasks: set[str] | None = None
        self._unseen: set[str] = set()
        self._cursor: str | None = None

    @property
    def entries(self) -> Sequence[QueueEntry]:
        """The rows, in order."""
        return self._entries

    @property
    def cursor_index(self) -> int | None:
        """Where the cursor's patient stands now."""
        return None if self._cursor is None else self._index.get(self._cursor)

    @property
    def current(self) -> QueueEntry | None:
        """The row under the cursor."""
        index = self.cursor_index
        return None if index is None else self._entries[index]

    @property
    def new_above(self) -> int:
        """How many rows with something new stand above the cursor."""
        here = self.cursor_index
        if here is None:
            return 0
        return sum(1 for patient in self._unseen & self._index.keys() if self._index[patient] < here)

    @property
    def new_elsewhere(self) -> int:
        """How many patients with something new aren't among the rows shown."""
        return len(self._unseen - self._index.keys())

    def show(
        self,
        entries: Sequence[QueueEntry],
        scene: Scene,
        *,
        count_new: bool = True,
        whole: Sequence[QueueEntry] | None = None,
    ) -> None:
        """Show other rows: the cursor keeps its patient, on the same line of the screen where it can.

        `count_new`: whether what wasn't there before is new to the nurse; not while the cache first fills.
        `whole`: the queue, where `entries` are only some of it; what is new is counted over all of it.
        """
        whole = entries if whole is None else whole
        line = None if self.cursor_index is None else self.cursor_index - self.scroll_offset.y
        before = self.cursor_index or 0
        self._note_new(whole, count=count_new)
        self._entries, self._scene = entries, scene
        self._index = {entry.row.patient: i for i, entry in enumerate(entries)}
        self._unseen &= {entry.row.patient for entry in whole}
        if self._cursor not in self._index:  # done with: whoever took her place is next
            self._cursor = entries[min(before, len(entries) - 1)].row.patient if entries else None
        size = Size(self.size.width, len(entries))
        if size != self.virtual_size:
            self.virtual_size = size
        here = self.cursor_index
        if here is not None and line is not None:
            self.scroll_to(y=here - line, animate=False)
            self._keep_visible(here)
        self._send_changes()
        self._point()
        self.post_message(self.Moved(self._cursor))

    def _note_new(self, entries: Sequence[QueueEntry], *, count: bool) -> None:
        tasks = {item.task: entry.row.patient for entry in entries for item in entry.row.items}
        if self._known_tasks is not None and count:
            self._unseen |= {tasks[task] for task in tasks.keys() - self._known_tasks}
        self._known_tasks = (self._known_tasks or set()) | tasks.keys()

    def _strip(self, index: int) -> Strip:
        width = self.size.width
        if index >= len(self._entries):
            return Strip.blank(width, PLAIN)
        entry = self._entries[index]
        columns = self._scene.columns(width)
        strip = row_strip(entry, self._scene, columns, cursor=entry.row.patient == self._cursor)
        return strip.adjust_cell_length(width, PLAIN)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The terminal's cursor goes with its row."""
        super().watch_scroll_y(old_value, new_value)
        self._point()

    def on_focus(self) -> None:
        """Back from a form, in which the cursor was elsewhere; its text may say so a moment later."""
        self._point()
        self.call_after_refresh(self._point)

    def _point(self) -> None:
        """Let the terminal's own cursor, though hidden, follow: screen readers and magnifiers go by it."""
        here = self.cursor_index
        if here is not None and self.has_focus:
            line = here - self.scroll_offset.y
            place = self.region.offset + Offset(0, line)
            if place != self.app.cursor_position:
                self.app.cursor_position = place
                self.refresh(Region(0, line, 1, 1))  # it is sent with whatever is drawn next

    def on_resize(self, event: events.Resize) -> None:
        """Another width draws every line anew."""
        self._drawn.clear()
        self.virtual_size = Size(event.size.width, len(self._entries))
        here = self.cursor_index
        if here is not None:
            self._keep_visible(here)
        self.call_after_refresh(self._point)

    def move_to(self, patient: str) -> None:
        """Put the cursor on a patient; nothing happens where she isn't in the queue."""
        index = self._index.get(patient)
        if index is None or patient == self._cursor:
            return
        old = self.cursor_index
        self._cursor = patient
        passed = range(min(index, old), max(index, old) + 1) if old is not None else range(index, index + 1)
        self._unseen -= {self._entries[i].row.patient for i in passed}
        for line in (old, index):
            if line is not None:
                self.refresh(Region(0, line - self.scroll_offset.y, _CURSOR_CELLS, 1))
        self._keep_visible(index)
        self._point()
        self.post_message(self.Moved(patient))

    def jump_points(self) -> Iterator[tuple[Offset, Callable[[], object]]]:
        """The rows in view."""
        top = self.scroll_offset.y
        for index in range(top, min(top + self.size.height, len(self._entries))):
            patient = self._entries[index].row.patient
            yield self.region.offset + Offset(0, index - top), partial(self.move_to, patient)

    def beside(self, patient: str, step: int, me: Nurse | None) -> str | None:
        """The nearest patient below (`step` 1) or above (−1) whom no colleague has; none where there is none.

        Beside somebody who isn't in the queue is where the cursor stands.
        """
        here = self._index.get(patient, (self.cursor_index or 0) - max(step, 0))
        last = len(self._entries) if step > 0 else -1
        for index in range(here + step, last, step):
            entry = self._entries[index]
            if entry.owner_login is None or (me is not None and entry.owner_login == me.login):
                return entry.row.patient
        return None

    def go_to_new(self) -> None:
        """Put the cursor on the topmost row with something new."""
        shown = self._unseen & self._index.keys()
        if shown:
            index = min(self._index[patient] for patient in shown)
            patient = self._entries[index].row.patient
            self._unseen.discard(patient)
            self.move_to(patient)

    def action_move(self, lines: int) -> None:
        """Move the cursor by so many lines, no further than the ends."""
        here = self.cursor_index
        if here is not None:
            index = max(0, min(len(self._entries) - 1, here + lines))
            self.move_to(self._entries[index].row.patient)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, a double click opens."""
        index = event.y + self.scroll_offset.y
        if index < len(self._entries):
            self.move_to(self._entries[index].row.patient)
            if event.chain == 2 and self._cursor is not None:
                self.post_message(self.Opened(self._cursor))
