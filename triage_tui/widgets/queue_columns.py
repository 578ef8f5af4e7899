"""The queue's columns: how wide each is, and which gives way first on a narrow terminal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

MARK: Final = 2
DEADLINE: Final = 8
BAND: Final = 12
AGE: Final = 3
MORE: Final = 4


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of each column; 0 leaves it out. Gaps of one cell are drawn after each that is shown."""

    name: int
    programme: int
    reason: int
    trend: int
    owner: int
    as_of: int = 0
    band: int = BAND

    @property
    def total(self) -> int:
        """Cells of a whole row."""
        optional = sum(width + 1 for width in (self.programme, self.trend, self.owner, self.as_of) if width)
        return MARK + DEADLINE + 1 + self.band + self.name + 1 + AGE + 1 + self.reason + MORE + optional


_REASON_WANTED: Final = 38
_STEPS: Final = (
    ("trend", 0),
    ("owner", 3),
    ("programme", 0),
    ("name", 14),
)
"""What gives way, in this order, and to how little; the band's word and the reason never go."""


def columns_for(width: int, *, as_of: int = 0, band: int = BAND) -> Columns:
    """The columns of a row `width` cells wide.

    `as_of` cells go to how old the row is, where it is old; `band` to the band with the gap after it, which
    a language's words may make wider.
    """
    columns = Columns(name=20, programme=9, reason=_REASON_WANTED, trend=7, owner=9, as_of=as_of, band=band)
    for column, least in _STEPS:
        if columns.total <= width:
            break
        now = getattr(columns, column)
        over = columns.total - width
        kept = least if column == "trend" else max(0 if column == "owner" and as_of else least, now - over)
        columns = replace(columns, **{column: kept if kept >= 3 else 0})
    spare = width - columns.total
    more_name = max(0, min(spare // 4, 8))
    return replace(columns, name=columns.name + more_name, reason=max(1, columns.reason + spare - more_name))
