from __future__ import annotations

from typing import TYPE_CHECKING

from work_items import apply_decisions, decide

if TYPE_CHECKING:
    from conftest import Patient


def test_what_a_console_finds_by_itself_is_marked_local(patient: Patient) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    facts = patient.facts("08:00")

    decisions = decide(facts, facts.episodes[0].onset, patient.centre)
    (item,) = apply_decisions(facts, decisions, local=True).items

    assert item.local
    assert item.episode == facts.episodes[0]


def test_nothing_is_changed_in_what_was_handed_in(patient: Patient) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    facts = patient.facts("08:00")

    apply_decisions(facts, decide(facts, facts.episodes[0].onset, patient.centre))

    assert (facts.items, facts.published) == ((), ())
