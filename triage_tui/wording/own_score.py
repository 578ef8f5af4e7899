"""What gave the points of a personal score: `SpO₂ 86 % er 5 under det vanlige, puls 104 er 22 over`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from threshold_engine.model import Scaled, Share, Value
from triage_tui.wording.language import gettext as _
from triage_tui.wording.language import ngettext
from triage_tui.wording.measures import in_sentence, measure, short_name, value_with_unit
from triage_tui.wording.numbers import number

_TOLD: Final = 3
"""So many measures are told; more only make it longer."""


@dataclass(frozen=True, slots=True)
class _Told:
    """All that one measure gave."""

    code: str
    value: Value
    points: int
    usual: Scaled | None


def points_words(total: int, shares: tuple[Share, ...]) -> str:
    """`3 poeng: SpO₂ 86 % er 5 under det vanlige, puls 104 er 22 over`; what gave most comes first.

    `shares` must not be empty. What has no usual value (a fixed limit, an answer) is told by its value alone.
    """
    told = sorted(_by_code(shares).values(), key=lambda each: -each.points)
    parts: list[str] = []
    is_said = False
    for each in told[:_TOLD]:
        parts.append(_part(each, is_said=is_said, is_first=not parts))
        is_said = is_said or each.usual is not None
    why = ", ".join(parts) + (" …" if len(told) > _TOLD else "")
    return ngettext("{n} point: {why}", "{n} points: {why}", total).format(n=total, why=why)


def _by_code(shares: tuple[Share, ...]) -> Mapping[str, _Told]:
    found: dict[str, _Told] = {}
    for share in shares:
        known = found.get(share.code)
        if known is None:
            found[share.code] = _Told(share.code, share.value, share.points, share.usual)
        else:
            usual = share.usual if known.usual is None else known.usual
            found[share.code] = replace(known, points=known.points + share.points, usual=usual)
    return found


def _part(told: _Told, *, is_said: bool, is_first: bool) -> str:
    name = short_name(told.code) if is_first else in_sentence(short_name(told.code))
    if told.value is True:
        return name
    name = f"{name} {value_with_unit(told.code, told.value)}"
    if told.usual is None or isinstance(told.value, str | bool):
        return name
    by = number(abs(told.value - told.usual), min(measure(told.code).decimals, 1))
    return _words(told.value < told.usual, is_said=is_said).format(name=name, by=by)


def _words(is_below: bool, *, is_said: bool) -> str:
    """That it is the usual that is meant is said once."""
    if is_below:
        return _("{name} is {by} under") if is_said else _("{name} is {by} under the usual")
    return _("{name} is {by} over") if is_said else _("{name} is {by} over the usual")
