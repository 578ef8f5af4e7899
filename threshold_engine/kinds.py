"""Which kind of rule is judged by what."""

from __future__ import annotations

from collections.abc import Sequence

from threshold_engine.limits import LimitTrack
from threshold_engine.missing import MissingTrack
from threshold_engine.model import Instant
from threshold_engine.plans import Pause
from threshold_engine.rules import LimitRule, MissingRule, Rule, ScoreRule
from threshold_engine.scores import ScoreTrack
from threshold_engine.selection import Usable
from threshold_engine.track import Life, Track


def track_of(rule: Rule, readings: Usable, life: Life, pauses: Sequence[Pause], now: Instant) -> Track:
    """Judge one life of a rule; readings up to `now`, pauses for `missing` only."""
    match rule:
        case LimitRule():
            return LimitTrack(rule, readings, life)
        case MissingRule():
            return MissingTrack(rule, readings, life, pauses, now)
        case ScoreRule():
            return ScoreTrack(rule, readings, life)
        case _:
            raise NotImplementedError(rule.kind)
