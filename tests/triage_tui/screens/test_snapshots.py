"""How the screens look, at the two sizes that must work. New pictures are looked at before accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from made_up_chart import made_up_chart
from practice_centre import HOUR, MINUTE, NOW, PracticeSession, queue
from textual.pilot import Pilot

from followup_server.simulator.pictures import wound
from local_store.views import PatientView, TimelineEntry
from triage_tui.app import TriageApp
from triage_tui.chart.views import Chart
from triage_tui.wording import use_language

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])


@pytest.fixture
def looks(snap_compare, settle) -> Callable[..., bool]:
    """Compares the console after some keys with its picture."""

    def compare(app: TriageApp, size: tuple[int, int], *keys: str) -> bool:
        async def press(pilot: Pilot[None]) -> None:
            await settle(pilot)
            for key in keys:
                await pilot.press(key)
                await settle(pilot)

        return snap_compare(app, terminal_size=size, run_before=press)

    return compare


def with_full_timeline(view: PatientView) -> PatientView:
    """The patient with a line of every kind, the newest first."""
    kari, wrong = "Kari Nordmann", replace(view.readings[4], status="entered-in-error")
    task = view.items[0].task
    isbar = (
        "I: Nils Hansen, 72 år. S: SpO₂ 86 %, tungpust. B: kols GOLD 3. A: forverring. R: ber om vurdering."
    )
    lines = (
        TimelineEntry("e1", "escalation", NOW - 5 * MINUTE, kari, isbar, whom="gp"),
        TimelineEntry("x", "wrong-reading", NOW - 20 * MINUTE, kari, wrong.id),
        TimelineEntry("t", "taken", NOW - 30 * MINUTE, kari, "", about=(task,)),
        TimelineEntry("a", "alert", NOW - 40 * MINUTE, None, "spo2", about=(task,)),
        TimelineEntry("m", "message", NOW - 2 * HOUR, "Hansen, Nils", "Mer tungpust i dag.", inbound=True),
        TimelineEntry("n2", "note", NOW - 3 * HOUR, kari, "Vekt 80, ikke 90.", corrects="n3"),
        TimelineEntry("n3", "note", NOW - 4 * HOUR, kari, "Vekt 90."),
        TimelineEntry("p", "pause", NOW - 48 * HOUR, "Ola Hansen", "innlagt UNN"),
    )
    return replace(view, readings=(*view.readings, wrong), timeline=(*lines, *view.timeline))


@SIZES
class TestQueue:
    """F2."""

    def test_usual(self, looks, app, size) -> None:
        assert looks(app, size, "down")

    def test_practice(self, looks, size) -> None:
        assert looks(TriageApp(PracticeSession, demo=True), size)

    def test_empty(self, looks, size) -> None:
        assert looks(TriageApp(lambda: PracticeSession(queue([]))), size)

    def test_not_loaded(self, looks, size) -> None:
        assert looks(TriageApp(lambda: PracticeSession(queue([], loaded=False, last_sync=None))), size)

    def test_stale_and_offline(self, looks, size) -> None:
        since = NOW - 5 * HOUR
        view = queue(last_sync=since, offline_since=since, pending=6, oldest_pending=NOW - 81 * MINUTE)
        assert looks(TriageApp(lambda: PracticeSession(view)), size)


@SIZES
class TestPatient:
    """enter."""

    def test_overview(self, looks, app, size) -> None:
        assert looks(app, size, "enter")

    def test_readings(self, looks, app, size) -> None:
        assert looks(app, size, "enter", "2", "plus")

    def test_table(self, looks, app, size) -> None:
        assert looks(app, size, "enter", "T")

    def test_stack(self, looks, app, size) -> None:
        assert looks(app, size, "enter", "S")

    def test_forms(self, looks, app, size) -> None:
        assert looks(app, size, "enter", "3", "down", "down")

    def test_plan(self, looks, app, size) -> None:
        assert looks(app, size, "enter", "4")

    def test_timeline(self, looks, size, session) -> None:
        read = session.patient
        session.patient = lambda patient, days: with_full_timeline(read(patient, days))
        assert looks(TriageApp(lambda: session), size, "enter", "5")

    def test_messages(self, looks, app, size) -> None:
        assert looks(app, size, "enter", "6")

    def test_pictures(self, looks, app, size, session, monkeypatch) -> None:
        monkeypatch.setenv("TRIAGE_PICTURES", "blocks")
        session.picture = lambda _patient, _url: wound(1, 1, 0.7)
        assert looks(app, size, "enter", "7", "enter")

    def test_empty_forms_with_a_namesake(self, looks, size, session) -> None:
        session.charts = {"p1": Chart(namesakes=("Hansen, Nils A.",))}
        assert looks(TriageApp(lambda: session), size, "enter", "3")

    def test_long_messages(self, looks, size, session) -> None:
        chart = made_up_chart()
        long = replace(chart.thread[0], text="Jeg er tungpust og lurer på hva jeg skal gjøre. " * 60)
        session.charts = {"p1": replace(chart, thread=(long, *chart.thread[1:]))}
        assert looks(TriageApp(lambda: session), size, "enter", "6")


@SIZES
class TestForms:
    """Small panels over the patient."""

    def test_note(self, looks, app, size) -> None:
        assert looks(app, size, "enter", "n", *"Ringt", "space", *"hjem.")

    def test_contact(self, looks, app, size) -> None:
        assert looks(app, size, "k", "i")

    def test_contact_somebody_elses(self, looks, app, size) -> None:
        assert looks(app, size, "down", "k", "i")

    def test_put_off(self, looks, app, size) -> None:
        assert looks(app, size, "u", "k", "s")

    def test_takeover(self, looks, app, size) -> None:
        assert looks(app, size, "down", "t")

    def test_search(self, looks, app, size) -> None:
        assert looks(app, size, "s", "n")

    def test_help(self, looks, app, size) -> None:
        assert looks(app, size, "enter", "question_mark")


@pytest.mark.parametrize("tab", ["1", "2", "4"], ids=["overview", "readings", "plan"])
def test_english(looks, app, tab) -> None:

    use_language("en")
    assert looks(app, (120, 36), "enter", tab)


def test_too_small(looks, app) -> None:
    assert looks(app, (60, 20))
