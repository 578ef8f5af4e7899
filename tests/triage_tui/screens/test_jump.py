"""Jump mode: a letter beside everything that one can go to, and the letter goes there."""

from __future__ import annotations

from triage_tui.screens.jump import LETTERS, Jump
from triage_tui.screens.patient.page import TABS
from triage_tui.screens.patient_screen import PatientScreen
from triage_tui.screens.queue_screen import QueueScreen


def letters_on(shown: str) -> list[str]:
    return [line[0] for line in shown.splitlines() if line[:1] in LETTERS and line[1:2] == " "]


async def test_each_row_in_view_gets_a_letter_and_the_letter_goes_there(app, settle, text_of) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        assert letters_on(text_of(app)) == list(LETTERS[:5])
        await pilot.press("d")
        await settle(pilot)
        assert isinstance(app.screen, QueueScreen)
        assert app.screen.rows.cursor_index == 2
        assert letters_on(text_of(app)) == []


async def test_esc_and_other_keys_stay_and_do_nothing_else(app, session, settle) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key in ("escape", "t", "5"):
            await pilot.press("j", key)
            await settle(pilot)
            assert isinstance(app.screen, QueueScreen)
            assert app.screen.rows.cursor_index == 0
    assert session.acts == []


async def test_a_patients_tabs_have_letters_too(app, settle) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        assert isinstance(app.screen, Jump)
        await pilot.press(LETTERS[[name for name, _word in TABS].index("plan")])
        await settle(pilot)
        assert isinstance(app.screen, PatientScreen)
        assert app.screen.query_one("#plan").display


async def test_letters_never_stand_beside_what_has_moved(app, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        await pilot.resize_terminal(100, 30)
        await settle(pilot)
        assert isinstance(app.screen, QueueScreen)
