"""How the filter, the many, the list of patients and the handover look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from practice_centre import PracticeSession, queue
from test_choosing import blue, shelved
from textual.pilot import Pilot

from triage_tui.app import TriageApp
from triage_tui.wording import use_language


def centre() -> PracticeSession:
    """The usual rows, two blue ones more, one put off, one left lying."""
    first, second, *rest = queue().entries
    rows = [first, replace(second, idle=True), *rest, blue("b1", "Li, Per"), blue("b2", "Li, Anne")]
    return PracticeSession(replace(queue(rows), put_off=(shelved(),)))


@pytest.fixture
def looks(snap_compare, settle) -> Callable[..., bool]:
    """Compares the console on that centre after some keys with its picture."""

    def compare(size: tuple[int, int], *keys: str) -> bool:
        async def press(pilot: Pilot[None]) -> None:
            await settle(pilot)
            for key in keys:
                await pilot.press(key)
                await settle(pilot)

        return snap_compare(TriageApp(centre), terminal_size=size, run_before=press)

    return compare


KEYS = {
    "filter-form": ("F", "g", "u", "p"),
    "filtered": ("F", "g", "b", "u", "enter", "end"),
    "together": ("end", "b", "M", "i"),
    "patients": ("f3", "down"),
    "handover": ("v",),
}


@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS.keys())
def test_small(looks, keys) -> None:
    assert looks((80, 24), *keys)


@pytest.mark.parametrize("name", ["filtered", "patients", "handover"])
def test_large_and_english(looks, name) -> None:
    use_language("en")
    assert looks((120, 36), *KEYS[name])
