"""Judging a whole centre at once: columns are screened, and only what may matter is judged step by step.

Nothing of what a rule means is written here. The screens say at which steps a rule can't have left green;
the rule's own track judges the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from threshold_engine.batch.centre import Centre, Judged
from threshold_engine.batch.columns import Columns
from threshold_engine.batch.layers import Layer, MissingLayer, ScreenedLayer
from threshold_engine.batch.screens import ChangeScreen, LimitScreen
from threshold_engine.episodes import episodes_of
from threshold_engine.lives import RuleLife, lives_of
from threshold_engine.model import Episode, Instant
from threshold_engine.plans import Plan, one_plan_each
from threshold_engine.rules import ChangeRule, LimitRule, MissingRule, Rule


class BatchJudge:
    """The plans of a centre, made ready to judge columns of readings."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        """Raises PlanError where a patient has two plans."""
        one_plan_each(plans)
        self.plans = sorted(plans, key=lambda plan: plan.patient)
        self.patients: tuple[str, ...] = tuple(plan.patient for plan in self.plans)
        self._alone: list[tuple[int, RuleLife]] = []
        """(patient's index, life) of the kinds that no screen knows."""
        self._layers = self._layered()

    def judge(self, columns: Columns, now: Instant) -> list[Judged]:
        """The lives that left green up to `now`; `columns` are of `patients`, in their order.

        Raises ValueError where they are of others.
        """
        if tuple(columns.patients) != self.patients:
            raise ValueError("the columns must be of the plans' patients, in their order")
        centre = Centre(self.plans, columns, now)
        for layer in self._layers:
            layer.judge(centre)
        for index, one in self._alone:
            centre.judge(index, one)
        centre.doubt()
        return centre.found

    def episodes(self, columns: Columns, now: Instant) -> list[Episode]:
        """As `evaluate` gives them, sorted by (patient, onset, rule)."""
        found = [
            episode
            for patient, rule, life, changes in self.judge(columns, now)
            for episode in episodes_of(
                patient, rule, changes, life.end if life.end is not None and life.end <= now else None
            )
        ]
        return sorted(found, key=lambda episode: (episode.patient, episode.onset, episode.rule))

    def _layered(self) -> list[Layer]:
        """Lives of one kind on the same codes side by side; a patient's second in a layer of its own."""
        lives: dict[tuple[type[Rule], tuple[str, ...], int], list[RuleLife | None]] = {}
        for index, plan in enumerate(self.plans):
            for one in lives_of(plan):
                kind, codes, number = type(one.rule), one.rule.codes, 0
                if not isinstance(one.rule, LimitRule | ChangeRule | MissingRule):
                    self._alone.append((index, one))
                    continue
                while True:
                    layer = lives.setdefault((kind, codes, number), [None] * len(self.plans))
                    if layer[index] is None:
                        break
                    number += 1
                layer[index] = one
        return [
            MissingLayer(codes, layer, self.plans)
            if kind is MissingRule
            else ScreenedLayer(
                codes[0], layer, LimitScreen(layer) if kind is LimitRule else ChangeScreen(layer)
            )
            for (kind, codes, _), layer in lives.items()
        ]
