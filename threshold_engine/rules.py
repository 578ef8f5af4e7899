"""The kinds of rule, as they stand in a plan once it has been read.

Two rules are the same where their contents are (content.py). What dataclasses would generate for comparing
and showing them makes a good part of what importing the engine costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from threshold_engine.members import Typed
from threshold_engine.model import Level, Scaled


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Rule:
    """What all kinds have: an id, a content to compare, and words that mean nothing to the engine."""

    kind: ClassVar[str] = ""
    id: str
    content: object = field(repr=False)
    """What it says as written, to compare with another version's (content.py)."""
    label: str | None = None
    note: str | None = None

    def __eq__(self, other: object) -> bool:
        """Whether both say the same as written: a plan that is read anew is the same plan."""
        if not isinstance(other, Rule):
            return NotImplemented
        return self.kind == other.kind and self.id == other.id and self.content == other.content

    def __hash__(self) -> int:
        """As equality has it."""
        return hash((self.kind, self.id, self.content))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes it watches, sorted."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Repetition:
    """When beyond a limit becomes a level, and when it stops being one."""

    need: int = 1
    of: int = 1
    within: int | None = None
    spacing: int | None = None
    deadband: Scaled = 0
    clear: int = 1


ONCE = Repetition()
"""Each step decides by itself."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Limits:
    """Limits of a value; a level without a limit of its own is reached by the worse one's."""

    yellow_below: Scaled | None = None
    red_below: Scaled | None = None
    yellow_above: Scaled | None = None
    red_above: Scaled | None = None

    def of(self, level: Level, side: Literal["below", "above"]) -> Scaled | None:
        """The limit at which a value is beyond `level` on that side; red's own is yellow's too."""
        red = self.red_below if side == "below" else self.red_above
        yellow = self.yellow_below if side == "below" else self.yellow_above
        return red if level is Level.RED or yellow is None else yellow


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class OneCode(Rule):
    """A rule that watches one code."""

    code: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The one code."""
        return (self.code,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LimitRule(OneCode):
    """A value beyond a limit."""

    kind: ClassVar[str] = "limit"
    limits: Limits
    repetition: Repetition


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ChangeRule(OneCode):
    """A rise or fall against the readings of a window before this one."""

    kind: ClassVar[str] = "change"
    window: int
    rise_yellow: Scaled | None
    rise_red: Scaled | None
    fall_yellow: Scaled | None
    fall_red: Scaled | None
    reference: str
    at_least: int
    repetition: Repetition

    def of(self, level: Level, side: Literal["rise", "fall"]) -> Scaled | None:
        """The rise or fall at which `level` is reached; red's own is yellow's too."""
        red = self.rise_red if side == "rise" else self.fall_red
        yellow = self.rise_yellow if side == "rise" else self.fall_yellow
        return red if level is Level.RED or yellow is None else yellow


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AverageRule(OneCode):
    """A mean or median over a window beyond a limit."""

    kind: ClassVar[str] = "average"
    window: int
    stat: str
    at_least: int
    limits: Limits
    repetition: Repetition


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Term:
    """What one code adds to a sum of points, in exactly one form."""

    code: str
    form: Literal["below", "above", "fall", "rise", "values"]
    thresholds: tuple[tuple[Scaled, int], ...] = ()
    """For all forms but `values`: (at, points)."""
    baseline: int = 0
    lag: int = 0
    at_least: int = 0
    values: frozenset[Typed] = frozenset()
    points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SumRule(Rule):
    """A rule that judges a sum or a count over a window against thresholds."""

    window: int
    yellow_at: int | None
    red_at: int | None

    def at(self, level: Level) -> int | None:
        """The sum at which `level` is reached; red's own is yellow's too."""
        return self.red_at if level is Level.RED or self.yellow_at is None else self.yellow_at

    def level(self, total: int) -> Level:
        """The level that a sum reaches."""
        if self.red_at is not None and total >= self.red_at:
            return Level.RED
        return Level.YELLOW if self.yellow_at is not None and total >= self.yellow_at else Level.GREEN


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PointsRule(SumRule):
    """A personal early-warning score."""

    kind: ClassVar[str] = "points"
    terms: tuple[Term, ...]
    repetition: Repetition

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its terms."""
        return tuple(sorted({term.code for term in self.terms}))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CountRule(SumRule):
    """How many codes have a given answer."""

    kind: ClassVar[str] = "count"
    answers: Mapping[str, frozenset[Typed]]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes whose answers are counted."""
        return tuple(sorted(self.answers))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ScoreRule(SumRule):
    """NEWS2."""

    kind: ClassVar[str] = "score"
    scale: int
    required: frozenset[str]
    single: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """The seven codes of NEWS2."""
        return SEVEN


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AnswerRule(OneCode):
    """An answer that is yellow or red by itself."""

    kind: ClassVar[str] = "answer"
    yellow: frozenset[Typed]
    red: frozenset[Typed]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MissingRule(Rule):
    """Nothing measured for too long."""

    kind: ClassVar[str] = "missing"
    watched: tuple[str, ...]
    every: int
    grace: int
    red_after: int | None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes any of which will do."""
        return self.watched


SEVEN = ("bp_sys", "consciousness", "oxygen", "pulse", "resp_rate", "spo2", "temperature")
"""The codes of NEWS2, sorted."""
