"""Messages: yellow until opened, gone once answered, and a reply that reaches the patient once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from fhir_r4.communications import message
from triage_tui import acts
from triage_tui.acts import ActRefused
from work_items import Band

Make = Callable[..., Any]
NOW = 1_772_526_660_000
MINUTE, HOUR = 60_000, 3_600_000
HERS = "0b54a9fc-97b4-4d1c-9d3c-9f2a6a0c3e11"


@pytest.fixture
def kari(console: Make, centre: Any) -> Iterator[Any]:
    """Nils has written to the centre."""
    raw = message(HERS, patient="p1", author="Patient/p1", at=NOW - HOUR, text="Kan jeg doble dosen?")
    centre.put({**raw, "id": "m1"})
    centre.judge()
    made = console()
    made.sync()
    yield made


def message_item(console: Any) -> Any:
    return console.items()["message"].item


def test_opening_makes_it_blue_here_and_everywhere(kari: Any, console: Make, centre: Any) -> None:
    before = message_item(kari)
    assert (before.band, before.touched) == (Band.YELLOW, False)

    acts.open_messages(kari.store, kari.nurse, "p1", NOW)
    assert message_item(kari).band is Band.BLUE
    assert kari.sync().pending == 0

    ola = console("ola")
    ola.sync()
    seen = message_item(ola)
    assert (seen.band, seen.respond_by, seen.owner) == (Band.BLUE, before.respond_by, None)
    assert acts.open_messages(kari.store, kari.nurse, "p1", NOW + MINUTE) is None


def test_opening_one_that_a_colleague_has_closed_is_no_conflict(
    kari: Any, console: Make, centre: Any
) -> None:
    ola = console("ola")
    ola.sync()
    acts.complete(ola.store, ola.nurse, message_item(ola).task, "advice-given", NOW)
    ola.sync()
    done = acts.open_messages(kari.store, kari.nurse, "p1", NOW)
    kari.sync()
    assert kari.state(done.op) == ("sent", None)


def test_a_reply_closes_what_it_answers(kari: Any, centre: Any) -> None:
    task = message_item(kari).task
    done = acts.message(kari.store, kari.nurse, "p1", "Nei, ring oss først.", NOW, about=[task])
    assert "message" not in kari.items()

    assert kari.sync().pending == 0
    kari.sync()

    [raw] = [raw for raw in centre.all("Communication") if done.op in str(raw["identifier"])]
    assert raw["inResponseTo"][0]["reference"] == "Communication/m1"
    assert raw["recipient"] == [{"reference": "Patient/p1"}]
    assert raw["medium"][0]["coding"][0]["code"] == "app"
    assert "message" not in kari.items() and "spo2-low" in kari.items()
    thread = [one for one in kari.store.patient("p1", NOW).timeline if one.kind == "message"]
    assert [(one.text, one.inbound) for one in thread] == [
        ("Nei, ring oss først.", False),
        ("Kan jeg doble dosen?", True),
    ]


def test_a_reply_that_is_refused_leaves_her_message_open(kari: Any, centre: Any, refuses: Any) -> None:
    kari.transport = refuses(lambda request: httpx.Response(422) if request.method == "POST" else None)
    done = acts.message(kari.store, kari.nurse, "p1", "Hei", NOW)
    kari.sync()
    assert kari.state(done.op)[0] == "parked"
    assert message_item(kari).state.is_open


def test_without_text_or_patient_nothing_is_written(kari: Any) -> None:
    with pytest.raises(ActRefused, match="no text"):
        acts.message(kari.store, kari.nurse, "p1", "\n", NOW)
    with pytest.raises(ActRefused, match="no patient"):
        acts.message(kari.store, kari.nurse, "p9", "Hei", NOW)
