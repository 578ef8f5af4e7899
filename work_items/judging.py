"""The judge's core."""

from __future__ import annotations

from collections.abc import Iterable

from threshold_engine.model import Instant
from work_items.centre import Centre
from work_items.decisions import Decision
from work_items.patient_work import PatientWork


def decide(work: PatientWork, now: Instant, centre: Centre) -> list[Decision]:
    """What has to be written about one patient's work, in the order of writing.

    Idempotent: with these decisions applied to `work`, there is nothing more to decide.
    """
    raise NotImplementedError


def apply_decisions(work: PatientWork, decisions: Iterable[Decision], *, local: bool = False) -> PatientWork:
    """`work` as it is once the decisions are written; `local` marks what they raise as not yet published."""
    raise NotImplementedError
