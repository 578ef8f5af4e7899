"""Search, help, palette: what is reachable from everywhere, and what is not there on purpose."""

from __future__ import annotations

import pytest
from quiet import until
from textual.command import CommandList

from triage_tui.screens.actions import ACTS, EVERYWHERE, PATIENT, QUEUE
from triage_tui.screens.patient_screen import PatientScreen


async def test_search_is_two_keys_beside_the_text(app, settle) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("s", *"bakk", "enter")
        await settle(pilot)
        assert isinstance(app.screen, PatientScreen)
        assert app.screen.patient == "p4"


async def test_search_says_when_it_finds_nobody(app, settle, text_of) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("s", *"xyz")
        await settle(pilot)
        assert "Ingen i lageret med det navnet" in text_of(app)
        await pilot.press("enter", "escape")
        await settle(pilot)
        assert not isinstance(app.screen, PatientScreen)


async def test_help_lists_the_keys_of_the_screen(app, settle, text_of) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        shown = text_of(app)
        assert "Ta pasienten, eller gi tilbake" in shown and "F10  Avslutt" in shown
        await pilot.press("escape", "enter")
        await settle(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        assert "Trenden som tabell" in text_of(app)


async def test_the_palette_has_every_action_and_nothing_of_textuals(app, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        for screen_actions in (QUEUE, PATIENT):
            titles = [command.title for command in app.get_system_commands(app.screen)]
            wanted = [a for a in (*screen_actions, *EVERYWHERE) if a.id != "app.palette"]
            assert len(titles) == len(wanted)
            assert not any("creenshot" in title or "heme" in title for title in titles)
            await pilot.press("enter")
            await settle(pilot)


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_an_action_can_be_done_from_the_palette(app, session, settle, key: str) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
        await pilot.press(*"ta pasienten")
        await until(pilot, lambda: app.screen.query_one(CommandList).option_count == 1)
        await pilot.press("down", "enter")
        await settle(pilot)
    assert session.acts == [("take", "task-p1-spo2")]


def test_no_key_means_two_things_on_one_screen() -> None:
    for actions in (QUEUE, PATIENT):
        keys = [key for action in (*actions, *EVERYWHERE) for key in action.keys.split(",")]
        assert len(keys) == len(set(keys))
        ids = [action.id for action in (*actions, *EVERYWHERE)]
        assert len(ids) == len(set(ids))


def test_no_key_that_terminals_lose_is_bound() -> None:
    lost = {f"ctrl+{letter}" for letter in "sqzimhj"} | {"ctrl+enter"}
    for action in (*QUEUE, *PATIENT, *ACTS, *EVERYWHERE):
        assert not lost & set(action.keys.split(","))
        assert "alt" not in action.keys
