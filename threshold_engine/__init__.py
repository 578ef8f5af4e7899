"""Pure judging of a patient's readings by her plan: the same on server and console.

No clock, no I/O, no randomness; nothing but the standard library. Semantics: docs/engine.md.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from threshold_engine.episodes import episode_from_json, episode_to_json
from threshold_engine.errors import CaseError, EngineError, PlanError, StateError
from threshold_engine.identity import NAMESPACE, episode_id
from threshold_engine.instants import format_instant, parse_duration, parse_instant
from threshold_engine.judge import Judge, evaluate, judge_patient, next_due
from threshold_engine.measures import UNITS, plausible_range
from threshold_engine.model import (
    Because,
    Change,
    Clock,
    Episode,
    Instant,
    Level,
    Scaled,
    Share,
    Step,
    Value,
)
from threshold_engine.news2 import News2
from threshold_engine.numbers import scaled, unscaled
from threshold_engine.patient_judge import PatientJudge
from threshold_engine.plans import Pause, Plan, Version, read_plan
from threshold_engine.readings import Reading, read_reading
from threshold_engine.rules import Rule
from threshold_engine.scores import news2_sum

if TYPE_CHECKING:
    from threshold_engine.cases import evaluate_case, load_case
    from threshold_engine.state import load, save

__all__ = [
    "NAMESPACE",
    "UNITS",
    "Because",
    "CaseError",
    "Change",
    "Clock",
    "EngineError",
    "Episode",
    "Instant",
    "Judge",
    "Level",
    "News2",
    "PatientJudge",
    "Pause",
    "Plan",
    "PlanError",
    "Reading",
    "Rule",
    "Scaled",
    "Share",
    "StateError",
    "Step",
    "Value",
    "Version",
    "episode_from_json",
    "episode_id",
    "episode_to_json",
    "evaluate",
    "evaluate_case",
    "format_instant",
    "judge_patient",
    "load",
    "load_case",
    "news2_sum",
    "next_due",
    "parse_duration",
    "parse_instant",
    "plausible_range",
    "read_plan",
    "read_reading",
    "save",
    "scaled",
    "unscaled",
]

_LATER = {"evaluate_case": "cases", "load_case": "cases", "load": "state", "save": "state"}
"""Where to find what reads and writes JSON, which a console that paints its first screen doesn't need."""


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
