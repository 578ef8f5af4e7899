"""Other patients whose name could be taken for this one's: equal, or nearly so."""

from __future__ import annotations

from typing import Final

from local_store.context import Context

_SHORTEST_ALIKE: Final = 5
"""Letters below which one more or another makes another name: Li and Lie, Per and Pål."""


def namesakes(context: Context, patient: str) -> list[str]:
    """Names of other patients, as they came, that are hers but for order, accents or a single letter.

    One query over the centre's names; sorted.
    """
    rows = context.connection.exec_driver_sql(
        "SELECT id, name, folded FROM patient WHERE folded IS NOT NULL"
    ).all()
    own = next((_sign(row[2]) for row in rows if row[0] == patient), "")
    if not own.strip():
        return []
    return sorted(row[1] for row in rows if row[0] != patient and _alike(own, _sign(row[2])))


def _sign(folded: str) -> str:
    """A name without case, accents, punctuation and order: its words sorted."""
    plain = folded.rpartition("\n")[2]
    letters = "".join(sign if sign.isalnum() else " " for sign in plain)
    return " ".join(sorted(letters.split()))


def _alike(one: str, other: str) -> bool:
    """Equal, or one letter apart: changed, added, left out, or two exchanged."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < _SHORTEST_ALIKE:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    exchanged = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
    return rest[1:] == others[1:] or rest[1:] == others or rest == others[1:] or exchanged
