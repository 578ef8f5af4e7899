"""What was told of a measurement, said back: the surest way to hear that a figure was typed wrongly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from triage_tui.wording.language import gettext as _
from triage_tui.wording.measures import measure, plain_value, short_name, value_with_unit

if TYPE_CHECKING:
    from threshold_engine.model import Value


def told_name(code: str) -> str:
    """What can be typed in, by its short name; both blood pressures together have one of their own."""
    return _("Blood pressure") if code == "bp" else short_name(code)


def told_words(values: Iterable[tuple[str, Value]]) -> str:
    """`SpO₂ 86 %`, `Systolisk BT 140 mmHg, Diastolisk BT 90 mmHg`."""
    return ", ".join(f"{short_name(code)} {_with_any_unit(code, value)}" for code, value in values)


def implausible_words() -> str:
    """What a value out of its plausible range means."""
    return _("This can hardly be true: it counts as a mismeasurement, and raises work to measure again.")


def _with_any_unit(code: str, value: Value) -> str:
    """Said back with the unit of its axis, also where a bare number is the habit."""
    unit = "L/min" if code == "oxygen" else measure(code).axis_unit or measure(code).unit
    if isinstance(value, bool | str) or not unit:
        return value_with_unit(code, value)
    return f"{plain_value(code, value)} {unit}"
