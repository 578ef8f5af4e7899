"""Keys faster than the screens, terminals that change size under a form, answers that come too late."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from quiet import until

from triage_tui.screens.note_form import NoteForm
from triage_tui.screens.patient_screen import PatientScreen
from triage_tui.screens.queue_screen import QueueScreen
from triage_tui.screens.too_small import TooSmall


@pytest.fixture
def gate(session, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Holds the patient's reading back until it is set."""
    opened, read = threading.Event(), session.patient

    def slow(patient: str, days: int) -> object:
        assert opened.wait(60)
        return read(patient, days)

    monkeypatch.setattr(session, "patient", slow)
    return opened


async def test_a_key_after_enter_waits_until_the_patient_is_read(app, session, settle, gate) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.simulate_key("enter")
        app.simulate_key("t")
        await pilot.pause(0.05)
        assert session.acts == []
        gate.set()
        await settle(pilot)
    assert session.acts == [("take", "task-p1-spo2")]


async def test_a_note_written_at_once_after_enter_is_whole(app, session, settle, gate) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key in ("enter", "n", *"tatt", "f12"):
            app.simulate_key(key)
        gate.set()
        await settle(pilot)
    assert [(act[0], act[2]) for act in session.acts] == [("note", "tatt")]


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_no_way_out_loses_a_draft(app, session, settle, key: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("n", *"halv", "ctrl+q")
        await settle(pilot)
        assert isinstance(app.screen, NoteForm)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press(key)
    assert [draft.text for draft in session.kept.values()] == ["halv"]


async def test_on_a_terminal_that_is_too_small_no_form_opens(app, session, settle) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.resize_terminal(60, 20)
        await pilot.press("s", "question_mark", "colon", "ctrl+p", "f2", "t", "n")
        await settle(pilot)
        assert isinstance(app.screen, TooSmall)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert isinstance(app.screen, QueueScreen)
    assert session.acts == []


async def test_a_note_saved_under_a_terminal_too_small_is_saved_once(
    app, session, settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, note = threading.Event(), session.note

    def slow(*args: object) -> object:
        assert saved.wait(60)
        return note(*args)

    monkeypatch.setattr(session, "note", slow)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("n", *"ok", "f12")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        saved.set()
        await settle(pilot)
        assert isinstance(app.screen, TooSmall)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert isinstance(app.screen, QueueScreen)
        await pilot.press("f12")
        await settle(pilot)
    assert [act[0] for act in session.acts] == ["note"]


async def test_a_queue_that_was_read_earlier_never_replaces_a_later_one(
    app, session, settle, text_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, reading, overtaken = threading.Event(), threading.Event(), threading.Event()
    new = session.view
    old = replace(new, entries=new.entries[:1])
    answers = [old]

    def queue() -> object:
        if not answers:
            overtaken.set()
            return new
        answer = answers.pop()
        reading.set()
        assert held.wait(60)
        return answer

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        monkeypatch.setattr(session, "queue", queue)
        app.screen.reload()
        assert await pilot.app.run_worker(lambda: reading.wait(60), thread=True).wait()
        app.screen.reload()
        await until(pilot, overtaken.is_set)
        held.set()
        await settle(pilot)
        assert len(app.screen.view.entries) == len(new.entries)


async def test_the_palette_says_in_bokmaal_that_it_finds_nothing(app, settle, text_of) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("colon", *"zzzz")
        await until(pilot, lambda: "Ikke noe med det navnet" in text_of(app))


async def test_a_double_click_opens_the_patient(app, settle) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.click("QueueList", offset=(20, 0), times=2)
        await settle(pilot)
        assert isinstance(app.screen, PatientScreen)
