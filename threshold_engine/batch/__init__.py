"""Judging whole centres at once, on columns of numbers. Needs numpy, which nothing else here does."""

from threshold_engine.batch.centre import Judged
from threshold_engine.batch.columns import CodeColumns, Columns
from threshold_engine.batch.judge import BatchJudge

__all__ = ["BatchJudge", "CodeColumns", "Columns", "Judged"]
