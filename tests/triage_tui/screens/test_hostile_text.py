"""Names, notes and answers that are attacks: nothing crashes, nothing is obeyed, on any screen."""

from __future__ import annotations

import pytest
from one_text import hostile
from practice_centre import PracticeSession

from triage_tui.app import TriageApp

ODD = " ".join(
    [
        "Ola [/nope] \x1b]0;x\x07",
        "[@click=app.quit]KLIKK[/] [bold",
        "\x9b2J\x1b[2J\x1b[31m\u202eabc\r\nlinje2\x00",
        "Z" + "\u0335" * 300,
        "\ud800\U000e0041\u2028" + "[[[" * 9,
    ]
)


@pytest.mark.parametrize(
    "text", [ODD, ODD[40:], "", "Å[b]" * 2_500, "漢字" * 40], ids=["odd", "control", "empty", "long", "wide"]
)
async def test_no_screen_obeys_or_stumbles(text: str, settle, text_of) -> None:
    session = hostile(text)
    app = TriageApp(lambda: session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for keys in (
            ["f"], ["k", "s"], ["n"], ["l"], ["m"], ["r"], ["t"], ["question_mark"], ["s", "a"], ["colon"],
            ["enter"], ["2"], ["down"], ["T"], ["S"], ["3"], ["down"], ["4"], ["5"], ["6"], ["7", "enter"],
            ["1", "n"], ["f"], ["t"],
        ):  # fmt: skip
            for key in keys:
                await pilot.press(key)
            await settle(pilot)
            shown = text_of(app)
            assert not {"\x1b", "\x07", "\x9b", "\u202e", "\x00", "\r"} & set(shown)
            assert not any(
                "@click" in segment.style.meta
                for strip in app.screen._compositor.render_strips()
                for segment in strip
                if segment.style is not None and segment.style.meta
            )
            if len(app.screen_stack) > (3 if "enter" in keys else 2) or app.screen.is_modal:
                await pilot.press("escape")
                await settle(pilot)


async def test_a_refusal_that_is_an_attack_is_drawn_as_it_stands(app, session, settle, text_of) -> None:
    session.refuse = "Ola [/nope] [@click=app.quit]x[/]"
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("t")
        await settle(pilot)
        assert "Ola [/nope] [@click=app.quit]x[/]" in text_of(app)


async def test_a_fault_of_the_program_tells_no_name(settle) -> None:
    session = PracticeSession()

    def broken(_patient: str, _days: int) -> None:
        secret = session.view.entries[0].person.name
        raise RuntimeError(f"{secret} broke it")

    session.patient = broken
    app = TriageApp(lambda: session)
    with pytest.raises(Exception, match="RuntimeError ved test_hostile_text") as raised:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
    assert "Hansen" not in str(raised.value)
    said = "".join(segment.text for block in app._exit_renderables for segment in block.segments)
    assert "Hansen" not in said
