"""Opening messages, from a console over a real server to its judge and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fhir_r4 import communications
from triage_tui.acts.complete import complete
from triage_tui.acts.message import open_messages
from triage_tui.chart.read import read_chart
from work_items import Band

Make = Callable[..., Any]
NOW = 1_772_526_660_000
HOUR = 3_600_000
OP = "00000000-0000-4000-8000-000000000001"


def with_message(console: Make, centre: Any, login: str = "kari") -> Any:
    """A console that knows of a message from p1."""
    raw = communications.message(OP, patient="p1", author="Patient/p1", at=NOW - HOUR, text="tett i dag")
    centre.put({**raw, "id": "m1"})
    centre.judge()
    one = console(login)
    one.sync()
    return one


def open_hers(one: Any) -> object:
    return open_messages(one.store, one.nurse, "p1", NOW)


def test_an_opened_message_turns_blue_and_stays_nobodys(console: Make, centre: Any) -> None:
    kari = with_message(console, centre)
    before = kari.items()["message"].item
    assert before.band is Band.YELLOW

    assert open_hers(kari) is not None
    assert read_chart(kari.store, "p1", NOW).unread == ()
    kari.sync()
    centre.judge()
    kari.sync()

    after = kari.items()["message"].item
    assert (after.band, after.owner, after.touched) == (Band.BLUE, None, True)
    assert after.respond_by == before.respond_by
    assert read_chart(kari.store, "p1", NOW).thread[0].opened_at == NOW


def test_it_is_opened_once_however_often_it_is_looked_at(console: Make, centre: Any) -> None:
    kari = with_message(console, centre)
    open_hers(kari)
    assert open_hers(kari) is None
    assert [row.act for row in kari.store.outbox()] == ["open"]


def test_what_a_colleague_closed_meanwhile_is_no_conflict(console: Make, centre: Any) -> None:
    kari = with_message(console, centre)
    ola = console("ola")
    ola.sync()
    done = open_hers(kari)
    complete(ola.store, ola.nurse, ola.task("message"), "contacted", NOW)
    ola.sync()

    report = kari.sync()

    assert (report.conflicts, report.parked) == (0, 0)
    assert kari.state(done.op)[0] == "sent"
