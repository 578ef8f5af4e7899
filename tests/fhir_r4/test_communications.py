"""Notes, contacts, messages, escalations and the access log go out as valid FHIR and come back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fhir_r4.audit import Access, audit_event
from fhir_r4.communications import About, contact, entry_of, message, note
from fhir_r4.errors import BadElement
from fhir_r4.raw import Raw
from fhir_r4.service_requests import NewEscalation, escalation, escalation_of, is_escalation
from work_items.model import Band

OP = "7d8a5f0e-5c0e-4d0b-8a1f-6c6b7e110001"
TASK = "7d8a5f0e-5c0e-5d0b-8a1f-6c6b7e110002"
KARI = "Practitioner/kari"


def test_note(now: int, validated: Callable[[Raw], Raw]) -> None:
    about = [About(TASK, "Task/7"), About(OP)]
    raw = validated(note(OP, patient="p1", author=KARI, at=now, text="Bedre i dag.", about=about))
    entry = entry_of({**raw, "id": "c1"})
    assert (entry.id, entry.reference, entry.category) == (OP, "Communication/c1", "note")
    assert (entry.patient, entry.at, entry.sender, entry.text) == ("p1", now, KARI, "Bedre i dag.")
    assert (entry.about, entry.about_references) == ((TASK, OP), ("Task/7",))
    assert (entry.reached, entry.corrects, entry.inbound) == (None, None, False)


def test_correction_names_what_it_corrects(now: int, validated: Callable[[Raw], Raw]) -> None:
    raw = validated(note(OP, patient="p1", author=KARI, at=now, text="Rettet.", corrects=TASK))
    assert entry_of(raw).corrects == TASK


@pytest.mark.parametrize(("by", "reached"), [("phone", True), ("video", True), ("phone", False)])
def test_contact(by: str, *, reached: bool, now: int, validated: Callable[[Raw], Raw]) -> None:
    raw = validated(contact(OP, patient="p1", author=KARI, at=now, by=by, reached=reached))  # type: ignore[arg-type]
    entry = entry_of(raw)
    assert (entry.category, entry.medium, entry.reached, entry.text) == ("contact", by, reached, "")
    assert raw["status"] == ("completed" if reached else "not-done")


def test_messages_both_ways(now: int, validated: Callable[[Raw], Raw]) -> None:
    out = validated(
        message(OP, patient="p1", author=KARI, at=now, text="Mål igjen.", medium="sms", in_response_to=TASK)
    )
    entry = entry_of(out)
    assert (entry.medium, entry.inbound, entry.in_response_to) == ("sms", False, (TASK,))
    inbound = entry_of(validated(message(OP, patient="p1", author="Patient/p1", at=now, text="Hei")))
    assert (inbound.medium, inbound.inbound, inbound.received) == ("app", True, now)


@pytest.mark.parametrize("member", ["category", "subject", "sent"])
def test_communication_without_what_we_need_is_a_typed_error(member: str, now: int) -> None:
    raw = note(OP, patient="p1", author=KARI, at=now, text="x")
    del raw[member]
    with pytest.raises(BadElement):
        entry_of(raw)


def test_escalation(now: int, validated: Callable[[Raw], Raw]) -> None:
    new = NewEscalation(
        patient="p1",
        requester=KARI,
        at=now,
        helper="gp",
        band=Band.RED,
        text="I: …",
        performer="Practitioner/berg",
        evidence=["Observation/o1", "QuestionnaireResponse/r1"],
        episodes=[TASK],
        tasks=[OP],
    )
    raw = validated(escalation(OP, new))
    assert raw["reasonReference"] == [{"reference": "Observation/o1"}]
    entry = escalation_of({**raw, "id": "s1"})
    assert (entry.id, entry.patient, entry.helper, entry.band, entry.at) == (OP, "p1", "gp", Band.RED, now)
    assert (entry.requester, entry.performer, entry.text) == (KARI, "Practitioner/berg", "I: …")
    assert (entry.episodes, entry.tasks) == ((TASK,), (OP,))
    assert is_escalation(raw)
    assert not is_escalation({"resourceType": "ServiceRequest", "intent": "order"})


@pytest.mark.parametrize("patients", [["p1", "p2"], []])
def test_access_log(patients: list[str], now: int, validated: Callable[[Raw], Raw]) -> None:
    access = Access(
        at=now, who=KARI, patients=patients, shown="queue", basis="blålys", reason="hjerte", offline=True
    )
    raw = validated(audit_event(OP, access))
    assert raw["meta"] == {"tag": [{"system": "http://triage-tui.org/fhir/op", "code": OP}]}
    shown = raw.get("entity", [])
    assert isinstance(shown, list)
    assert [entity["what"]["reference"] for entity in shown] == [f"Patient/{one}" for one in patients]
