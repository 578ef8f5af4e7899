"""A whole centre's trials on columns of readings. Needs numpy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from threshold_engine.batch import BatchJudge, Columns
from threshold_engine.model import Instant
from threshold_engine.what_if.answer import Deterioration, WhatIf, compared
from threshold_engine.what_if.trial import Trial


def what_if_in_columns(
    trials: Sequence[Trial],
    columns: Columns,
    now: Instant,
    deteriorations: Iterable[Deterioration] = (),
) -> WhatIf:
    """The same as `what_if`, on columns of the trials' patients, sorted by id.

    Raises ValueError where the columns are of others, and PlanError where two trials are of one patient.
    """
    before = BatchJudge([trial.present for trial in trials]).episodes(columns, now)
    after = BatchJudge([trial.tried for trial in trials]).episodes(columns, now)
    return compared({trial.patient: trial.sides for trial in trials}, before, after, now, deteriorations)
