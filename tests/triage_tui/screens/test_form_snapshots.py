"""How the forms of the rarer acts look where there is least room, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from practice_centre import DAY, NOW, PracticeSession
from textual.pilot import Pilot

from local_store.views import Pause
from triage_tui.app import TriageApp
from triage_tui.wording import use_language


@pytest.fixture(params=["nb", "en"], autouse=True)
def language(request: pytest.FixtureRequest, bokmaal: None) -> None:
    use_language(request.param)


@pytest.fixture
def looks(snap_compare, settle):
    """Compares the console after some keys with its picture."""

    def compare(app: TriageApp, *keys: str) -> bool:
        async def press(pilot: Pilot[None]) -> None:
            await settle(pilot)
            for key in keys:
                await pilot.press(key)
                await settle(pilot)

        return snap_compare(app, terminal_size=(80, 24), run_before=press)

    return compare


def test_escalate(looks, app) -> None:
    assert looks(app, "l")


def test_escalate_asks(looks, app) -> None:
    assert looks(app, "l", "f12")


def test_reading(looks, app) -> None:
    assert looks(app, "r", "o", *"8", "up", "enter")


def test_reading_error(looks, app) -> None:
    assert looks(app, "enter", "x", "down", "a", *"for lav")


def test_message(looks, app) -> None:
    assert looks(app, "m", "1")


def test_correct(looks, app) -> None:
    assert looks(app, "enter", "c")


def test_pause(looks, app) -> None:
    assert looks(app, "P", "v", *"UNN")


def test_resume(looks, session: PracticeSession) -> None:
    first = session.view.entries[0]
    plan = replace(first.plan, paused=Pause(NOW - DAY, NOW + DAY, "innlagt UNN", "Ola Hansen", NOW - DAY))
    session.view = replace(session.view, entries=(replace(first, plan=plan), *session.view.entries[1:]))
    assert looks(TriageApp(lambda: session), "P")


def test_contact_by_video(looks, app) -> None:
    assert looks(app, "k", "v", "w", "s")
