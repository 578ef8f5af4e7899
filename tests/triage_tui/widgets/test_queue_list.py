"""The cursor belongs to a patient: whatever moves, it stays on her."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from practice_centre import NOW, many
from textual.app import App, ComposeResult

from local_store.views import QueueEntry
from triage_tui.widgets.queue_list import QueueList
from triage_tui.widgets.queue_row import Scene

SCENE = Scene(NOW, NOW)


class ListApp(App[None]):
    """The list alone."""

    def __init__(self, entries: Sequence[QueueEntry]) -> None:
        super().__init__()
        self.entries = entries
        self.opened: list[str] = []

    def compose(self) -> ComposeResult:
        yield QueueList(SCENE)

    def on_mount(self) -> None:
        self.query_one(QueueList).show(self.entries, SCENE)

    def on_queue_list_opened(self, message: QueueList.Opened) -> None:
        self.opened.append(message.patient)

    @property
    def rows(self) -> QueueList:
        return self.query_one(QueueList)


def with_new(entry: QueueEntry, patient: str) -> QueueEntry:
    item = replace(entry.row.items[0], patient=patient, task=f"task-{patient}")
    return replace(
        entry,
        row=replace(entry.row, patient=patient, items=(item,)),
        person=replace(entry.person, id=patient),
    )


def line_of_cursor(rows: QueueList) -> int:
    assert rows.cursor_index is not None
    return rows.cursor_index - rows.scroll_offset.y


async def test_new_rows_above_never_move_the_cursor_off_its_patient() -> None:
    entries = many(100)
    app = ListApp(entries)
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.press("pagedown", "pagedown", "down")
        rows = app.rows
        patient, line = rows.current, line_of_cursor(rows)
        rows.show([with_new(entries[0], f"n{i}") for i in range(3)] + entries, SCENE)
        await pilot.pause()
        assert patient is not None and rows.current == patient
        assert line_of_cursor(rows) == line
        assert rows.new_above == 3


async def test_another_order_keeps_the_cursor_on_its_patient() -> None:
    entries = many(30)
    app = ListApp(entries)
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.press("down", "down")
        app.rows.show(entries[::-1], SCENE)
        await pilot.pause()
        assert app.rows.current == entries[2]
        assert app.rows.cursor_index == 27


async def test_going_to_the_new_ones_takes_them_from_the_top() -> None:
    entries = many(10)
    app = ListApp(entries)
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.press("end")
        app.rows.show(
            [with_new(entries[0], "n1"), entries[0], with_new(entries[0], "n2"), *entries[1:]], SCENE
        )
        await pilot.pause()
        assert app.rows.new_above == 2
        app.rows.go_to_new()
        assert app.rows.current is not None and app.rows.current.row.patient == "n1"
        assert app.rows.new_above == 0


async def test_a_patient_with_a_new_alert_counts_as_new() -> None:
    entries = many(10)
    app = ListApp(entries)
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.press("end")
        more = replace(entries[0].row.items[0], task="another")
        worse = replace(entries[0], row=replace(entries[0].row, items=(more, *entries[0].row.items)))
        app.rows.show([worse, *entries[1:]], SCENE)
        assert app.rows.new_above == 1


async def test_the_next_row_gets_the_cursor_when_its_patient_is_done() -> None:
    entries = many(10)
    app = ListApp(entries)
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.press("down", "down")
        app.rows.show(entries[:2] + entries[3:], SCENE)
        assert app.rows.current == entries[3]
        app.rows.show([], SCENE)
        assert app.rows.current is None
        await pilot.press("down")
        assert app.rows.current is None


async def test_keys_and_the_mouse_move_and_a_double_click_opens() -> None:
    entries = many(200)
    app = ListApp(entries)
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.press("end")
        assert app.rows.cursor_index == 199
        await pilot.press("home", "down")
        assert app.rows.current == entries[1]
        await pilot.click(QueueList, offset=(5, 3))
        assert app.opened == []
        await pilot.click(QueueList, offset=(5, 4), times=2)
        assert app.opened == [entries[4].row.patient]


async def test_only_the_lines_on_the_screen_are_ever_drawn() -> None:
    app = ListApp(many(5000))
    async with app.run_test(size=(100, 20)) as pilot:
        for _ in range(5):
            await pilot.press("pagedown")
        assert len(app.rows._drawn) <= 20


async def test_a_resize_keeps_the_patient_and_keeps_her_in_view() -> None:
    app = ListApp(many(100))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("pagedown", "down", "down")
        patient = app.rows.current
        for size in ((80, 12), (140, 40), (100, 30)):
            await pilot.resize_terminal(*size)
            for _look in range(100):  # the list scrolls when it has been laid out anew
                await pilot.pause()
                if app.rows.size.height == size[1] and 0 <= line_of_cursor(app.rows) < size[1]:
                    break
            assert app.rows.current == patient
            assert 0 <= line_of_cursor(app.rows) < app.rows.size.height == size[1]
