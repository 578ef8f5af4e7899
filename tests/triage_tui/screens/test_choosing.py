"""The filter, the marks, and several blue alerts done together."""

from __future__ import annotations

from dataclasses import replace

from practice_centre import DAY, HOUR, NOW, entry, item, nils, others, person, queue, row

from local_store.views import QueueEntry
from triage_tui.app import TriageApp
from work_items.model import Band, ItemCode, ItemState


def blue(patient: str, name: str, **more: object) -> QueueEntry:
    one = item(patient, "missing", Band.BLUE, NOW + HOUR, code=ItemCode.MISSING, kind="missing", **more)
    return entry(row(9, one), person(patient, name, "1960-01-01"), {})


def shelved() -> QueueEntry:
    held = item(
        "s1",
        "spo2",
        Band.YELLOW,
        NOW + HOUR,
        state=ItemState.ON_HOLD,
        owner="Practitioner/kari",
        shelved_until=NOW + DAY,
        shelved_because="venter på svar",
    )
    found = entry(row(1, held), person("s1", "Utsi, Sara", "1950-05-05"), {}, owner_login="kari")
    return replace(found, row=replace(found.row, rank=0))


class TestFilter:
    async def test_rows_are_left_out_and_the_counts_stay(self, app, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("F", "g", "enter")
            await settle(pilot)
            shown = text_of(app)
            assert "FILTER: GUL" in shown and "viser 2 av 5" in shown and "X alle rader" in shown
            assert "RØD 2   GUL 2   BLÅ 1" in shown
            assert "Olsen, Kåre" in shown and "Hansen, Nils" not in shown
            await pilot.press("X")
            await settle(pilot)
            shown = text_of(app)
            assert "FILTER" not in shown and "Hansen, Nils" in shown and "over ↑" not in shown

    async def test_it_is_kept_for_the_profile(self, session, settle, text_of) -> None:
        async with TriageApp(lambda: session).run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("F", "m", "enter")
            await settle(pilot)
        again = TriageApp(lambda: session)
        async with again.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            assert "FILTER: bare mine" in text_of(again) and "viser 1 av 5" in text_of(again)

    async def test_a_new_patient_whom_it_leaves_out_is_told(self, app, session, settle, text_of) -> None:
        session.view = queue(others())
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("F", "b", "enter")
            await settle(pilot)
            session.view = queue([nils(), *others()])
            app.sync_changed(replace(session.sync_state(), last_sync=NOW))
            await settle(pilot)
            assert "1 ny vises ikke" in text_of(app)

    async def test_text_programme_and_owner(self, app, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("F", "h", "h", "s", *"Eira", "enter")
            await settle(pilot)
            assert "FILTER: hos Ola Hansen, «Eira»" in text_of(app) and "viser 1 av 5" in text_of(app)
            await pilot.press("F", "x", "p", "enter")
            await settle(pilot)
            assert "FILTER: diab." in text_of(app) and "Bakken, Liv" in text_of(app)

    async def test_nobody_is_called_an_empty_queue(self, app, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("F", "s", *"zzz", "enter")
            await settle(pilot)
            shown = text_of(app)
            assert "Ingen i køen passer med filteret. X viser alle rader." in shown and "tom:" not in shown

    async def test_what_is_put_off_is_listed_and_comes_back(self, app, session, settle, text_of) -> None:
        session.view = replace(session.view, put_off=(shelved(),))
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            assert "Utsi" not in text_of(app)
            await pilot.press("F", "u", "enter", "end")
            await settle(pilot)
            shown = text_of(app)
            assert "utsatt   ▲ !!  GUL   Utsi, Sara" in shown and "til i morgen 09:31" in shown
            assert "Utsatt til i morgen 09:31: venter på svar." in shown
            session.view = replace(session.view, entries=(*session.view.entries, shelved()))
            await pilot.press("t")
            await settle(pilot)
            assert session.acts == [("take", "task-s1-spo2")]


class TestMany:
    async def test_blue_ones_of_a_kind_are_completed_together(self, app, session, settle, text_of) -> None:
        session.view = queue([nils(), blue("b1", "Li, Per"), blue("b2", "Li, Anne"), blue("b3", "Li, Ida")])
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("down", "b", "down", "b", "M")
            await settle(pilot)
            shown = text_of(app)
            assert "2 blå varsler sammen" in shown and "Li, Per …216; Li, Ida …216" in shown
            await pilot.press("enter")
            assert session.acts == []
            await pilot.press("n", "enter")
            await settle(pilot)
            assert session.acts == [
                ("complete", "task-b1-missing", "no-action", ""),
                ("complete", "task-b3-missing", "no-action", ""),
            ]
            assert "(2): Li, Per; Li, Ida" in text_of(app)

    async def test_without_marks_all_like_the_one_under_the_cursor(
        self, app, session, settle, text_of
    ) -> None:
        fault = blue("b9", "Feil, Odd")
        fault = replace(
            fault, row=replace(fault.row, items=(replace(fault.row.items[0], code=ItemCode.TECHNICAL),))
        )
        session.view = queue([blue("b1", "Li, Per"), blue("b2", "Li, Anne"), fault])
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("M", "i", "enter")
            await settle(pilot)
        assert [act[:2] for act in session.acts] == [
            ("shelve", "task-b1-missing"),
            ("shelve", "task-b2-missing"),
        ]

    async def test_red_and_yellow_are_never_marked(self, app, session, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("b")
            await settle(pilot)
            assert "Bare blå rader kan merkes" in text_of(app)
            await pilot.press("M")
            await settle(pilot)
            assert "Ingenting blått er valgt" in text_of(app)
        assert session.acts == []


class TestSomebodyElses:
    async def test_completing_says_whose_she_is_and_asks(self, app, session, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("down", "f")
            await settle(pilot)
            assert "tatt av Ola Hansen 09:11" in text_of(app)
            await pilot.press("n")
            await settle(pilot)
            assert session.acts == []
            await pilot.press("f", "j")
            await settle(pilot)
            assert session.acts == [("takeover", "task-p2-weight")]
            await pilot.press("k", "enter")
            await settle(pilot)
        assert session.acts[-1] == ("complete", "task-p2-weight", "contacted", "")


class TestMarks:
    async def test_taken_without_action_stands_in_row_and_pane(self, session, settle, text_of) -> None:
        first, *rest = others()
        session.view = queue([replace(first, idle=True), *rest])
        app = TriageApp(lambda: session)
        async with app.run_test(size=(140, 36)) as pilot:
            await settle(pilot)
            shown = text_of(app)
            assert "Ola!" in shown and "ingen handling" in shown.splitlines()[4]
            assert "Tatt av Ola Hansen 09:11, ingen handling." in " ".join(shown.split())
