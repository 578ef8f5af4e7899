"""What is usual: between which values the usual value of each programme's measures lies."""

from __future__ import annotations

from collections.abc import Mapping

BASELINES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "copd": {
        "spo2": (88, 96),
        "pulse": (66, 90),
        "resp_rate": (15, 20),
        "temperature": (36.3, 36.8),
        "pef": (180, 380),
    },
    "heart_failure": {
        "weight": (55, 115),
        "bp_sys": (104, 136),
        "bp_dia": (62, 80),
        "pulse": (58, 84),
        "spo2": (93, 98),
        "resp_rate": (14, 18),
    },
    "hypertension": {"bp_sys": (122, 148), "bp_dia": (72, 90), "pulse": (60, 82)},
    "diabetes": {"glucose": (6.2, 10.5)},
    "cancer": {
        "temperature": (36.3, 36.9),
        "pulse": (64, 90),
        "resp_rate": (13, 18),
        "spo2": (94, 98),
        "bp_sys": (108, 138),
        "weight": (50, 100),
    },
    "home_dialysis": {
        "weight": (50, 105),
        "bp_sys": (124, 152),
        "bp_dia": (68, 86),
        "pulse": (62, 84),
        "temperature": (36.2, 36.8),
    },
    "pregnancy": {"bp_sys": (100, 126), "bp_dia": (60, 80), "pulse": (70, 92)},
    "mental_health": {"loinc.org|44261-6": (4, 14)},
}
"""Programme → engine code → lowest and highest usual value; programmes of answers only aren't here."""
