"""The forms of the rarer acts: what they cost in key presses, and what they never do silently."""

from __future__ import annotations

from dataclasses import replace

import pytest
from practice_acts import DRAFT
from practice_centre import DAY, HOUR, MINUTE, NOW, PracticeSession

from local_store.views import Pause, TimelineEntry
from triage_tui.app import TriageApp
from triage_tui.screens.escalate_form import EscalateForm

SIZE = (80, 24)


async def pressed(app: TriageApp, settle, *keys: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)


async def test_to_the_gp_is_three_keys_and_sends_the_draft(app, session, settle) -> None:
    await pressed(app, settle, "l", "f12", "j")
    assert session.acts == [("escalate", "p1", "gp", DRAFT)]


async def test_keys_in_a_burst_wait_for_the_draft(app, session, settle) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("l", "f12", "j")
        await settle(pilot)
    assert session.acts == [("escalate", "p1", "gp", DRAFT)]


async def test_escalating_asks_once_and_says_what_it_will_do(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("l", "f12")
        await settle(pilot)
        shown = " ".join(text_of(app).split())
        assert "Sender dette til fastlegen" in shown and "innen 11:31" in shown
        await pilot.press("escape", *"x", "escape")
        await settle(pilot)
        assert session.acts == [] and not isinstance(app.screen, EscalateForm)
        await pilot.press("l")
        await settle(pilot)
        assert "xI: Kari" in text_of(app) or "xI:" in text_of(app)


async def test_f6_goes_to_somebody_else_who_was_spoken_with(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("l", "f6", "f6", "f6")
        await settle(pilot)
        assert "Til: pårørende, Anne Hansen, +47 400 00 001" in text_of(app)
        await pilot.press("f12")
        await settle(pilot)
        assert "snakket med pårørende" in text_of(app)
        await pilot.press("j")
        await settle(pilot)
    assert session.acts == [("escalate", "p1", "next-of-kin", f"{DRAFT}\n(next-of-kin)")]


async def test_a_told_reading_is_three_keys_and_its_value(app, session, settle) -> None:
    await pressed(app, settle, "r", "t", *"37", "comma", *"9", "enter")
    assert session.acts == [("reading", "p1", [("temperature", "37.9")], 0)]


async def test_a_blood_pressure_of_half_an_hour_ago(app, session, settle) -> None:
    await pressed(app, settle, "r", "b", *"140", "slash", *"90", "up", "up", "enter")
    told = [("bp_sys", "140"), ("bp_dia", "90")]
    assert session.acts == [("reading", "p1", told, -30 * MINUTE)]


async def test_what_can_hardly_be_true_is_asked_about_once_more(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("r", "o", *"8", "enter")
        await settle(pilot)
        assert "SpO₂ 8 %. Dette kan neppe stemme" in " ".join(text_of(app).split())
        await pilot.press(*"6", "enter")
        await settle(pilot)
    assert session.acts == [("reading", "p1", [("spo2", "86")], 0)]


async def test_what_is_no_value_is_said_in_the_form(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("r", "enter")
        await settle(pilot)
        assert "Velg med bokstaven hva som ble målt" in text_of(app)
        await pilot.press("b", *"140", "enter")
        await settle(pilot)
        assert "140/90" in text_of(app)
    assert session.acts == []


async def test_a_new_measurement_is_three_keys_and_back_in_an_hour(app, session, settle) -> None:
    await pressed(app, settle, "k", "m", "enter")
    assert session.acts == [("contact", "p1", "phone", "reached", "Bedt om ny måling.", NOW + HOUR)]


async def test_the_second_no_answer_proposes_others(app, session, settle, text_of) -> None:
    async with app.run_test(size=(160, 36)) as pilot:
        await settle(pilot)
        await pilot.press("k", "i", "enter")
        await settle(pilot)
        assert "på rad" not in text_of(app)
        await pilot.press("k", "i", "enter")
        await settle(pilot)
        assert "Ikke svar 2 ganger på rad. Prøv pårørende" in text_of(app)


async def test_a_video_call_has_a_room_and_says_with_whom(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("k", "v", "w", "w")
        await settle(pilot)
        assert "Rom: https://video.example/rom-1" in text_of(app)
        await pilot.press("s", *"ok", "enter")
        await settle(pilot)
    assert session.acts == [("contact", "p1", "video", "reached", "ok", None, "next-of-kin")]


async def test_a_quick_reply_is_three_keys_and_reading_is_opening(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        assert "Jeg er tungpust" in " ".join(text_of(app).split())
        await pilot.press("2", "f12")
        await settle(pilot)
    assert session.opened == ["p1"]
    assert session.acts == [("message", "p1", "Vi ringer i dag.")]


async def test_a_message_is_kept_as_a_draft_and_an_empty_one_is_none(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("m", "f12")
        await settle(pilot)
        assert "Meldingen er tom" in text_of(app)
        await pilot.press("s", *"hei", "escape", "m", *"du", "f12")
        await settle(pilot)
    assert session.acts == [("message", "p1", "heidu")]


async def test_a_reading_is_marked_by_a_letter_for_why(app, session, settle) -> None:
    await pressed(app, settle, "enter", "x", "down", "p", "enter")
    assert session.acts == [("reading-error", session.patient("p1", 30).readings[1].id, "målt på noen andre")]


async def test_another_reason_is_written(app, session, settle) -> None:
    await pressed(app, settle, "enter", "x", "a", *"pst", "enter")
    assert session.acts == [("reading-error", session.patient("p1", 30).readings[0].id, "pst")]


async def test_no_reason_no_mark(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("enter", "x", "enter")
        await settle(pilot)
        assert "Velg først en grunn" in text_of(app)
    assert session.acts == []


async def test_only_ones_own_words_can_be_corrected(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("enter", "c")
        await settle(pilot)
        shown = text_of(app)
        assert "Ny maske prøvd." in shown.split("Rett —")[1]
        assert "mer tungpust" not in shown.split("Rett —")[1]
        await pilot.press("f12")
        await settle(pilot)
        assert "Ingenting er endret" in text_of(app)
        await pilot.press("enter", *"!", "f12")
        await settle(pilot)
    assert session.acts == [("correct", "n1", "Ny maske prøvd.!")]


async def test_a_pause_for_three_days(app, session, settle) -> None:
    await pressed(app, settle, "P", "t", *"UNN", "enter")
    assert session.acts == [("pause", "p1", 0, 3 * DAY, "UNN")]


@pytest.fixture
def paused(session: PracticeSession) -> PracticeSession:
    """Nils is in hospital."""
    first = session.view.entries[0]
    pause = Pause(NOW - DAY, None, "innlagt", "Ola Hansen", NOW - DAY)
    plan = replace(first.plan, paused=pause)
    session.view = replace(session.view, entries=(replace(first, plan=plan), *session.view.entries[1:]))
    return session


async def test_who_is_paused_is_resumed(app, paused, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("P")
        await settle(pilot)
        assert "Satt på pause fra i går 09:31: innlagt." in text_of(app)
        await pilot.press("enter")
        await settle(pilot)
    assert paused.acts == [("resume", "p1")]


async def test_a_form_that_cant_be_read_says_why_and_can_be_left(app, session, settle, text_of) -> None:
    from triage_tui.screens.session import SessionError  # noqa: PLC0415 - beside its only use

    def fails(_patient: str) -> tuple[TimelineEntry, ...]:
        raise SessionError("The disk is full.")

    session.thread = fails
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        assert "The disk is full." in text_of(app)
        await pilot.press("escape", "t")
        await settle(pilot)
    assert session.acts == [("take", "task-p1-spo2")]


async def test_ending_the_follow_up_asks_once(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("P", "a", *"ferdig", "enter")
        await settle(pilot)
        assert "Avslutter oppfølgingen" in text_of(app) and session.acts == []
        await pilot.press("enter")
        await settle(pilot)
    assert session.acts == [("end", "p1", "ferdig")]
