"""Limits in words, with their colours: `gul under 92 %, rød under 88 %`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threshold_engine.model import Level
from triage_tui.wording.bands import level_in_sentence
from triage_tui.wording.language import gettext as _
from triage_tui.wording.measures import measure, with_unit
from triage_tui.wording.numbers import number

if TYPE_CHECKING:
    from typing import Protocol

    from threshold_engine.model import Scaled

    class FourLimits(Protocol):
        """The limits of a value: the engine's Limits, or those in force over a time."""

        @property
        def yellow_below(self) -> Scaled | None: ...
        @property
        def red_below(self) -> Scaled | None: ...
        @property
        def yellow_above(self) -> Scaled | None: ...
        @property
        def red_above(self) -> Scaled | None: ...


def amount(code: str, value: Scaled) -> str:
    """A limit or a step with its unit, with no more decimals than it takes: `2,1 kg`, `88 %`."""
    return with_unit(code, number(value, min(1, measure(code).decimals)))


def limit_words(code: str, limits: FourLimits) -> str:
    """`gul under 92 %, rød under 88 %`; empty where there are none."""
    told = (
        (limits.yellow_below, Level.YELLOW, _("{colour} under {limit}")),
        (limits.red_below, Level.RED, _("{colour} under {limit}")),
        (limits.yellow_above, Level.YELLOW, _("{colour} over {limit}")),
        (limits.red_above, Level.RED, _("{colour} over {limit}")),
    )
    return ", ".join(
        words.format(colour=level_in_sentence(level), limit=amount(code, value))
        for value, level, words in told
        if value is not None
    )
