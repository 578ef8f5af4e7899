"""The queue screen tells the truth about what it shows, and what it doesn't know."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from practice_centre import HOUR, MINUTE, NOW, PracticeSession, nils, others, queue

from triage_tui.app import TriageApp
from triage_tui.screens.queue_screen import QueueScreen
from triage_tui.screens.session import SessionError


async def shown_by(session: PracticeSession, settle, text_of, size: tuple[int, int] = (120, 36)) -> str:
    app = TriageApp(lambda: session)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        return text_of(app)


async def test_the_sketch(session, settle, text_of) -> None:
    shown = await shown_by(session, settle, text_of)
    for text in (
        "Nord-Troms oppfølgingssenter",
        "Kari Nordmann · tirsdag 3. mars 09:31 · synk 09:27 · 0 usendt",
        "RØD 2   GUL 2   BLÅ 1   mine 1   utsatt 4   alle 5",
        "−10 min  ■ !!! RØD   Hansen, Nils",
        "Forverring: 2 av 3 (tungpust, oppspytt)",
        "Hansen, Nils · 72 år · …216 · kols · fastlege Berg, Storslett · bor alene · O₂ hjemme",
        "RØD fordi: SpO₂ var 86 % kl. 08:51 og 87 % i går 20:05, under 88 i 2 av 3.",
        "Plan v4, rød sone: «Ring senteret straks.",
        "Ola ringte,",
    ):
        assert text in shown


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_the_sync_line_is_always_there(session, settle, text_of, size: tuple[int, int]) -> None:
    session.view = queue(
        offline_since=NOW - 93 * MINUTE,
        last_sync=NOW - 93 * MINUTE,
        pending=6,
        oldest_pending=NOW - 81 * MINUTE,
    )
    assert "FRAKOBLET siden 07:58 · 6 usendt (eldste 08:10)" in await shown_by(session, settle, text_of, size)


async def test_what_the_server_refused_stands_in_the_head(session, settle, text_of) -> None:
    session.view = queue(parked=2, conflicts=1)
    assert "2 avvist · 1 konflikt" in await shown_by(session, settle, text_of)


async def test_a_banner_stands_after_a_quarter_of_an_hour(session, settle, text_of) -> None:
    session.view = queue(last_sync=NOW - 15 * MINUTE)
    assert "Det kan ha kommet nytt" not in await shown_by(session, settle, text_of)
    session.view = queue(last_sync=NOW - 16 * MINUTE)
    assert "! Ikke synkronisert siden 09:15 (16 min)" in await shown_by(session, settle, text_of)


async def test_each_row_says_its_age_after_four_hours(session, settle, text_of) -> None:
    session.view = queue(last_sync=NOW - 5 * HOUR)
    assert (await shown_by(session, settle, text_of, (80, 24))).count("pr. 04:31") == 5


async def test_an_empty_queue_is_called_empty_only_when_loaded_and_fresh(settle, text_of) -> None:
    fresh = await shown_by(PracticeSession(queue([])), settle, text_of)
    assert "Køen er tom: ingen venter. Synkronisert 09:27." in fresh
    for changes in ({"loaded": False}, {"last_sync": NOW - 16 * MINUTE}, {"last_sync": None}):
        assert "tom:" not in await shown_by(PracticeSession(queue([], **changes)), settle, text_of)


async def test_before_the_profile_is_open_nothing_is_called_empty(settle, text_of) -> None:
    def closed() -> PracticeSession:
        raise SessionError("The keyring is locked. Unlock it, and start again.")

    app = TriageApp(closed)
    async with app.run_test(size=(120, 36)) as pilot:
        assert "åpner …" in text_of(app)
        await settle(pilot)
        shown = text_of(app)
        assert "The keyring is locked." in shown and "tom" not in shown
        await pilot.press("t", "n", "f5", "enter", "s")
        await settle(pilot)


async def test_what_came_while_closed_is_counted(session, settle, text_of) -> None:
    first = nils()
    night = replace(first.row.items[0], raised=NOW - 3 * HOUR)
    entry = replace(first, row=replace(first.row, items=(night,)))
    session.view = queue([entry, *others()])
    assert "1 ny siden i går 15:30" in await shown_by(session, settle, text_of)


async def test_new_ones_above_are_counted_and_g_goes_there(app, session, settle, text_of) -> None:
    rows = others()
    session.view = queue(rows)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("end")
        screen = app.screen
        assert isinstance(screen, QueueScreen)
        before = screen.rows.current
        session.view = replace(session.view, entries=(nils(), *rows))
        app.sync_changed(replace(session.sync_state(), last_sync=NOW))
        await settle(pilot)
        assert screen.rows.current == before
        assert "1 ny over ↑ g" in text_of(app)
        await pilot.press("g")
        await settle(pilot)
        assert screen.rows.current is not None and screen.rows.current.person.id == "p1"
        assert "ny over" not in text_of(app)


async def test_sync_progress_is_told_while_the_queue_loads(app, session, settle, text_of) -> None:
    session.view = queue([], loaded=False, last_sync=None)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        state = session.sync_state()
        stage = replace(state.stage, key="pulling", kind="Observation", done=1200, total=66000)
        app.sync_changed(replace(state, stage=stage))
        await settle(pilot)
        assert "Henter målinger 1200 av 66000" in text_of(app)


async def test_f5_syncs_now(app, session, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
    assert session.woken == 1


async def test_practice_is_marked_on_every_screen(settle, text_of) -> None:
    app = TriageApp(PracticeSession, demo=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "ØVELSE" in text_of(app).splitlines()[0]
        await pilot.press("enter")
        await settle(pilot)
        assert "ØVELSE" in text_of(app).splitlines()[0]
        reverse = [s for strip in app.screen._compositor.render_strips() for s in strip if "ØVELSE" in s.text]
        assert reverse[0].style is not None and reverse[0].style.reverse


async def test_a_session_that_knows_it_is_practice_is_believed(session, settle, text_of) -> None:
    session.demo = True
    assert "ØVELSE" in await shown_by(session, settle, text_of)


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (20, 5)])
async def test_a_terminal_that_is_too_small_says_so_and_recovers(app, settle, text_of, size) -> None:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert f"{size[0]} × {size[1]}" in " ".join(text_of(app).split())
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "Hansen, Nils" in text_of(app)


async def test_the_queue_is_read_in_a_thread(app, session, settle) -> None:
    seen: list[threading.Thread] = []
    read = session.queue
    session.queue = lambda: (seen.append(threading.current_thread()), read())[1]
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
    assert seen and threading.main_thread() not in seen


async def test_a_cache_that_cannot_be_read_is_told_and_nothing_stops(app, session, settle, text_of) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)

        def broken(_patient: str, _days: int) -> None:
            raise SessionError("The disk is full. Free some space.")

        session.patient = broken
        await pilot.press("enter")
        await settle(pilot)
        assert "The disk is full. Free some space." in text_of(app)


async def test_while_the_store_opens_the_screen_says_so(settle, text_of) -> None:
    may_open = threading.Event()

    def slow() -> PracticeSession:
        may_open.wait(timeout=60)
        return PracticeSession()

    app = TriageApp(slow)
    async with app.run_test(size=(120, 36)) as pilot:
        while not isinstance(app.screen, QueueScreen):
            await pilot.pause()
        await pilot.pause()
        assert "Åpner det krypterte lageret" in text_of(app)
        may_open.set()
        await settle(pilot)
        assert "Hansen, Nils" in text_of(app)


async def test_what_comes_while_the_cache_first_fills_is_not_called_new(
    app, session, settle, text_of
) -> None:
    rows = others()
    session.view = queue(rows, loaded=False)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("end")
        session.view = queue([nils(), *rows])
        app.sync_changed(replace(session.sync_state(), last_sync=NOW))
        await settle(pilot)
        assert "ny over" not in text_of(app)
