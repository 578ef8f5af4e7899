"""A patient whose readings are judged by the real engine, step by step, as a centre would see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from threshold_engine import Instant, Reading, judge_patient, read_plan, scaled
from work_items import (
    Centre,
    Decision,
    Item,
    ItemState,
    Outcome,
    PatientWork,
    Touch,
    apply_decisions,
    decide,
    impossible_readings,
)
from work_items.patient_work import TouchKind

OSLO = ZoneInfo("Europe/Oslo")


def local(text: str) -> Instant:
    """An instant from a local time in Oslo; a bare time of day is on Monday 2026-11-23."""
    full = text if "-" in text else f"2026-11-23T{text}"
    return int(datetime.fromisoformat(full).replace(tzinfo=OSLO).timestamp()) * 1000


@pytest.fixture
def at() -> Callable[[str], Instant]:
    return local


class Patient:
    """One patient, her plan and readings, and the centre's work about her."""

    def __init__(self) -> None:
        self.centre = Centre()
        self.plan_since = "2026-11-02T00:00:00Z"
        self.rules: list[dict[str, object]] = []
        self.readings: list[Reading] = []
        self.work = PatientWork(patient="p1")

    def rule(self, kind: str = "limit", rule_id: str = "r", **members: object) -> None:
        self.rules.append({"id": rule_id, "kind": kind, **members})

    def spo2(self, **members: object) -> None:
        self.rule(rule_id="spo2", code="spo2", yellow_below=90, red_below=86, **members)

    def read(self, value: int | str, when: str, code: str = "spo2", received: str | None = None) -> str:
        """Send a reading; answers its id."""
        number = len(self.readings)
        self.readings.append(
            Reading(
                id=f"o{number}",
                patient="p1",
                code=code,
                value=value if isinstance(value, str) else scaled(value),
                effective=local(when),
                received=local(received or when),
            )
        )
        return f"o{number}"

    def correct(self, reading: str, value: int) -> None:
        self.readings = [replace(r, value=scaled(value)) if r.id == reading else r for r in self.readings]

    def retract(self, reading: str) -> None:
        self.readings = [r for r in self.readings if r.id != reading]

    def facts(self, when: str) -> PatientWork:
        """What the judge is handed at this time."""
        plan = read_plan(
            {
                "patient": "p1",
                "versions": [{"version": 1, "valid_from": self.plan_since, "rules": self.rules}],
            }
        )
        judgement = judge_patient(plan, self.readings, local(when))
        ids = {str(rule["id"]): str(rule["kind"]) for rule in self.rules}
        rules = {*ids, *(episode.rule for episode in judgement.episodes)}
        return replace(
            self.work,
            episodes=judgement.episodes,
            steps={rule: judgement.steps(rule) for rule in rules},
            received={r.id: r.received for r in self.readings if r.received is not None},
            kinds=ids,
            impossible=impossible_readings(self.readings),
        )

    def judge(self, when: str) -> list[Decision]:
        """Decide and write, and see that nothing is left to decide."""
        facts = self.facts(when)
        decisions = decide(facts, local(when), self.centre)
        self.work = apply_decisions(facts, decisions)
        assert decide(self.work, local(when), self.centre) == []
        return decisions

    @property
    def items(self) -> list[Item]:
        return sorted(self.work.items, key=lambda item: (item.raised, item.n))

    @property
    def open_items(self) -> list[Item]:
        return [item for item in self.items if item.state.is_open]

    @property
    def item(self) -> Item:
        """The only item there is."""
        (item,) = self.work.items
        return item

    @property
    def newest(self) -> Item:
        return self.items[-1]

    def change(self, item: Item, **members: object) -> None:
        changed = replace(item, **members)  # type: ignore[arg-type]
        rest = tuple(one for one in self.work.items if one.task != item.task)
        self.work = replace(self.work, items=(*rest, changed))

    def take(self, item: Item, when: str, owner: str = "Practitioner/kari") -> None:
        self.change(item, owner=owner, owned_since=local(when), touched=True, state=ItemState.IN_PROGRESS)

    def complete(self, item: Item, when: str, outcome: Outcome = Outcome.CONTACTED) -> None:
        self.change(
            item, state=ItemState.COMPLETED, outcome=outcome.value, closed_at=local(when), touched=True
        )

    def touch(self, item: Item, when: str, kind: TouchKind = "note", reached: bool | None = None) -> None:
        one = Touch(local(when), kind, frozenset({item.task}), "Practitioner/kari", reached)
        self.work = replace(self.work, touches=(*self.work.touches, one))


@pytest.fixture
def patient() -> Patient:
    return Patient()
