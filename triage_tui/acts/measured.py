"""What a patient tells of a measurement, read as she says it: `86`, `37,9`, `140/90`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fhir_r4.codes import CONSCIOUSNESS, ENGINE_TO_CODING
from fhir_r4.told_readings import Amount
from threshold_engine.measures import plausible_value
from threshold_engine.model import Value
from threshold_engine.numbers import scaled
from triage_tui.acts import sentences
from triage_tui.acts.refused import ActRefused

BLOOD_PRESSURE: Final = "bp"
"""Both at once: `140/90`."""
CODES: Final = (*ENGINE_TO_CODING, BLOOD_PRESSURE)
"""What can be typed in."""
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,6})?")
_LETTERS: Final = tuple(CONSCIOUSNESS.values())
_EXAMPLES: Final = {"bp": "140/90", "consciousness": "/".join(_LETTERS), "temperature": "37,9"}


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a measurement."""

    code: str
    amount: Amount
    """In the engine's unit, with the digits that were typed."""

    @property
    def value(self) -> Value:
        """As the engine judges it, numbers in millionths."""
        return self.amount if isinstance(self.amount, str) else scaled(self.amount)

    @property
    def plausible(self) -> bool:
        """Whether it may be true of a living person."""
        return plausible_value(self.code, self.value)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement: one value, or the two of a blood pressure."""

    code: str
    """One of `CODES`."""
    parts: Sequence[Part]

    @property
    def plausible(self) -> bool:
        """Whether all of it may be true."""
        return all(part.plausible for part in self.parts)


def read_measured(code: str, value: str) -> Measured:
    """Read what was typed, in canonical units, with decimal comma or point.

    Raises:
        ActRefused: No such measure, or that is no value of it. What is a number but can't be true of anybody
            is read all the same: look at `plausible`.
    """
    if code not in CODES:
        raise ActRefused(sentences.NO_SUCH_MEASURE, code=code, codes=", ".join(CODES))
    text = "".join(value.split())
    if code == BLOOD_PRESSURE:
        systolic, _slash, diastolic = text.partition("/")
        both = (("bp_sys", systolic), ("bp_dia", diastolic))
        return Measured(code, [_part(one, written, code) for one, written in both])
    return Measured(code, [_part(code, text, code)])


def _part(code: str, text: str, asked: str) -> Part:
    if code == "consciousness" and text.upper() in _LETTERS:
        return Part(code, text.upper())
    if code != "consciousness" and _NUMBER.fullmatch(text):
        return Part(code, Decimal(text.replace(",", ".")))
    raise ActRefused(sentences.NO_VALUE, value=text, code=asked, example=_EXAMPLES.get(asked, "86"))
