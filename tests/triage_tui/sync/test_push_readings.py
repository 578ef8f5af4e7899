"""Readings told by phone and readings marked as wrong: here at once, on the server once, judged anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from triage_tui import acts
from triage_tui.acts import ActRefused, sentences
from triage_tui.acts.measured import read_measured
from triage_tui.sync import answers

Make = Callable[..., Any]
NOW = 1_772_526_660_000
MINUTE, HOUR = 60_000, 3_600_000
MILLION = 1_000_000


def shown(console: Any, code: str) -> list[tuple[int, str]]:
    view = console.store.patient("p1", console.clock())
    return [(reading.value // MILLION, reading.status) for reading in view.readings if reading.code == code]


def test_a_told_reading_is_shown_at_once_and_has_the_servers_id_afterwards(
    console: Make, centre: Any
) -> None:
    kari = console()
    kari.sync()
    done = acts.reading(
        kari.store, kari.nurse, "p1", read_measured("temperature", "37,9"), NOW, at=NOW - HOUR
    )
    before = next(one for one in kari.store.patient("p1", NOW).readings if one.code == "temperature")

    assert kari.sync().pending == 0

    after = [one for one in kari.store.patient("p1", NOW).readings if one.code == "temperature"]
    assert [(one.id, one.value, one.unit) for one in after] == [(before.id, 37_900_000, "Cel")]
    [raw] = [raw for raw in centre.all("Observation") if done.op in str(raw.get("identifier"))]
    assert raw["effectiveDateTime"] == "2026-03-03T07:31:00.000Z"
    assert raw["performer"] == [{"reference": "Practitioner/demo-kari"}]
    assert "told-by-phone" in str(raw["category"])
    assert str(raw["valueQuantity"]["value"]) == "37.9"


def test_a_blood_pressure_is_one_panel_and_two_readings(console: Make, centre: Any) -> None:
    kari = console()
    kari.sync()
    done = acts.reading(kari.store, kari.nurse, "p1", read_measured("bp", "140 / 90"), NOW)
    kari.sync()
    assert (shown(kari, "bp_sys"), shown(kari, "bp_dia")) == ([(140, "final")], [(90, "final")])
    [raw] = [raw for raw in centre.all("Observation") if done.op in str(raw.get("identifier"))]
    assert raw["code"]["coding"][0]["code"] == "85354-9"


def test_a_reading_marked_as_wrong_keeps_its_reason_and_takes_its_alert_back(
    console: Make, centre: Any
) -> None:
    kari = console()
    kari.sync()
    assert "spo2-low" in kari.items()
    acts.reading_error(kari.store, kari.nurse, "urn:device|m1", "Målt på mannen", NOW)
    assert shown(kari, "spo2") == [(86, "entered-in-error")]

    assert kari.sync().pending == 0
    kari.sync()

    raw = next(raw for raw in centre.all("Observation") if raw["id"] == "o1")
    assert raw["status"] == "entered-in-error"
    assert raw["note"] == [
        {
            "authorReference": {"reference": "Practitioner/demo-kari"},
            "time": "2026-03-03T08:31:00.000Z",
            "text": "Målt på mannen",
        }
    ]
    assert shown(kari, "spo2") == [(86, "entered-in-error")]
    assert "spo2-low" not in kari.items()


def test_an_unsent_reading_can_be_marked_and_a_pull_does_not_unmark_it(console: Make, centre: Any) -> None:
    kari = console()
    kari.sync()
    acts.reading(kari.store, kari.nurse, "p1", read_measured("spo2", "45"), NOW)
    reading = next(one for one in kari.store.patient("p1", NOW).readings if one.effective == NOW)
    assert not reading.plausible
    acts.reading_error(kari.store, kari.nurse, reading.id, "Tastefeil", NOW)

    assert kari.sync().pending == 0

    assert (45, "entered-in-error") in shown(kari, "spo2")
    [raw] = [raw for raw in centre.all("Observation") if "told-by-phone" in str(raw)]
    assert raw["status"] == "entered-in-error"


def test_a_reading_that_was_corrected_meanwhile_is_not_marked(console: Make, centre: Any) -> None:
    kari = console()
    kari.sync()
    done = acts.reading_error(kari.store, kari.nurse, "urn:device|m1", "Feil måler", NOW)
    corrected = next(raw for raw in centre.all("Observation") if raw["id"] == "o1")
    quantity = {**corrected["valueQuantity"], "value": 96}
    centre.put({**corrected, "status": "corrected", "valueQuantity": quantity})

    kari.sync()

    assert kari.state(done.op) == ("parked", answers.READING_CHANGED)
    assert shown(kari, "spo2") == [(96, "corrected")]


def test_a_lost_answer_marks_once(console: Make, centre: Any, loses_answers: Any) -> None:
    kari = console()
    kari.sync()
    acts.reading_error(kari.store, kari.nurse, "urn:device|m1", "Feil", NOW)
    lost = {"on": True}
    kari.transport = loses_answers(lambda request: lost["on"] and request.method == "PUT")
    kari.sync()
    lost["on"] = False
    assert kari.sync().pending == 0
    raw = next(raw for raw in centre.all("Observation") if raw["id"] == "o1")
    assert len(raw["note"]) == 1


@pytest.mark.parametrize(
    ("code", "value"),
    [("spo2", "åtti"), ("bp", "140"), ("bp", "140/"), ("consciousness", "X"), ("spo2", "1e2")],
)
def test_what_is_no_value_is_refused(code: str, value: str) -> None:
    with pytest.raises(ActRefused) as refused:
        read_measured(code, value)
    assert refused.value.message_id == sentences.NO_VALUE


def test_a_reading_from_the_future_and_an_unknown_one_are_refused(console: Make) -> None:
    kari = console()
    kari.sync()
    with pytest.raises(ActRefused, match="hasn't come"):
        acts.reading(kari.store, kari.nurse, "p1", read_measured("pulse", "72"), NOW, at=NOW + MINUTE)
    with pytest.raises(ActRefused, match="no reading"):
        acts.reading_error(kari.store, kari.nurse, "urn:device|m99", "Feil", NOW)
    with pytest.raises(ActRefused, match="no reason"):
        acts.reading_error(kari.store, kari.nurse, "urn:device|m1", " ", NOW)
    acts.reading_error(kari.store, kari.nurse, "urn:device|m1", "Feil", NOW)
    with pytest.raises(ActRefused, match="already"):
        acts.reading_error(kari.store, kari.nurse, "urn:device|m1", "Feil", NOW)
