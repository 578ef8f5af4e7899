"""A reading in words: its value with sign and unit, how it stands to the limits of its time, what is odd."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from threshold_engine.model import Instant, Level, Scaled
from triage_tui.wording import N_, _, clean
from triage_tui.wording.bands import level_in_sentence
from triage_tui.wording.limits import limit_words
from triage_tui.wording.measures import MEASURES, measure, plain_value, short_name, value_with_unit
from triage_tui.wording.numbers import number

if TYPE_CHECKING:
    from local_store.views import LimitSpan, ReadingView
    from triage_tui.chart.views import Chart

Oddity: TypeAlias = Literal["implausible", "corrected", "in-error"]

_CORRECTED: Final = ("corrected", "amended")
_STRUCK: Final = ("entered-in-error", "cancelled")
_ODD_WORDS: Final = {
    "implausible": N_("implausible"),
    "corrected": N_("corrected"),
    "in-error": N_("wrong, not used"),
}
_UNITS: Final = {"Cel": "°C", "mm[Hg]": "mmHg", "{score}": "", "1": "", "[degF]": "°F", "[lb_av]": "lb"}
"""UCUM codes as one writes them; others stand as they are."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """A value beyond a limit that was in force when it was measured."""

    level: Level
    below: bool
    limit: Scaled

    @property
    def arrow(self) -> str:
        """`↓` or `↑`."""
        return "↓" if self.below else "↑"


def oddity(reading: ReadingView) -> Oddity | None:
    """Why a reading is marked, or none."""
    if reading.status in _STRUCK:
        return "in-error"
    if not reading.plausible:
        return "implausible"
    return "corrected" if reading.status in _CORRECTED else None


def odd_word(why: Oddity) -> str:
    """`usannsynlig`, `rettet`, `feil, brukes ikke`."""
    return _(_ODD_WORDS[why])


def in_force(spans: Iterable[LimitSpan], at: Instant) -> LimitSpan | None:
    """The limits in force at an instant."""
    return next((span for span in spans if span.start <= at and (span.end is None or at < span.end)), None)


def beyond(reading: ReadingView, spans: Iterable[LimitSpan]) -> Beyond | None:
    """The worst limit of its time that a reading is beyond; a withdrawn or implausible one is beyond none."""
    value, span = reading.value, in_force(spans, reading.effective)
    if isinstance(value, bool | str) or span is None or oddity(reading) in ("in-error", "implausible"):
        return None
    return passed(value, span)


def passed(value: Scaled, span: LimitSpan) -> Beyond | None:
    """The worst limit that a value is beyond: strictly, as the engine has it."""
    for level, below, above in (
        (Level.RED, span.red_below, span.red_above),
        (Level.YELLOW, span.yellow_below, span.yellow_above),
    ):
        if below is not None and value < below:
            return Beyond(level, True, below)
        if above is not None and value > above:
            return Beyond(level, False, above)
    return None


def beyond_words(code: str, found: Beyond) -> str:
    """`under 88, rød`."""
    limit = number(found.limit, min(1, measure(code).decimals))
    words = _("under {limit}, {colour}") if found.below else _("over {limit}, {colour}")
    return words.format(limit=limit, colour=level_in_sentence(found.level))


def reading_name(reading: ReadingView) -> str:
    """What was measured: our name of it, else what its sender calls it."""
    known = reading.code in MEASURES
    return short_name(reading.code) if known or not reading.display else clean(reading.display)


def reading_value(reading: ReadingView) -> str:
    """`86 %`, `> 33,3 mmol/L`, `7,2 mg/L`: the sender's unit where the measure has none of ours."""
    value = value_with_unit(reading.code, reading.value)
    if not isinstance(reading.value, bool | str) and reading.code not in MEASURES and reading.unit:
        unit = _UNITS.get(reading.unit, clean(reading.unit))
        value = f"{value} {unit}".rstrip()
    return f"{clean(reading.comparator)} {value}" if reading.comparator else value


def reading_marks(reading: ReadingView, spans: Iterable[LimitSpan], chart: Chart) -> list[str]:
    """What is said beside the value: beyond which limit, what is odd, whether it was told by phone."""
    found, why = beyond(reading, spans), oddity(reading)
    said = [] if found is None else [beyond_words(reading.code, found)]
    if why is not None:
        said.append(odd_word(why))
    marked = chart.wrong.get(reading.id)
    if marked is not None and marked.reason:
        said.append(f"«{clean(marked.reason)}»")
    if reading.unsent or reading.id in chart.told:
        said.append(_("told by phone"))
    if reading.unsent:
        said.append(_("not sent"))
    return said


def limits_at(code: str, spans: Iterable[LimitSpan], at: Instant) -> str:
    """`gul under 92 %, rød under 88 %`: the limits in force at an instant; empty where there are none."""
    span = in_force(spans, at)
    return "" if span is None else limit_words(code, span)


def bare_value(reading: ReadingView) -> str:
    """The value alone, for a column whose unit stands over it."""
    return plain_value(reading.code, reading.value)
