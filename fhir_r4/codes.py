"""Which of the engine's codes a FHIR code stands for, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from fhir_r4 import systems
from fhir_r4.resources import Coding

LOINC_TO_ENGINE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "2708-6": "spo2",
        "59408-5": "spo2",
        "8867-4": "pulse",
        "9279-1": "resp_rate",
        "8310-5": "temperature",
        "8331-1": "temperature",
        "8480-6": "bp_sys",
        "8462-4": "bp_dia",
        "29463-7": "weight",
        "15074-8": "glucose",
        "14743-9": "glucose",
        "2339-0": "glucose",
        "2345-7": "glucose",
        "41653-7": "glucose",
        "33452-4": "pef",
        "19935-6": "pef",
        "20150-9": "fev1",
        "3151-8": "oxygen",
    }
)
SNOMED_TO_ENGINE: Final[Mapping[str, str]] = MappingProxyType({"1104441000000107": "consciousness"})
"""ACVPU (alert, confusion, voice, pain, unresponsive) scale."""

CONSCIOUSNESS: Final[Mapping[str, str]] = MappingProxyType(
    {"248234008": "A", "130987000": "C", "300202002": "V", "450847001": "P", "422768004": "U"}
)
"""SNOMED CT finding → letter of NEWS2."""

ENGINE_TO_CODING: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "spo2": (systems.LOINC, "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
        "pulse": (systems.LOINC, "8867-4", "Heart rate"),
        "resp_rate": (systems.LOINC, "9279-1", "Respiratory rate"),
        "temperature": (systems.LOINC, "8310-5", "Body temperature"),
        "bp_sys": (systems.LOINC, "8480-6", "Systolic blood pressure"),
        "bp_dia": (systems.LOINC, "8462-4", "Diastolic blood pressure"),
        "weight": (systems.LOINC, "29463-7", "Body weight"),
        "glucose": (systems.LOINC, "15074-8", "Glucose [Moles/volume] in Blood"),
        "pef": (
            systems.LOINC,
            "33452-4",
            "Maximum expiratory gas flow by Peak flow meter",
        ),
        "fev1": (systems.LOINC, "20150-9", "FEV1"),
        "oxygen": (systems.LOINC, "3151-8", "Inhaled oxygen flow rate"),
        "consciousness": (
            systems.SNOMED,
            "1104441000000107",
            "Alert Confusion Voice Pain Unresponsive scale score",
        ),
    }
)
"""The code that we write for each of the engine's: system, code, display."""


def engine_code(codings: Iterable[Coding]) -> str | None:
    """The engine's code for a concept: one that it knows among any others, else the first in engine form.

    Engine form is `<system's last segment>|<code>`. None where no coding has a code.
    """
    other: str | None = None
    for coding in codings:
        if not coding.code:
            continue
        known: str | None = None
        if coding.system == systems.LOINC:
            known = LOINC_TO_ENGINE.get(coding.code)
        elif coding.system == systems.SNOMED:
            known = SNOMED_TO_ENGINE.get(coding.code)
        if known is not None:
            return known
        if other is None:
            other = f"{last_segment(coding.system or '')}|{coding.code}"
    return other


def last_segment(url: str) -> str:
    """What stands after the last slash of a URL or canonical, without a `|version`."""
    return url.partition("|")[0].rstrip("/").rpartition("/")[2]


def is_form_code(code: str) -> bool:
    """Whether an engine code is that of a form's answer, `<questionnaire>/<linkId>`."""
    return "/" in code and "|" not in code.partition("/")[0]
