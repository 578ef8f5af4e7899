"""Work items and episodes: joined whichever comes first, local until the server has them, found by prefix."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from local_store import AmbiguousTask, NoSuchTask
from local_store.store import Store
from threshold_engine import Level
from work_items import Band, ItemCode, ItemState, Mark


@pytest.mark.parametrize("task_first", [True, False])
def test_an_item_finds_its_episode_by_focus(store: Store, make: SimpleNamespace, task_first: bool) -> None:
    episode = make.episode()
    item = replace(make.item(episode), episode=None)
    issue, task = make.kept("DetectedIssue", "d1"), make.kept("Task", "t1", "3")
    with store.write() as tx:
        if task_first:
            tx.put_item(item, task, focus="DetectedIssue/d1")
            tx.put_episode(episode, issue)
        else:
            tx.put_episode(episode, issue)
            tx.put_item(item, task, focus="DetectedIssue/d1")
        found = tx.item(item.task)
        assert tx.episodes_of("p1")[0].reference == "DetectedIssue/d1"
    assert found is not None
    assert found.item == replace(item, episode=episode)
    assert (found.reference, found.version, found.focus) == ("Task/t1", "3", "DetectedIssue/d1")


def test_a_nurses_change_keeps_the_base_of_the_task(store: Store, make: SimpleNamespace) -> None:
    item = make.item(make.episode())
    with store.write() as tx:
        tx.put_item(item, make.kept("Task", "t1", "3", identifier=item.task), "DetectedIssue/d1")
        tx.put_item(replace(item, state=ItemState.IN_PROGRESS, owner="Practitioner/k"))
        found, raw = tx.item(item.task), tx.resource_by_identifier(item.task, "Task")
    assert found is not None
    assert (found.item.owner, found.reference, found.version) == ("Practitioner/k", "Task/t1", "3")
    assert found.focus == "DetectedIssue/d1"
    assert raw is not None
    assert raw == make.kept("Task", "t1", "3", identifier=item.task)


def test_an_updated_episode_shows_in_its_items(store: Store, make: SimpleNamespace) -> None:
    episode = make.episode()
    with store.write() as tx:
        tx.put_item(make.item(episode))
        tx.put_episode(replace(episode, cleared=make.now, reason="reading"))
        found = tx.item(make.item(episode).task)
    assert found is not None
    assert found.item.level is Level.GREEN


def test_a_local_item_becomes_the_servers_by_its_equal_id(store: Store, make: SimpleNamespace) -> None:
    local = make.item(make.episode(), local=True)
    with store.write() as tx:
        tx.put_item(local)
        assert [one.item.task for one in tx.local_items()] == [local.task]
        tx.put_item(replace(local, local=False), make.kept("Task", "t1"), "DetectedIssue/d1")
        assert tx.local_items() == []
        assert [one.reference for one in tx.items_of("p1")] == ["Task/t1"]


def test_two_tasks_with_one_identifier_are_one_item(store: Store, make: SimpleNamespace) -> None:
    item = make.item(make.episode())
    taken = replace(item, owner="Practitioner/k")
    for order in ([("a", item), ("b", taken)], [("b", taken), ("a", item)]):
        with store.write() as tx:
            tx.drop_item(item.task)
            for logical_id, one in order:
                tx.put_item(one, make.kept("Task", logical_id), "DetectedIssue/d1")
            found = tx.items_of("p1")
        assert [(one.reference, one.item.owner) for one in found] == [("Task/a", None)]


def test_dropped_items_and_episodes_are_gone(store: Store, make: SimpleNamespace) -> None:
    item = make.item(make.episode())
    with store.write() as tx:
        tx.put_item(item)
        tx.drop_item(item.task)
        tx.drop_episode(item.what)
        assert tx.item(item.task) is None
        assert tx.episode(item.what) is None


def test_every_member_of_an_item_is_kept(store: Store, make: SimpleNamespace) -> None:
    item = make.item(
        make.episode(),
        band=Band.YELLOW,
        state=ItemState.COMPLETED,
        owner="Practitioner/k",
        owned_since=1,
        touched=True,
        hidden_until=2,
        shelved_until=3,
        shelved_because="ferie",
        outcome="contacted",
        closed_at=4,
        earlier_outcome="advice-given",
        marks=frozenset({Mark.AGAIN, Mark.REPEATED}),
        kind="limit",
        code=ItemCode.TECHNICAL,
    )
    with store.write() as tx:
        tx.put_item(item)
        found = tx.item(item.task)
        assert tx.items_of("p1") == []
        assert [one.item for one in tx.items_of("p1", closed_since=4)] == [item]
        assert tx.items_of("p1", closed_since=5) == []
    assert found is not None
    assert found.item == item


def test_a_task_is_found_by_a_unique_beginning(store: Store, make: SimpleNamespace) -> None:
    episode = make.episode()
    tasks = ["aaaa1111-0000-4000-8000-000000000000", "aaaa2222-0000-4000-8000-000000000000"]
    with store.write() as tx:
        for task in tasks:
            tx.put_item(make.item(episode, task=task))
    assert store.find_task("AAAA1").item.task == tasks[0]
    assert store.find_task(f" urn:uuid:{tasks[1]}\n").item.task == tasks[1]
    with pytest.raises(AmbiguousTask):
        store.find_task("aaaa")
    for text in ("", "b", "aaaa1111-0000-4000-8000-0000000000009", "%", "_"):
        with pytest.raises(NoSuchTask):
            store.find_task(text)
