"""Which kind of rule is judged by what."""

from __future__ import annotations

from collections.abc import Sequence

from threshold_engine.answers import AnswerTrack, CountTrack
from threshold_engine.averages import AverageTrack
from threshold_engine.changes import ChangeTrack
from threshold_engine.limits import LimitTrack
from threshold_engine.missing import MissingTrack
from threshold_engine.plans import Pause
from threshold_engine.points import PointsTrack
from threshold_engine.rules import (
    AnswerRule,
    AverageRule,
    ChangeRule,
    CountRule,
    LimitRule,
    MissingRule,
    PointsRule,
    Rule,
    ScoreRule,
)
from threshold_engine.scores import ScoreTrack
from threshold_engine.selection import Usable
from threshold_engine.track import Life, Track


def track_of(rule: Rule, readings: Usable, life: Life, pauses: Sequence[Pause]) -> Track:  # noqa: PLR0911
    """A life of a rule, not begun yet; pauses are for `missing` only."""
    match rule:
        case LimitRule():
            return LimitTrack(rule, readings, life)
        case ChangeRule():
            return ChangeTrack(rule, readings, life)
        case AverageRule():
            return AverageTrack(rule, readings, life)
        case PointsRule():
            return PointsTrack(rule, readings, life)
        case MissingRule():
            return MissingTrack(rule, readings, life, pauses)
        case ScoreRule():
            return ScoreTrack(rule, readings, life)
        case AnswerRule():
            return AnswerTrack(rule, readings, life)
        case CountRule():
            return CountTrack(rule, readings, life)
        case _:
            raise TypeError(f"no such kind of rule: {type(rule).__name__}")
