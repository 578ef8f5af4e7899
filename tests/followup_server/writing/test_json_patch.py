"""JSON Patch by RFC 6902, as far as it concerns a resource."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_r4.raw import encode
from followup_server.problems import Conflict, FhirProblem, InvalidContent, TooLarge, Unprocessable
from followup_server.writing.json_patch import LARGEST_PATCH, patched, read_patch

TASK: dict[str, Any] = {
    "resourceType": "Task",
    "id": "1",
    "status": "requested",
    "note": [{"text": "a"}, {"text": "b"}],
    "x/y": {"~": True},
}


def apply(*operations: dict[str, Any]) -> dict[str, Any]:
    return patched(TASK, read_patch(encode(list(operations)), 64), 64)


def test_each_operation_does_what_rfc_6902_says() -> None:
    changed = apply(
        {"op": "test", "path": "/x~1y/~0", "value": True},
        {"op": "add", "path": "/note/1", "value": {"text": "between"}},
        {"op": "add", "path": "/note/-", "value": {"text": "last"}},
        {"op": "remove", "path": "/note/0"},
        {"op": "replace", "path": "/status", "value": "completed"},
        {"op": "copy", "from": "/note/0", "path": "/first"},
        {"op": "move", "from": "/x~1y", "path": "/moved"},
    )

    assert changed == {
        "resourceType": "Task",
        "id": "1",
        "status": "completed",
        "note": [{"text": "between"}, {"text": "b"}, {"text": "last"}],
        "first": {"text": "between"},
        "moved": {"~": True},
    }
    assert TASK["status"] == "requested"


@pytest.mark.parametrize(
    ("operation", "error", "element"),
    [
        ({"op": "test", "path": "/note/0/text", "value": "b"}, Conflict, "Task.note[0].text"),
        ({"op": "test", "path": "/x~1y/~0", "value": 1}, Conflict, "Task"),
        ({"op": "remove", "path": "/priority"}, Conflict, "Task.priority"),
        ({"op": "replace", "path": "/note/7", "value": 1}, Conflict, "Task.note[7]"),
        ({"op": "add", "path": "/note/01", "value": 1}, Conflict, "Task.note[01]"),
        ({"op": "copy", "from": "/none", "path": "/note/-"}, Conflict, "Task.note"),
        ({"op": "replace", "path": "/id", "value": "2"}, Unprocessable, "Task.id"),
        ({"op": "remove", "path": "/resourceType"}, Unprocessable, "Task.resourceType"),
        ({"op": "replace", "path": "", "value": []}, Unprocessable, "Task"),
        ({"op": "append", "path": "/note", "value": 1}, InvalidContent, "[0].op"),
        ({"op": "add", "path": "/note"}, InvalidContent, "[0].value"),
        ({"op": "remove", "path": "note"}, InvalidContent, "[0].path"),
        ({"op": "remove", "path": "/a~2"}, InvalidContent, "[0].path"),
        ({"op": "move", "path": "/note"}, InvalidContent, "[0].from"),
        ({"op": "move", "from": "/note", "path": "/note/0"}, InvalidContent, "[0].path"),
    ],
)
def test_what_doesnt_fit_is_told_with_its_place(
    operation: dict[str, Any], error: type[FhirProblem], element: str
) -> None:
    with pytest.raises(error) as told:
        apply(operation)

    assert told.value.element == element


def test_copies_of_copies_dont_fill_the_memory() -> None:
    with pytest.raises(TooLarge):
        apply(*[{"op": "copy", "from": "", "path": f"/copy{at}"} for at in range(LARGEST_PATCH)])


def test_a_patch_makes_nothing_deeper_than_may_be_sent() -> None:
    deep: Any = "x"
    for _ in range(40):
        deep = [deep]
    with pytest.raises(TooLarge):
        apply(
            {"op": "add", "path": "/a", "value": deep}, {"op": "copy", "from": "/a", "path": "/a" + "/0" * 39}
        )


def test_a_patch_has_so_many_operations_at_most() -> None:
    with pytest.raises(TooLarge):
        apply(*[{"op": "test", "path": "/id", "value": "1"}] * (LARGEST_PATCH + 1))
