"""F9, or minutes without a key: nothing of the patients is shown, and all is there again afterwards."""

from __future__ import annotations

import pytest
from practice_centre import NOW

from local_store.records import Draft
from triage_tui.lock.idle import Idle
from triage_tui.screens.lock_screen import LockScreen
from triage_tui.screens.locking import lock_if_idle
from triage_tui.screens.note_form import NoteForm
from triage_tui.screens.patient_screen import PatientScreen
from triage_tui.screens.queue_screen import QueueScreen
from triage_tui.wording import use_language

SIZE = (120, 36)
NAMES = ("Hansen", "Eira", "Olsen", "Bakken", "Čáhppesčearru")


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(app) -> Clock:
    made = Clock()
    app.idle = Idle(5, made)
    return made


async def test_f9_in_the_middle_of_a_note_hides_the_patient_and_the_note_is_there_again(
    app, session, settle, text_of
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("down", "enter", "n", *"halv", "f9")
        await settle(pilot)
        shown = text_of(app)
        assert isinstance(app.screen, LockScreen)
        assert not [word for word in (*NAMES, "halv") if word in shown]
        assert "synk" in shown
        assert session.locked
        assert [draft.text for draft in session.kept.values()] == ["halv"]
        await pilot.press(*"2468", "enter")
        await settle(pilot)
        assert isinstance(app.screen, NoteForm)
        assert app.screen.typed() == "halv"
        assert isinstance(app.screen_stack[-2], PatientScreen)
        assert not session.locked
        await pilot.press(*" ferdig", "f12")
        await settle(pilot)
    assert [act[:3] for act in session.acts] == [("note", "p2", "halv ferdig")]
    assert session.kept == {}


async def test_it_locks_after_five_minutes_without_a_key_and_not_before(app, settle, clock) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        clock.seconds = 299
        assert not lock_if_idle(app)
        await pilot.press("down")
        clock.seconds = 299 + 299
        assert not lock_if_idle(app)
        clock.seconds = 299 + 300
        assert lock_if_idle(app)
        await settle(pilot)
        assert isinstance(app.screen, LockScreen)


async def test_a_key_that_comes_too_late_locks_and_does_nothing_else(app, session, settle, clock) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        clock.seconds = 3_600
        await pilot.press("t")
        await settle(pilot)
        assert isinstance(app.screen, LockScreen)
    assert session.acts == []


async def test_no_key_reaches_what_lies_under_the_lock(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("f9")
        await settle(pilot)
        await pilot.press("f2", "f4", "f5", "colon", "ctrl+p", "question_mark", "escape", "s", "t", "j", "f6")
        await settle(pilot)
        assert isinstance(app.screen, LockScreen)
        assert not [name for name in NAMES if name in text_of(app)]
    assert session.acts == []
    assert session.woken == 0


async def test_after_five_wrong_tries_only_the_passphrase_opens_it(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("f9")
        await settle(pilot)
        for left in ("4 forsøk igjen", "3 forsøk igjen", "2 forsøk igjen", "1 forsøk igjen", "Det var feil"):
            await pilot.press(*"1111", "enter")
            await settle(pilot)
            assert left in text_of(app)
        await pilot.press(*"2468", "enter")
        await settle(pilot)
        assert isinstance(app.screen, LockScreen)
        assert "Skriv passordfrasen" in text_of(app)
        await pilot.press(*"riktig", "space", *"hest", "enter")
        await settle(pilot)
        assert isinstance(app.screen, QueueScreen)


async def test_a_pin_is_chosen_at_the_first_lock_and_asked_for_twice(app, session, settle, text_of) -> None:
    session.pin = None
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("f9")
        await settle(pilot)
        await pilot.press(*"13", "enter")
        await settle(pilot)
        assert "minst 4 tegn" in text_of(app)
        await pilot.press(*"1357", "enter", *"1359", "enter")
        await settle(pilot)
        assert "ikke like" in text_of(app)
        await pilot.press(*"1357", "enter", *"1357", "enter")
        await settle(pilot)
        assert session.pin == "1357"
        assert isinstance(app.screen, LockScreen)
        await pilot.press(*"1357", "enter")
        await settle(pilot)
        assert isinstance(app.screen, QueueScreen)


async def test_whoever_finds_it_locked_by_itself_chooses_no_pin(app, session, settle, clock) -> None:
    session.pin = None
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        clock.seconds = 300
        lock_if_idle(app)
        await settle(pilot)
        await pilot.press(*"1357", "enter", *"1357", "enter")
        await settle(pilot)
        assert isinstance(app.screen, LockScreen)
    assert session.pin is None


async def test_a_console_that_was_ended_while_locked_opens_locked(app, session, settle, text_of) -> None:
    session.locked = True
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, LockScreen)
        assert not [name for name in NAMES if name in text_of(app)]


async def test_a_draft_from_before_is_offered_with_its_time(app, session, settle, text_of) -> None:
    session.kept["p1", "note"] = Draft("p1", "note", "tungpust i", NOW - 19 * 60_000)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert "kladd fra 09:12" in text_of(app)
        assert app.screen.typed() == "tungpust i"


async def test_whoever_has_a_draft_is_marked_on_her_row_and_page(app, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("n", *"halv", "escape", "down")
        await settle(pilot)
        assert "✎" in next(line for line in text_of(app).splitlines() if "Hansen, Nils" in line)
        await pilot.press("up", "enter")
        await settle(pilot)
        assert "kladd" in text_of(app).splitlines()[0]
        await pilot.press("n", "f12")
        await settle(pilot)
        assert "kladd" not in text_of(app).splitlines()[0]


async def test_what_is_emptied_is_no_draft_any_more(app, session, settle) -> None:
    session.kept["p1", "note"] = Draft("p1", "note", "x", NOW)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("n", "backspace", "escape")
        await settle(pilot)
    assert session.kept == {}


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_looks(snap_compare, settle, app, session, size, language) -> None:
    use_language(language)
    session.left = 3

    async def press(pilot) -> None:
        await settle(pilot)
        await pilot.press("enter", "f9")
        await settle(pilot)
        await pilot.press(*"1111", "enter")
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=press)
