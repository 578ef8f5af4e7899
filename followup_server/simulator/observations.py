"""What a device sends, as FHIR Observations: LOINC, UCUM, local time with offset, the device's message id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from fhir_r4 import systems
from fhir_r4.codes import ENGINE_TO_CODING
from fhir_r4.raw import Raw
from followup_server.simulator.identity import logical_id
from followup_server.simulator.physiology import NOISE
from threshold_engine.measures import UNITS
from threshold_engine.model import Instant

if TYPE_CHECKING:
    from followup_server.simulator.measurements import Measured

OSLO: Final = ZoneInfo("Europe/Oslo")

MESSAGE: Final = f"{systems.OURS}/device-message"
"""Observation.identifier: the message id that the device gave it."""

_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_PANEL: Final = {"system": systems.LOINC, "code": "85354-9", "display": "Blood pressure panel"}
_SATURATION: Final = {"system": systems.LOINC, "code": "2708-6", "display": "Oxygen saturation"}
"""The vital signs profile wants this code beside the one that says how it was measured."""
_UNIT_TEXT: Final = {"mm[Hg]": "mmHg", "Cel": "°C"}
_NAMES: Final = {
    "spo2": "Oksygenmetning",
    "pulse": "Puls",
    "resp_rate": "Respirasjonsfrekvens",
    "temperature": "Temperatur",
    "bp_sys": "Overtrykk",
    "bp_dia": "Undertrykk",
    "weight": "Vekt",
    "glucose": "Blodsukker",
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def observation(seed: int, n: int, patient: str, measured: Measured) -> Raw:
    """The Observation numbered `n`; `patient` is the Patient's logical id."""
    codes = [code for code, _ in measured.values]
    made: Raw = {
        "resourceType": "Observation",
        "id": logical_id(seed, "Observation", n),
        "identifier": [{"system": MESSAGE, "value": measured.message}],
        "status": "final",
        "category": [_category("laboratory" if codes == ["glucose"] else "vital-signs")],
        "code": _code(codes[0]) if len(codes) == 1 else {"coding": [_PANEL], "text": "Blodtrykk"},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": local_time(measured.at),
        "issued": local_time(measured.received),
    }
    if len(codes) == 1:
        made["valueQuantity"] = _quantity(*measured.values[0])
    else:
        made["component"] = [
            {"code": _code(code), "valueQuantity": _quantity(code, tenths)}
            for code, tenths in measured.values
        ]
    return made


def local_time(at: Instant) -> str:
    """An instant as the wall clock in Norway shows it, with its offset, to the millisecond."""
    moment = (_EPOCH + timedelta(milliseconds=at)).astimezone(OSLO)
    return moment.isoformat(timespec="milliseconds" if at % 1000 else "seconds")


def _category(code: str) -> Raw:
    return {"coding": [{"system": _CATEGORY, "code": code}]}


def _code(code: str) -> Raw:
    system, loinc, display = ENGINE_TO_CODING[code]
    coding = {"system": system, "code": loinc, "display": display}
    return {"coding": [_SATURATION, coding] if code == "spo2" else [coding], "text": _NAMES[code]}


def _quantity(code: str, tenths: int) -> Raw:
    unit = UNITS[code]
    value = tenths // 10 if NOISE[code].decimals == 0 else Decimal(tenths) / 10
    return {"value": value, "unit": _UNIT_TEXT.get(unit, unit), "system": systems.UCUM, "code": unit}
