"""The console on views in memory."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from practice_centre import PracticeSession
from quiet import until_quiet
from textual.pilot import Pilot

from triage_tui.app import TriageApp
from triage_tui.screens import form
from triage_tui.wording import use_language


@pytest.fixture(autouse=True)
def bokmaal() -> Iterator[None]:
    use_language("nb")
    yield
    use_language("nb")


@pytest.fixture(autouse=True)
def no_idle_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's pilot sleeps 20 ms after each key to see whether the process idles; a few are enough."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004)


@pytest.fixture
def session() -> PracticeSession:
    """A centre with five patients in the queue."""
    return PracticeSession()


@pytest.fixture
def app(session: PracticeSession) -> TriageApp:
    """The console on that centre."""
    return TriageApp(lambda: session)


@pytest.fixture
def settle() -> Callable[[Pilot[None]], Awaitable[None]]:
    """Waits until no thread works for the screens and nothing is left to draw."""
    return until_quiet


@pytest.fixture
def text_of() -> Callable[[TriageApp], str]:
    """What the terminal shows, as lines of text."""

    def lines(app: TriageApp) -> str:
        strips = app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    return lines


@pytest.fixture(autouse=True)
def unhurried_drafts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """On pictures a draft is saved when its form is left, not after a moment that a busy machine reaches."""
    if "snap_compare" in request.fixturenames:
        monkeypatch.setattr(form, "SAVED_AFTER_S", 3_600)
