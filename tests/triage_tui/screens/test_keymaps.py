"""Another keymap: the keys do what it says, and footer, help and palette say so."""

from __future__ import annotations

from pathlib import Path

from practice_centre import PracticeSession, many, queue

from triage_tui.app import TriageApp
from triage_tui.keymaps.keymap import Keymap
from triage_tui.keymaps.reading import read_keymap
from triage_tui.screens.actions import PLACES
from triage_tui.screens.contact_form import ContactForm
from triage_tui.screens.look import Look
from triage_tui.screens.queue_screen import QueueScreen
from triage_tui.screens.search import Search


def console(keymap: Keymap, session: PracticeSession) -> TriageApp:
    return TriageApp(lambda: session, look=Look(keymap))


async def test_vi_keys_move_search_and_leave_the_acts_within_reach(settle, text_of) -> None:
    app = console(read_keymap("vim", Path(), PLACES), PracticeSession(queue(many(60))))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, QueueScreen)
        for key, index in (("j", 1), ("j", 2), ("k", 1), ("G", 59), ("g", 0), ("down", 1), ("ctrl+b", 0)):
            await pilot.press(key)
            assert screen.rows.cursor_index == index, key
        assert "c kontakt" in text_of(app) and "/ søk" in text_of(app)
        await pilot.press("slash")
        await settle(pilot)
        assert isinstance(app.screen, Search)
        await pilot.press("escape", "c")
        await settle(pilot)
        assert isinstance(app.screen, ContactForm)


async def test_keys_that_are_swapped_are_swapped(session, settle, text_of) -> None:
    swapped = Keymap("mine", {"patient.note": ("t",), "patient.take": ("n", "f8")})
    app = console(swapped, session)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert "n ta" in text_of(app) and "t notat" in text_of(app)
        await pilot.press("n")
        await settle(pilot)
        assert session.acts == [("take", "task-p1-spo2")]
        await pilot.press("question_mark")
        await settle(pilot)
        assert "n  Ta pasienten" in text_of(app)
        titles = [command.title for command in app.get_system_commands(app.screen_stack[-2])]
        assert "Ta pasienten, eller gi tilbake (n)" in titles


async def test_the_tabs_and_the_trend_name_the_keys_that_they_have(session, settle, text_of) -> None:
    mine = {"tab.plan": ("f8",), "trend.table": ("V",), "trend.other": (">",), "trend.before": ("<",)}
    app = console(Keymap("mine", mine), session)
    async with app.run_test(size=(140, 36)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "F8 plan" in text_of(app) and "<> mål  +− dager  V tabell" in text_of(app)
        await pilot.press("f8")
        await settle(pilot)
        assert app.screen.query_one("#plan").display
