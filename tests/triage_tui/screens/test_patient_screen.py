"""The patient's screen: who it is, what is going on, and nothing left out quietly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from practice_centre import MINUTE, NOW, PracticeSession, nils, others, queue

from triage_tui.app import TriageApp
from triage_tui.screens.queue_screen import QueueScreen
from triage_tui.wording import use_language


async def shown_after(app: TriageApp, settle, text_of, *keys: str, size: tuple[int, int] = (120, 36)) -> str:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
        await settle(pilot)
        return text_of(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_identity_and_freshness_stand_on_top(app, settle, text_of, size) -> None:
    head = (await shown_after(app, settle, text_of, size=size)).splitlines()[0]
    for text in ("HANSEN, Nils · 72 år · 13.01.1954 · …216", "■ !!! RØD", "synk 09:27 · 0 usendt"):
        assert text in head


async def test_the_overview_answers_what_is_going_on(app, settle, text_of) -> None:
    shown = await shown_after(app, settle, text_of)
    for text in (
        "bor alene · O₂ hjemme",
        "SpO₂ 86 % under 88 (2 av 3)",
        "Puls 112 over 110",
        "SpO₂ 87 %↓",
        "NEWS2 minst 5 (5 av 7 kjent)",
        "planens røde sone",
        "Senteret: Ring pasienten, vurder legevakt 116 117.",
        "SpO₂ % · 30 dager",
        "88 rød ↓",
        "i går 13:02 Ola ringte, fikk svar: «mer tungpust siden søndag»",
        "(ikke sendt)",
    ):
        assert text in shown


@pytest.mark.parametrize(
    ("keys", "title"),
    [
        (["right"], "Puls /min · 30 dager"),
        (["left", "plus"], "Vekt kg · 90 dager"),
        (["minus", "minus"], "SpO₂ % · 7 dager"),
    ],
)
async def test_arrows_choose_the_measure_and_plus_minus_the_days(app, settle, text_of, keys, title) -> None:
    assert title in await shown_after(app, settle, text_of, *keys)


async def test_more_days_are_fetched_when_asked_for(app, session, settle, text_of) -> None:
    asked: list[int] = []
    read = session.patient

    def patient(patient_id: str, days: int):
        asked.append(days)
        return read(patient_id, days)

    session.patient = patient
    await shown_after(app, settle, text_of, "plus")
    assert asked[0] == 30 and asked[-1] == 90


async def test_the_table_is_the_plots_twin(app, settle, text_of) -> None:
    shown = await shown_after(app, settle, text_of, "T")
    assert "lavest    median    høyest" in shown and "tirsdag 03.03.2026" in shown


async def test_the_table_gives_way_to_the_plot_again(app, settle, text_of) -> None:
    shown = await shown_after(app, settle, text_of, "T", "T")
    assert "tirsdag 03.03.2026" not in shown and "88 rød ↓" in shown


async def test_the_plan_tab_has_zones_and_limits(app, settle, text_of) -> None:
    shown = await shown_after(app, settle, text_of, "4")
    for text in ("versjon 4 · laget av Kari Nordmann", "■ !!! RØD", "▲ !!  GUL", "GRØNN"):
        assert text in shown
    assert "oksygenmetning (SpO₂): gul under 92 %, rød under 88 % (2 av 3)" in shown


async def test_the_timeline_tab_has_everything_newest_first(app, settle, text_of) -> None:
    shown = await shown_after(app, settle, text_of, "5")
    assert shown.index("Ola ringte") < shown.index("Kari noterte") < shown.index("råd gitt")


async def test_esc_leads_back_to_the_same_row(app, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, QueueScreen)
        assert app.screen.rows.cursor_index == 1


async def test_a_plan_that_cannot_be_read_says_so(session, app, settle, text_of) -> None:
    first = nils()
    assert first.plan is not None
    broken = replace(first.plan, zones=(), problem="To aktive planer: ingen av dem gjelder.")
    session.view = queue([replace(first, plan=broken)])
    assert "To aktive planer" in await shown_after(app, settle, text_of)


async def test_a_missing_plan_says_so(session, app, settle, text_of) -> None:
    first = nils()
    session.view = queue([replace(first, plan=None)])
    assert "Ingen gyldig plan." in await shown_after(app, settle, text_of)


async def test_a_red_item_left_alone_for_half_an_hour_is_marked(session, app, settle, text_of) -> None:
    first = nils()
    held = replace(first.row.items[0], owner="Practitioner/ola", owned_since=NOW - 40 * MINUTE)
    session.view = queue([replace(first, row=replace(first.row, items=(held,)), owner_name="Ola Hansen")])
    assert "tatt av Ola Hansen 08:51, ingen handling" in await shown_after(app, settle, text_of)


async def test_a_patient_without_readings_or_history(session, app, settle, text_of) -> None:
    read = session.patient

    def bare(patient_id: str, days: int):
        view = read(patient_id, days)
        return replace(view, readings=(), timeline=(), news2=None, items=(), because={}, limits={})

    session.patient = bare
    for keys in ((), ("T",), ("4",), ("5",), ("right", "plus")):
        shown = await shown_after(TriageApp(lambda: session), settle, text_of, *keys)
        assert "HANSEN, Nils" in shown


@pytest.mark.parametrize("row", range(5))
async def test_every_sort_of_patient_can_be_opened(row: int, settle, text_of) -> None:
    rows = [nils(), *others()]
    app = TriageApp(lambda: PracticeSession(queue([rows[row]])))
    assert "synk 09:27" in await shown_after(app, settle, text_of, size=(80, 24))


@pytest.mark.parametrize("language", ["nb", "en"])
async def test_practice_and_who_it_is_stay_on_a_narrow_terminal(
    session, settle, text_of, language: str
) -> None:
    use_language(language)
    app = TriageApp(lambda: session, demo=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for _patient in range(3):
            await pilot.press("enter")
            await settle(pilot)
            head = text_of(app).splitlines()[0]
            assert ("ØVELSE" if language == "nb" else "PRACTICE") in head
            assert ("år" if language == "nb" else "years") in head
            assert "…" in head and ("usendt" in head or "unsent" in head)
            await pilot.press("escape", "down")
            await settle(pilot)
