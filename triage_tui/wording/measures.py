"""What is measured: names, units and customary decimals of the codes that plans speak of.

Units on the screen follow Norwegian habit; the stored ones are UCUM (docs/engine.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from threshold_engine.model import Scaled, Value
from triage_tui.wording.language import N_
from triage_tui.wording.language import gettext as _
from triage_tui.wording.numbers import number
from triage_tui.wording.safe_text import clean


@dataclass(frozen=True, slots=True)
class Measure:
    """How a code is spoken of."""

    name: str
    """Short name, a msgid."""
    long_name: str
    """For the table and the help, a msgid."""
    unit: str = ""
    """As drawn beside a value; empty where a bare number is the habit (pulse)."""
    axis_unit: str = ""
    """As drawn over a plot, where there's room: `/min`."""
    decimals: int = 0


MEASURES: Final[Mapping[str, Measure]] = {
    "spo2": Measure("SpO₂", N_("oxygen saturation (SpO₂)"), "%", "%"),
    "pulse": Measure(N_("Pulse"), N_("pulse"), "", "/min"),
    "resp_rate": Measure(N_("Resp. rate"), N_("respiratory rate"), "", "/min"),
    "temperature": Measure(N_("Temperature"), N_("temperature"), "°C", "°C", 1),
    "bp_sys": Measure(N_("Systolic BP"), N_("systolic blood pressure"), "mmHg", "mmHg"),
    "bp_dia": Measure(N_("Diastolic BP"), N_("diastolic blood pressure"), "mmHg", "mmHg"),
    "weight": Measure(N_("Weight"), N_("weight"), "kg", "kg", 1),
    "glucose": Measure(N_("Glucose"), N_("blood glucose"), "mmol/L", "mmol/L", 1),
    "pef": Measure("PEF", N_("peak flow (PEF)"), "L/min", "L/min"),
    "fev1": Measure("FEV1", N_("forced expiratory volume (FEV1)"), "L", "L", 2),
    "oxygen": Measure(N_("Oxygen given"), N_("supplemental oxygen")),
    "consciousness": Measure("ACVPU", N_("consciousness (ACVPU)")),
    "cat": Measure("CAT", N_("COPD assessment (CAT)")),
    "mmrc": Measure("mMRC", N_("breathlessness (mMRC)")),
    "breathlessness": Measure(N_("More breathless"), N_("more breathless")),
    "dyspnoea": Measure(N_("More breathless"), N_("more breathless")),
    "sputum": Measure(N_("More sputum"), N_("more sputum")),
    "sputum_volume": Measure(N_("More sputum"), N_("more sputum")),
    "sputum_purulence": Measure(N_("Discoloured sputum"), N_("discoloured sputum")),
    "sputum_colour": Measure(N_("Discoloured sputum"), N_("discoloured sputum")),
    "leg_swelling": Measure(N_("Swollen legs"), N_("swollen legs")),
    "phq9_9": Measure(N_("PHQ-9 question 9"), N_("PHQ-9 question 9")),
    "phq-9/9": Measure(N_("PHQ-9 question 9"), N_("PHQ-9 question 9")),
    "loinc.org|44261-6": Measure(N_("PHQ-9, sum"), N_("PHQ-9, sum")),
    "wants_consultation": Measure(N_("Wants a consultation"), N_("wants a consultation")),
    "swollen_legs": Measure(N_("Swollen legs"), N_("swollen legs")),
    "chills": Measure(N_("Chills"), N_("chills")),
    "vomiting": Measure(N_("Vomiting"), N_("vomiting")),
    "diarrhoea": Measure(N_("Diarrhoea"), N_("diarrhoea")),
    "cloudy_fluid": Measure(N_("Cloudy dialysis fluid"), N_("cloudy dialysis fluid")),
    "catheter_red": Measure(N_("Red round the catheter"), N_("red round the catheter")),
    "headache": Measure(N_("Headache"), N_("headache")),
    "sight": Measure(N_("Disturbed sight"), N_("disturbed sight")),
    "pain_under_ribs": Measure(N_("Pain under the ribs"), N_("pain under the ribs")),
    "fingers_blue_cold_numb": Measure(N_("Blue, cold or numb fingers"), N_("blue, cold or numb fingers")),
    "pain_grows": Measure(N_("Growing pain"), N_("growing pain")),
}
"""Codes that the programmes use; a question of a form is found by its linkId, `-` as `_`. Another code is
shown as it is written."""

VITALS: Final = (
    "spo2",
    "pulse",
    "resp_rate",
    "temperature",
    "bp_sys",
    "bp_dia",
    "weight",
    "glucose",
    "pef",
    "fev1",
)
"""The order in which a day's values are told."""


ANSWERS: Final[Mapping[str, str]] = {"as-usual": N_("as usual"), "worse": N_("worse than usual")}
"""Codes of answers that the programmes' forms use."""


def measure(code: str) -> Measure:
    """How `code` is spoken of; an unknown one by its own (cleaned) text."""
    known = MEASURES.get(code) or _question(code)
    if known:
        return known
    text = clean(code).replace("_", " ").replace("-", " ")
    return Measure(text[:1].upper() + text[1:], text)


def _question(code: str) -> Measure | None:
    """A form's question, `<questionnaire>/<linkId>`; one that is called `weight` isn't a weighing."""
    form, _slash, link = code.partition("/")
    link = link.replace("-", "_")
    return MEASURES.get(link) if form and link not in VITALS else None


def short_name(code: str) -> str:
    """`SpO₂`, `Puls`, `Vekt`."""
    return _(measure(code).name)


def long_name(code: str) -> str:
    """`oksygenmetning (SpO₂)`."""
    return _(measure(code).long_name)


def with_unit(code: str, text: str) -> str:
    """A number already written, with the unit of `code`: `86 %`."""
    unit = measure(code).unit
    return f"{text} {unit}" if unit else text


def plain_value(code: str, value: Value) -> str:
    """A reading's value without its unit: `86`, `37,9`, `ja`, or its text cleaned."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        scaled: Scaled = value
        return number(scaled, measure(code).decimals)
    return _(ANSWERS[value]) if value in ANSWERS else clean(value)


def value_with_unit(code: str, value: Value) -> str:
    """A reading's value with its unit: `86 %`, `82,0 kg`, `ja`."""
    text = plain_value(code, value)
    if isinstance(value, bool) or not isinstance(value, int):
        return text
    return with_unit(code, text)


def in_sentence(name: str) -> str:
    """A short name for the middle of a sentence: `puls`, but `SpO₂` and `NEWS2`."""
    kept = len(name) > 1 and any(letter.isupper() or letter.isdigit() or letter == "₂" for letter in name[1:])
    return name if kept else name[:1].lower() + name[1:]
