"""Numbers as the nurse reads them: decimal comma in bokmål, never rounded across a limit."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

from triage_tui.wording.language import language

if TYPE_CHECKING:
    from threshold_engine.model import Scaled

MILLION: Final = Decimal(1_000_000)
MINUS: Final = "−"


def _written(value: Decimal, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    if text.startswith("-"):
        text = MINUS + text[1:]
    return text.replace(".", ",") if language() == "nb" else text


def number(value: Scaled, least_decimals: int = 0) -> str:
    """`value` (millionths) as written by whoever measured it, with at least so many decimals: `82,3`."""
    exact = Decimal(value) / MILLION
    exponent = exact.normalize().as_tuple().exponent
    needed = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return _written(exact, max(needed, least_decimals))


def rounded(value: Scaled, decimals: int, beside: Scaled | None = None) -> str:
    """`value` rounded half even to `decimals`, or to as many as it takes to differ from `beside`.

    A mean of 135.04 over a limit of 135 must not read "135 over 135".
    """
    exact = Decimal(value) / MILLION
    for more in range(decimals, 7):
        text = exact.quantize(Decimal(1).scaleb(-more), rounding=ROUND_HALF_EVEN)
        if beside is None or value == beside or text != Decimal(beside) / MILLION:
            return _written(text, more)
    return number(value, decimals)


def signed(value: Scaled, decimals: int) -> str:
    """`value` with its sign, `+2,6` or `−1,4`."""
    return ("+" if value >= 0 else "") + number(value, decimals)
