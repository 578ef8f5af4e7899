"""F4: what the server doesn't have, and what can be done about it, by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from practice_centre import KARE, NOW, PracticeSession
from practice_outbox import OutboxSession, outbox
from textual.pilot import Pilot

from triage_tui.app import TriageApp
from triage_tui.screens.outbox_screen import OutboxScreen
from triage_tui.screens.patient_screen import PatientScreen
from triage_tui.screens.queue_screen import QueueScreen
from triage_tui.sync.state import SyncState
from triage_tui.wording import use_language

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])


@pytest.fixture
def session() -> OutboxSession:
    return OutboxSession()


async def keys(pilot: Pilot[None], settle: Callable[..., object], *pressed: str) -> None:
    await settle(pilot)  # type: ignore[misc]
    for key in pressed:
        await pilot.press(key)
        await settle(pilot)  # type: ignore[misc]


async def test_conflicts_stand_first_and_both_sides_are_told(app, session, settle, text_of) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4")
        shown = text_of(app)
        assert isinstance(app.screen, OutboxScreen)
        assert app.screen.rows.current.op == "op-complete"
        assert "MITT (m)" in shown and "DERES (d)" in shown
        assert "råd gitt" in shown and "hos Ola Hansen siden 08:05" in shown
        assert "bedre, mindre tungpust" in shown  # stays whatever she chooses
        assert "HANSEN" in shown.upper() and "13.01.1954" in shown


@pytest.mark.parametrize(("key", "done"), [("m", "keep-mine"), ("d", "keep-theirs")])
async def test_a_conflict_is_settled_after_one_question(app, session, settle, text_of, key, done) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4", key)
        assert "13.01.1954" in text_of(app) and session.acts == []
        await keys(pilot, settle, "j")
        assert session.acts == [(done, "op-complete")]


async def test_no_leaves_the_conflict_alone(app, session, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4", "m", "n")
        assert session.acts == [] and isinstance(app.screen, OutboxScreen)


async def test_what_was_refused_is_corrected_and_sent_again(app, session, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4", "down", "down", "e", *"!", "f12")
        assert session.acts == [("mend", "op-note", f"{outbox()[2].text}!")]


async def test_withdrawing_asks_why(app, session, settle, text_of) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4", "down", "down", "w", "enter")
        assert session.acts == [] and "Si hvorfor" in text_of(app)
        await keys(pilot, settle, *"feil", "enter")
        assert session.acts == [("withdraw", "op-note", "feil")]


async def test_what_falls_with_it_is_named_before(app, session, settle, text_of) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4", "down", "down", "down", "w")
        assert "fullførte 09:01" in text_of(app)


async def test_retry_is_for_what_was_refused(app, session, settle, text_of) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4", "end", "r")
        assert session.acts == [] and "trenger ingen hjelp" in text_of(app)
        await keys(pilot, settle, "up", "up", "r")
        assert session.acts == [("retry", "op-note")]


async def test_the_act_under_the_cursor_stays_when_it_was_sent_meanwhile(
    app, session, settle, text_of
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4", "down", "down")
        session.outbox = [act for act in session.outbox if act.op != "op-note"]
        app.screen.reload()
        await keys(pilot, settle, "w")
        assert app.screen.rows.current.op == "op-note" and app.screen.rows.is_gone
        assert session.acts == [] and "ikke her lenger" in text_of(app)
        await keys(pilot, settle, "down")
        assert not app.screen.rows.is_gone
        assert app.screen.rows.current.op == "op-contact"


async def test_after_she_has_settled_one_the_next_is_under_the_cursor(app, session, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4", "m", "j")
        assert app.screen.rows.current.op == "op-shelve"
        await keys(pilot, settle, "end", "w", *"feil", "enter")
        assert app.screen.rows.current.op == "op-contact"


async def test_acts_that_come_or_go_leave_the_cursor_on_its_act(app, session, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4", "down", "down")
        session.outbox = session.outbox[1:]
        app.screen.reload()
        await keys(pilot, settle)
        assert app.screen.rows.current.op == "op-note" and not app.screen.rows.is_gone


async def test_enter_opens_the_patient_and_f2_the_queue(app, session, settle) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle, "f4", "down", "down", "enter")
        assert isinstance(app.screen, PatientScreen) and app.screen.patient == KARE.id
        await keys(pilot, settle, "f4", "escape")
        assert isinstance(app.screen, PatientScreen)
        await keys(pilot, settle, "f4", "f2")
        assert isinstance(app.screen, QueueScreen)


async def test_the_sync_line_counts_what_was_refused_and_in_conflict_as_unsent(
    app, session, settle, text_of
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await keys(pilot, settle)
        assert "5 usendt (eldste 08:10)" in text_of(app)


def test_nothing_unsent_is_only_said_of_nothing() -> None:
    fresh = SyncState(True, NOW, None, 0, 0, 0, None, 0)
    assert fresh.unsent == 0
    assert SyncState(True, NOW, None, 0, 1, 1, None, 0).unsent == 2


@SIZES
class TestLooks:
    """New pictures are looked at before they are accepted."""

    @pytest.fixture
    def looks(self, snap_compare, settle) -> Callable[..., bool]:
        def compare(session: PracticeSession, size: tuple[int, int], *pressed: str) -> bool:
            async def press(pilot: Pilot[None]) -> None:
                await keys(pilot, settle, "f4", *pressed)

            return snap_compare(TriageApp(lambda: session), terminal_size=size, run_before=press)

        return compare

    def test_conflict(self, looks, size) -> None:
        assert looks(OutboxSession(), size)

    def test_conflict_in_english(self, looks, size) -> None:
        use_language("en")
        assert looks(OutboxSession(), size, "down")

    def test_refused(self, looks, size) -> None:
        assert looks(OutboxSession(), size, "down", "down")

    def test_waiting_for_another(self, looks, size) -> None:
        assert looks(OutboxSession(), size, "end")

    def test_empty(self, looks, size) -> None:
        assert looks(OutboxSession([]), size)

    def test_withdraw(self, looks, size) -> None:
        assert looks(OutboxSession(), size, "down", "down", "down", "w", *"feil")

    def test_question(self, looks, size) -> None:
        assert looks(OutboxSession(), size, "d")
