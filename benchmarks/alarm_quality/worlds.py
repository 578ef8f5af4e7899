"""Worlds that patients measure in, so that no template is made to fit one of them.

Seeds: `TUNING` is what limits and points were chosen on. `JUDGING` is what the table and the test are made
of; nothing was ever chosen on it. Keep it so: whoever changes a template looks at TUNING only.
"""

from __future__ import annotations

from dataclasses import dataclass

TUNING = (101, 102, 103)
JUDGING = (9001, 9002)


@dataclass(frozen=True, slots=True)
class World:
    """How well and how often people measure."""

    name: str
    noise: float = 1.0
    """Times the usual deviations; each patient has a factor of her own on top."""
    persistence: float = 0.4
    """How much of yesterday's form is left today."""
    slips: float = 0.02
    """Share of sessions with wrong technique."""
    missed: float = 0.08
    sessions: int = 1
    doubled: float = 0.0
    """Share of sessions measured again after a minute, with the same technique."""
    drift: float = 0.5
    """A slow wave of eight weeks and a trend, in daily deviations."""
    history: bool = True
    """Whether the plan is judged with the first 14 days at hand."""
    some_measures: bool = False
    """Whether a patient lacks some of the programme's measures."""


WORLDS: tuple[World, ...] = (
    World("ordinary"),
    World("quiet", noise=0.6, slips=0.005, drift=0.2),
    World("noisy", noise=1.5, persistence=0.5),
    World("bad technique", slips=0.08, doubled=0.3),
    World("drift", drift=2.0),
    World("few readings", missed=0.4, some_measures=True),
    World("twice a day", sessions=2),
    World("doubled", doubled=1.0, slips=0.03),
    World("no history", history=False),
)
