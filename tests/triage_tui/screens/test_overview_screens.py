"""F3 and v: the whole centre at once."""

from __future__ import annotations

from practice_centre import KARI

from triage_tui.screens.patient_screen import PatientScreen
from triage_tui.screens.queue_screen import QueueScreen


class TestPatients:
    async def test_everybody_with_plan_newest_reading_and_how_often(self, app, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("f3")
            await settle(pilot)
            lines = text_of(app).splitlines()
            assert "PASIENTER" in lines[0] and KARI.name in lines[0] and "5 pasienter" in lines[1]
            liv = next(line for line in lines if "Bakken, Liv" in line)
            assert "for 8 d siden" in liv and "2/14" in liv and "Kols, hjemmeoppfølging v4" in liv
            odd = next(line for line in lines if "Bierŋa" in line)
            assert "ingen gyldig plan" in odd

    async def test_another_order_keeps_the_cursor_on_its_patient(self, app, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("f3", "down")
            await settle(pilot)
            before = app.screen.rows.current
            await pilot.press("o")
            await settle(pilot)
            shown = text_of(app)
            assert "rekkefølge: lengst uten måling" in shown and app.screen.rows.current == before
            names = [line[2:15] for line in shown.splitlines()[4:9]]
            assert names[0].startswith("Bakken") and names[-1].startswith("Hansen")

    async def test_words_narrow_it_and_enter_opens(self, app, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("f3")
            await settle(pilot)
            await pilot.press("F", *"eira", "enter")
            await settle(pilot)
            assert isinstance(app.screen, PatientScreen) and "EIRA, Máret" in text_of(app)
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, QueueScreen)

    async def test_nobody_by_that_name_is_said(self, app, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("f3")
            await settle(pilot)
            await pilot.press("F", "q", "q", "enter")
            await settle(pilot)
            assert "Ingen har det i navnet." in text_of(app)
            await pilot.press("escape")
            await settle(pilot)
            assert "Hansen, Nils" in text_of(app)
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, QueueScreen)


class TestHandover:
    async def test_it_tells_who_is_open_and_who_is_taken(self, app, settle, text_of) -> None:
        async with app.run_test(size=(120, 50)) as pilot:
            await settle(pilot)
            await pilot.press("v")
            await settle(pilot)
            shown = text_of(app)
            assert "VAKTRAPPORT" in shown and "Åpne, ingen har tatt dem (3)" in shown
            assert "Tatt (2)" in shown and "tatt av Ola Hansen 09:11" in shown
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, QueueScreen)

    async def test_it_is_saved_after_a_question_only(self, app, session, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("v")
            await settle(pilot)
            await pilot.press("p")
            await settle(pilot)
            assert "er ikke kryptert" in text_of(app)
            await pilot.press("n")
            await settle(pilot)
            assert session.acts == []
            await pilot.press("p", "j")
            await settle(pilot)
            assert session.acts == [("save", "handover")]
            assert "Lagret: /home/kari/triage-handover.md" in text_of(app)


class TestWhatIf:
    async def test_other_limits_are_tried_and_the_answer_stands_beside(
        self, app, session, settle, text_of
    ) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
            await pilot.press("h")
            await settle(pilot)
            shown = text_of(app)
            assert "Hva hvis" in shown and "Hansen, Nils" in shown and "▶ SpO₂ rød under 88" in shown
            await pilot.press("down", *"90", "enter")
            await settle(pilot)
            assert session.acts[-1] == ("try", "p1", {("spo2-low", "yellow_below"): "90"})
            assert "gul under 92 → 90" in text_of(app) and "21 varsler → 6" in text_of(app)
            await pilot.press("down", *"3,5", "enter")
            await settle(pilot)
            assert session.acts[-1][2] == {
                ("spo2-low", "yellow_below"): "90",
                ("weight-up", "rise_red"): "3,5",
            }
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, PatientScreen)
