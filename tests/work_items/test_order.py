from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from threshold_engine import Change, Episode, Level
from work_items import Band, Item, ItemCode, ItemState, Mark, item_order, order_rows

NOW = 1_000_000


def episode(patient: str, *, cleared: int | None = None) -> Episode:
    changes = (
        Change(1, Level.RED, "o1"),
        *(() if cleared is None else (Change(cleared, Level.GREEN, "o2"),)),
    )
    reason = None if cleared is None else "reading"
    return Episode(f"e-{patient}", patient, "r", 1, Level.RED, Level.RED, cleared, reason, changes)  # type: ignore[arg-type]


def item(
    patient: str,
    band: Band = Band.RED,
    respond_by: int = NOW,
    *,
    task: str = "t",
    about: Episode | None = None,
) -> Item:
    return Item(
        task=f"{patient}-{task}",
        patient=patient,
        code=ItemCode.ALERT,
        what="e",
        band=band,
        raised=1,
        respond_by=respond_by,
        episode=about,
    )


def patients(items: list[Item], news2: dict[str, int | None] | None = None) -> list[str]:
    return [row.patient for row in order_rows(items, news2 or {}, NOW)]


def test_the_worst_band_comes_first() -> None:
    items = [item("blue", Band.BLUE, 1), item("red", Band.RED, 9), item("yellow", Band.YELLOW, 2)]

    assert patients(items) == ["red", "yellow", "blue"]


def test_what_still_stands_comes_before_what_is_over() -> None:
    over = item("a", respond_by=1, about=episode("a", cleared=5))
    stands = item("b", respond_by=2, about=episode("b"))

    assert patients([over, stands]) == ["b", "a"]


def test_only_items_of_the_rows_band_say_whether_it_stands_and_by_when() -> None:
    over = item("a", respond_by=5, about=episode("a", cleared=5))
    lesser = item("a", Band.YELLOW, 1, task="u", about=episode("a"))
    stands = item("b", respond_by=9, about=episode("b"))

    first, second = order_rows([over, lesser, stands], {}, NOW)

    assert (first.patient, first.standing, first.respond_by) == ("b", True, 9)
    assert (second.patient, second.standing, second.respond_by) == ("a", False, 5)


def test_a_withdrawn_alert_no_longer_stands() -> None:
    withdrawn = replace(item("a", about=episode("a")), marks=frozenset({Mark.WITHDRAWN}))

    (row,) = order_rows([withdrawn], {}, NOW)

    assert not row.standing
    assert row.items[0].level is Level.GREEN


def test_the_earliest_respond_by_comes_first_and_past_it_is_overdue() -> None:
    first, second, third = order_rows(
        [item("a", respond_by=NOW + 1), item("b", respond_by=NOW), item("c", respond_by=NOW - 1)], {}, NOW
    )

    assert [(row.patient, row.overdue) for row in (first, second, third)] == [
        ("c", True),
        ("b", False),
        ("a", False),
    ]


def test_then_news2_then_the_number_of_items_then_the_id_by_code_point() -> None:
    items = [item("å"), item("b"), item("a"), item("Z"), item("n"), item("m"), item("m", Band.BLUE, task="u")]

    assert patients(items, {"n": 5, "b": None, "a": 0}) == ["n", "m", "Z", "a", "b", "å"]


def test_shelved_hidden_closed_and_tracking_items_count_in_no_step() -> None:
    listed = item("a", Band.BLUE)
    shelved = replace(
        item("a", task="s"), state=ItemState.ON_HOLD, shelved_until=NOW + 1, shelved_at=5, band=Band.RED
    )
    hidden = replace(item("a", task="h"), code=ItemCode.FOLLOW_UP, hidden_until=NOW + 1, raised=NOW + 1)
    closed = replace(item("a", task="c"), state=ItemState.COMPLETED)
    tracking = replace(item("a", task="e"), code=ItemCode.ESCALATION)
    alone = replace(item("b"), state=ItemState.ON_HOLD, shelved_until=NOW + 1, shelved_at=5)

    (row,) = order_rows([listed, shelved, hidden, closed, tracking, alone], {}, NOW)

    assert (row.rank, row.patient, row.band, row.items) == (1, "a", Band.BLUE, (listed,))


def test_what_was_put_off_is_listed_from_its_instant_on() -> None:
    shelved = replace(item("a"), state=ItemState.ON_HOLD, shelved_until=NOW, shelved_at=5)
    hidden = replace(item("b"), code=ItemCode.FOLLOW_UP, hidden_until=NOW, raised=NOW)

    assert patients([shelved, hidden]) == ["a", "b"]


def test_a_rows_items_go_by_band_respond_by_and_task() -> None:
    items = [
        item("a", Band.YELLOW, 1, task="y"),
        item("a", Band.RED, 5, task="c"),
        item("a", Band.RED, 5, task="b"),
        item("a", Band.RED, 4, task="d"),
    ]

    (row,) = order_rows(items, {}, NOW)

    assert [one.task for one in row.items] == ["a-d", "a-b", "a-c", "a-y"]


def test_an_empty_queue_has_no_rows() -> None:
    assert order_rows([], {"a": 3}, NOW) == []


any_item = st.builds(
    lambda patient, band, by, task, over: item(
        patient, band, by, task=str(task), about=episode(patient, cleared=5 if over else None)
    ),
    st.sampled_from("abcæ"),
    st.sampled_from(Band),
    st.integers(NOW - 2, NOW + 2),
    st.integers(0, 5),
    st.booleans(),
)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(
    items=st.lists(any_item, unique_by=lambda one: one.task),
    news2=st.dictionaries(st.sampled_from("abcæ"), st.none() | st.integers(0, 20)),
    data=st.data(),
)
def test_the_order_is_total_and_does_not_depend_on_how_items_come(
    items: list[Item], news2: dict[str, int | None], data: st.DataObject
) -> None:
    rows = order_rows(items, news2, NOW)
    shuffled = data.draw(st.permutations(items))

    assert order_rows(shuffled, news2, NOW) == rows
    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    assert sorted(one.task for row in rows for one in row.items) == sorted(one.task for one in items)
    assert all(list(row.items) == sorted(row.items, key=item_order) for row in rows)
