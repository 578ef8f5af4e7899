"""What if: other limits tried out on readings that have been taken, before anybody sets them.

Semantics: docs/engine.md. `threshold_engine.what_if.in_columns` does whole centres, and needs numpy.
"""

from threshold_engine.what_if.answer import Caught, Deterioration, RuleTally, Tally, WhatIf
from threshold_engine.what_if.difference import Difference, Pair, difference
from threshold_engine.what_if.errors import ChangeError, NothingInForce, TriedPlanError
from threshold_engine.what_if.rule_changes import RuleChanges, for_whom_has, read_changes
from threshold_engine.what_if.trial import Trial, trial_of, what_if

__all__ = [
    "Caught",
    "ChangeError",
    "Deterioration",
    "Difference",
    "NothingInForce",
    "Pair",
    "RuleChanges",
    "RuleTally",
    "Tally",
    "Trial",
    "TriedPlanError",
    "WhatIf",
    "difference",
    "for_whom_has",
    "read_changes",
    "trial_of",
    "what_if",
]
