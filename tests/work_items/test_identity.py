from __future__ import annotations

from uuid import UUID, uuid5

from work_items import ItemCode, no_plan, other_task_uuid, repeated, task_uuid

NAMESPACE = UUID("6f1d3a52-58a1-5c0e-9d0b-6a1f6c6b7e11")


def test_an_item_about_an_episode_is_named_by_it_and_counted() -> None:
    assert task_uuid("e-1", 2) == str(uuid5(NAMESPACE, "task/e-1/2"))


def test_other_items_are_named_by_their_code_and_what_they_are_about() -> None:
    message = "urn:uuid:7b1c6d0e-0000-4000-8000-000000000001"

    assert other_task_uuid(ItemCode.MESSAGE, message, 1) == str(uuid5(NAMESPACE, f"task/message/{message}/1"))
    assert other_task_uuid(ItemCode.TECHNICAL, no_plan("p1"), 1) == str(
        uuid5(NAMESPACE, "task/technical/no-plan/p1/1")
    )
    assert other_task_uuid(ItemCode.ALERT, repeated("p1", "spo2"), 3) == str(
        uuid5(NAMESPACE, "task/alert/repeated/p1/spo2/3")
    )
