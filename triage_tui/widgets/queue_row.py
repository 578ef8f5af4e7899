"""One row of the queue as a strip: deadline, band, patient, reason, the week, whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from threshold_engine.model import Instant
from triage_tui.widgets.marks import BAND_STYLES, BOLD, DIM, PLAIN, REVERSE, fit, fit_right
from triage_tui.widgets.queue_columns import AGE, BAND, DEADLINE, MARK, MORE, Columns, columns_for
from triage_tui.widgets.spark import sparkline
from triage_tui.wording import _, clean, reason
from triage_tui.wording.bands import band_sign, band_word
from triage_tui.wording.dates import local_day, short_deadline, when
from triage_tui.wording.freshness import as_of, is_old
from triage_tui.wording.people import age
from work_items.model import Band
from work_items.order import comes_back

if TYPE_CHECKING:
    from local_store.views import QueueEntry

CURSOR: Final = "▌"
DRAFT: Final = "✎"
MARKED: Final = "×"


@dataclass(frozen=True, slots=True)
class Scene:
    """What all rows of one drawing share."""

    now: Instant
    last_sync: Instant | None
    drafts: frozenset[str] = frozenset()
    """Patients about whom something is typed and not signed."""
    marked: frozenset[str] = frozenset()
    """Patients that are marked, to do something to all of them."""

    @property
    def as_of(self) -> str:
        """`pr. 07:40`, for each row once the whole queue is old; else nothing."""
        if self.last_sync is None or not is_old(self.last_sync, self.now):
            return ""
        return as_of(self.last_sync, self.now)

    def columns(self, width: int) -> Columns:
        """The columns of rows `width` cells wide."""
        band = max(cell_len(_band_cell(band)) + 1 for band in Band)
        return columns_for(width, as_of=cell_len(self.as_of), band=max(BAND, band))


def _band_cell(band: Band) -> str:
    return f"{band_sign(band)} {band_word(band)}"


def head_strip(columns: Columns) -> Strip:
    """The columns' names."""
    cells = [
        " " * MARK,
        fit(_("due"), DEADLINE) + " ",
        fit(_("band"), columns.band),
        fit(_("patient"), columns.name + 1 + AGE) + " ",
    ]
    if columns.programme:
        cells.append(fit("", columns.programme + 1))
    cells.append(fit(_("alert"), columns.reason + MORE))
    if columns.trend:
        cells.append(" " + fit(_("7 days"), columns.trend))
    if columns.as_of:
        cells.append(" " + fit("", columns.as_of))
    if columns.owner:
        cells.append(" " + fit(_("with"), columns.owner))
    return Strip([Segment("".join(cells), DIM)])


def _owner(entry: QueueEntry, width: int) -> str:
    """The owner's first name, or its beginning; `?`: a take that isn't confirmed, `!`: nothing done since."""
    doubt = "?" if entry.owner_unconfirmed else ""
    doubt += "!" if entry.idle else ""
    first = clean(entry.owner_name or entry.owner_login or "").split(" ")[0]
    return fit(set_cell_size(first, min(cell_len(first), width - len(doubt))) + doubt, width)


def _told(entry: QueueEntry, scene: Scene) -> str:
    """What she is in the queue for; of one put off until when, first."""
    first = entry.row.items[0]
    told = reason(first, entry.because.get(first.task), scene.now, scene.last_sync)
    if entry.put_off:
        back = when(comes_back(entry.row.items), scene.now)
        return _("until {when}").format(when=back) + f" · {told}"
    return told + ", " + _("no action") if entry.idle else told


def row_strip(entry: QueueEntry, scene: Scene, columns: Columns, *, cursor: bool) -> Strip:
    """`entry` drawn into `columns`."""
    row, person = entry.row, entry.person
    others = f" +{len(row.items) - 1}" if len(row.items) > 1 else ""
    years = age(person.birth_date, scene.now)
    due_style = REVERSE if cursor else BOLD if row.overdue and not entry.put_off else PLAIN
    due = _("shelved") if entry.put_off else short_deadline(row.respond_by, scene.now)
    sign = MARKED if row.patient in scene.marked else DRAFT if row.patient in scene.drafts else ""
    mark = (CURSOR if cursor else " ") + sign
    segments = [
        Segment(fit(mark, MARK), BOLD if mark.strip() else PLAIN),
        Segment(fit(due, DEADLINE), due_style),
        Segment(" "),
        Segment(fit(_band_cell(row.band), columns.band), BAND_STYLES[row.band]),
    ]
    text = fit(clean(person.name), columns.name) + " "
    text += fit_right("?" if years is None else str(years), AGE) + " "
    if columns.programme:
        text += fit(clean(person.programme or ""), columns.programme) + " "
    told = _told(entry, scene)
    text += fit(told, columns.reason) + fit(others, MORE)
    if columns.trend:
        days = entry.week.days if entry.week else {}
        text += " " + sparkline(days, local_day(scene.now), columns.trend)
    if columns.as_of:
        text += " " + fit(scene.as_of, columns.as_of)
    if columns.owner:
        text += " " + _owner(entry, columns.owner)
    segments.append(Segment(text))
    return Strip(segments)
