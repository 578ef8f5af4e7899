"""The letters: what they cost in key presses, what they do, and what they never do."""

from __future__ import annotations

from practice_centre import HOUR, MINUTE, NOW, PracticeSession

from triage_tui.app import TriageApp

SIZE = (120, 36)


async def pressed(app: TriageApp, settle, *keys: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)


async def test_take_is_one_key_and_give_back_another(app, session, settle) -> None:
    await pressed(app, settle, "t", "t")
    assert session.acts == [("take", "task-p1-spo2"), ("release", "task-p1-spo2")]


async def test_no_answer_is_three_keys_and_comes_back_in_a_quarter(app, session, settle) -> None:
    await pressed(app, settle, "k", "i", "enter")
    assert session.acts == [("contact", "p1", "phone", "no-answer", "", NOW + 15 * MINUTE)]


async def test_yellow_comes_back_in_two_hours(app, session, settle) -> None:
    await pressed(app, settle, "down", "down", "k", "i", "enter")
    assert session.acts == [("contact", "p3", "phone", "no-answer", "", NOW + 120 * MINUTE)]


async def test_reached_and_done_is_six_keys_beside_the_text(app, session, settle) -> None:
    await pressed(app, settle, "k", "s", *"hei", "enter", "f", "r", "enter")
    assert session.acts == [
        ("contact", "p1", "phone", "reached", "hei", None),
        ("complete", "task-p1-spo2", "advice-given", ""),
    ]


async def test_a_note_is_two_keys_beside_the_text(app, session, settle) -> None:
    await pressed(app, settle, "n", *"ok", "f12")
    assert session.acts == [("note", "p1", "ok", ())]


async def test_letters_in_a_text_are_text(app, session, settle) -> None:
    await pressed(app, settle, "k", "s", *"tfnkivsg", "enter")
    assert session.acts == [("contact", "p1", "phone", "reached", "tfnkivsg", None)]


async def test_the_next_patient_is_opened_and_taken_by_two_keys(app, session, settle) -> None:
    await pressed(app, settle, "enter", "t")
    assert session.acts == [("take", "task-p1-spo2")]


async def test_no_single_letter_closes_anything(app, session, settle) -> None:
    await pressed(app, settle, "f", *"krmlaiptxun", "escape")
    assert session.acts == []


async def test_no_outcome_no_completion(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("f", "enter")
        await settle(pilot)
        assert "Velg først et utfall" in text_of(app)
    assert session.acts == []


async def test_another_of_her_alerts_can_be_completed(app, session, settle) -> None:
    await pressed(app, settle, "f", "down", "x", "enter")
    assert session.acts == [("complete", "task-p1-pulse", "false-alarm", "")]


async def test_a_refusal_is_a_sentence_and_the_form_stays(app, session, settle, text_of) -> None:
    session.refuse = "Nothing is open."
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("n", *"viktig", "f12")
        await settle(pilot)
        shown = text_of(app)
        assert "Ingenting er åpent." in shown and "viktig" in shown
        session.refuse = None
        await pilot.press("f12")
        await settle(pilot)
    assert session.acts == [("note", "p1", "viktig", ())]


async def test_what_was_done_names_her_and_her_birth_date(app, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("t")
        await settle(pilot)
        assert "Tatt: Hansen, Nils, født 13.01.1954" in text_of(app)


async def test_a_colleagues_patient_is_asked_about(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("down", "t")
        await settle(pilot)
        assert "tatt av Ola Hansen 09:11. Ta over?" in text_of(app)
        await pilot.press("n")
        await settle(pilot)
        assert session.acts == []
        await pilot.press("t", "j")
        await settle(pilot)
    assert session.acts == [("takeover", "task-p2-weight")]


async def test_a_form_says_whose_she_is(app, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("down", "n")
        await settle(pilot)
        shown = text_of(app)
        assert "Notat — Eira, Máret · 81 år · 01.06.1944 · …331" in shown
        assert "tatt av Ola Hansen 09:11" in shown


async def test_a_draft_is_kept_for_its_patient_and_forgotten_once_saved(
    app, session, settle, text_of
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("n", *"halvferdig", "escape")
        await settle(pilot)
        await pilot.press("down", "n")
        await settle(pilot)
        assert "halvferdig" not in text_of(app)
        await pilot.press("escape", "up", "n")
        await settle(pilot)
        assert "halvferdig" in text_of(app)
        await pilot.press("f12")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert "halvferdig" not in text_of(app)
    assert session.acts == [("note", "p1", "halvferdig", ())]


async def test_an_act_stays_on_the_patient_that_the_form_was_opened_for(app, session, settle) -> None:
    """The queue may change under an open form; the act is about whom its title names."""
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("n", *"hei")
        other = PracticeSession()
        session.view = type(session.view)(NOW, tuple(reversed(other.view.entries)), 0, session.view.status)
        app.sync_changed(session.sync_state())
        await settle(pilot)
        await pilot.press("f12")
        await settle(pilot)
    assert session.acts == [("note", "p1", "hei", ())]


async def test_putting_off_to_tomorrow_at_eight_is_four_keys(app, session, settle) -> None:
    await pressed(app, settle, "down", "down", "u", "i", "m", "enter")
    tomorrow_at_eight = NOW + 22 * HOUR + 29 * MINUTE
    assert session.acts == [("shelve", "task-p3-anthonisen", tomorrow_at_eight, "awaiting-reading")]


async def test_putting_off_asks_for_both_letters(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for key in ("u", "i", "enter"):
            await pilot.press(key)
            await settle(pilot)
        assert session.acts == [] and "Velg først til når og hvorfor" in text_of(app)
        assert "(ikke rød)" in text_of(app)


async def test_undo_says_what_was_taken_back(app, session, settle, text_of) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("U")
        await settle(pilot)
        assert session.acts == [("undo",)]
        assert "Angret: notat 09:31 · Hansen, Nils, født 13.01.1954" in text_of(app)
