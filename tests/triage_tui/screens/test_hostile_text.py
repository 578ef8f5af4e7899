"""Names, notes and answers that are attacks: nothing crashes, nothing is obeyed, on any screen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up_chart import made_up_chart
from practice_centre import NOW, PracticeSession, entry, nils, person, plan, queue, row, timeline

from local_store.views import Contact, ReadingView, Zone
from triage_tui.app import TriageApp
from triage_tui.chart.views import (
    AnsweredForm,
    Approved,
    Chart,
    EscalationState,
    FormAnswer,
    Picture,
    ThreadMessage,
)
from work_items.model import Item

ODD = " ".join(
    [
        "Ola [/nope] \x1b]0;x\x07",
        "[@click=app.quit]KLIKK[/] [bold",
        "\x9b2J\x1b[2J\x1b[31m\u202eabc\r\nlinje2\x00",
        "Z" + "\u0335" * 300,
        "\ud800\U000e0041\u2028" + "[[[" * 9,
    ]
)


def hostile(text: str) -> PracticeSession:
    """One patient whose every string is `text`."""
    base = nils()
    one: Item = replace(base.row.items[0], patient="p1", owner=text, earlier_outcome=text)
    who = person(
        "p1", text, text, national_id=text, phone=text, gp=text, programme=text,
        warnings=(text, text), diagnoses=(text,), next_of_kin=(Contact(text, text, text),),
    )  # fmt: skip
    zones = tuple(Zone(colour, text, text) for colour in ("green", "yellow", "red"))
    bad_plan = replace(plan(), title=text, approved_by=text, author=text, zones=zones)
    because = replace(base.because[one.task], kind="answer", codes=(text or "x",), measured=text)
    told = tuple(replace(e, author=text, text=text) for e in timeline())
    queued = entry(
        row(1, one),
        who,
        {one.task: because},
        owner_name=text,
        owner_login=text,
        last_contact=told[0],
        plan=bad_plan,
    )
    session = PracticeSession(queue([queued]))
    session.centre = text
    read = session.patient

    def patient(patient_id: str, days: int):
        view = read(patient_id, days)
        reading = ReadingView(text, text or "x", text, text, view.readings[0].effective, None, text)
        return replace(view, timeline=told, readings=(reading, *view.readings))

    session.patient = patient
    session.charts = {"p1": hostile_chart(text)}
    session.picture = lambda _patient, _url: text.encode(errors="replace")
    return session


def hostile_chart(text: str) -> Chart:
    """A chart whose every string is `text`."""
    answers = (FormAnswer(text, text, (text, text)), FormAnswer(text, text, ()))
    made = made_up_chart()
    return Chart(
        forms=tuple(
            AnsweredForm(f"{n}{text}", text, text, at, text, answers, "wanted")
            for n, at in enumerate((NOW, NOW - 1, None))
        ),
        plans=replace(made.plans, approvals={4: Approved(text, NOW)}, proposals=(text,)),
        thread=(
            ThreadMessage("c1", NOW, True, text, text, text, (text,), "t", True, NOW),
            ThreadMessage("c2", NOW, False, text, text, text, (text,), sent=False),
        ),
        escalations={"c1": EscalationState(text, text, text)},
        pictures=(Picture(text, None, text, text, text, text, 10**12, (10**9, 1)),),
        answers=frozenset({"c1"}),
        namesakes=(text, text),
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
            ["f"], ["k", "s"], ["n"], ["t"], ["question_mark"], ["s", "a"], ["colon"],
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
