"""Search, help, palette: what is reachable from everywhere, and what is not there on purpose."""

from __future__ import annotations

import pytest
from quiet import until
from textual.command import CommandList

from triage_tui.keymaps.checking import check, standard_keys
from triage_tui.keymaps.key_names import is_dependable
from triage_tui.screens.acting import ActingScreen
from triage_tui.screens.actions import EVERYWHERE, LIST, PATIENT, PLACES, QUEUE
from triage_tui.screens.patient_screen import PatientScreen
from triage_tui.screens.queue_screen import QueueScreen
from triage_tui.wording import _


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


def titles_of(app) -> list[str]:
    return [command.title for command in app.get_system_commands(app.screen)]


async def test_the_palette_has_every_action_here_and_underneath_once_and_no_screenshot(app, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        offered = titles_of(app)
        for action in (*QUEUE, *LIST, *EVERYWHERE):
            assert offered.count(f"{_(action.help)} ({action.shown})") == (action.id != "app.palette")
        await pilot.press("enter")
        await settle(pilot)
        offered = titles_of(app)
        for action in (*PATIENT, *QUEUE, *EVERYWHERE):
            assert offered.count(f"{_(action.help)} ({action.shown})") == (action.id != "app.palette")
        assert not any("creenshot" in title for title in offered)


async def test_what_belongs_to_the_screen_underneath_is_done_there(app, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        command = next(c for c in app.get_system_commands(app.screen) if c.title.startswith("En linje ned"))
        app.call_later(command.callback)
        await settle(pilot)
        assert isinstance(app.screen, QueueScreen)
        assert app.screen.rows.cursor_index == 1


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


def test_no_key_means_two_things_on_one_screen_and_every_key_is_delivered_by_every_terminal() -> None:
    check({}, PLACES)
    for actions in PLACES.values():
        ids = [action.id for action in actions]
        assert len(ids) == len(set(ids))
        for action in actions:
            assert all(is_dependable(key) for key in standard_keys(action)), action


def test_the_table_of_places_knows_every_screen() -> None:
    """A screen that isn't there would be left out of the check for clashes."""
    for screen in every_subclass(ActingScreen):
        assert any(set(screen.ACTIONS) <= set(actions) for actions in PLACES.values()), screen


def every_subclass(kind: type[ActingScreen]) -> list[type[ActingScreen]]:
    return [each for sub in kind.__subclasses__() for each in (sub, *every_subclass(sub))]
