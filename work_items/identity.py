"""Identifiers of work items: the same on every machine that finds the same cause."""

from __future__ import annotations

from threshold_engine.identity import named_uuid
from work_items.model import ItemCode


def task_uuid(episode_id: str, n: int) -> str:
    """Identifier of the n-th item raised for an episode: UUIDv5 of `task/<episode id>/<n>`, n from 1."""
    return named_uuid(f"task/{episode_id}/{n}")


def other_task_uuid(code: ItemCode, what: str, n: int) -> str:
    """Identifier of an item that is about no episode: UUIDv5 of `task/<Task.code>/<what>/<n>`.

    `what` is the `urn:uuid:…` of the Communication or ServiceRequest, the engine's reading id,
    `no_plan(patient)`, `judge_failed(patient)` or `repeated(patient, rule)`.
    """
    return named_uuid(f"task/{code.value}/{what}/{n}")


def no_plan(patient: str) -> str:
    """What a `technical` item is about where the patient has no valid plan."""
    return f"no-plan/{patient}"


def judge_failed(patient: str) -> str:
    """What a `technical` item is about where the judge itself fails on the patient."""
    return f"judge-failed/{patient}"


def repeated(patient: str, rule: str) -> str:
    """What an item is about where alerts of one rule came and went by themselves again and again."""
    return f"repeated/{patient}/{rule}"
