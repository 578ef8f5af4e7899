"""JSON Patch (RFC 6902) on a resource, by the library jsonpatch: what isn't of its form, what doesn't fit the
resource and what would break it are told apart, and a patch can't make a resource grow without bound.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Final

from jsonpatch import JsonPatch, JsonPatchException, JsonPatchTestFailed
from jsonpointer import JsonPointerException

from fhir_r4.raw import Raw
from followup_server.http.received import read_json
from followup_server.problems import Conflict, InvalidContent, TooLarge, Unprocessable

MEDIA_TYPE: Final = "application/json-patch+json"
LARGEST_PATCH: Final = 200
"""Operations of one patch."""
LARGEST_RESULT: Final = 20_000
"""Values in a resource under a patch: each copy could double it."""

_MEMBERS: Final = {
    "add": "value",
    "replace": "value",
    "test": "value",
    "move": "from",
    "copy": "from",
    "remove": None,
}
_POINTER: Final = re.compile(r"(?:/(?:[^/~]|~[01])*)*")
_STEP: Final = re.compile(r"[A-Za-z]+|\d+|-")


def read_patch(body: bytes, deepest: int) -> list[Raw]:
    """The operations of a patch. Raises InvalidJson, InvalidContent naming the operation, TooLarge."""
    operations = read_json(body, deepest)
    if not isinstance(operations, list):
        raise InvalidContent("A JSON Patch is a list of operations.")
    if len(operations) > LARGEST_PATCH:
        raise TooLarge(f"A JSON Patch may have {LARGEST_PATCH} operations here; put the resource instead.")
    for place, operation in enumerate(operations):
        _check_form(operation, f"[{place}]")
    return operations


def patched(raw: Raw, operations: Sequence[Raw], deepest: int) -> Raw:
    """The resource with all operations applied, at most `deepest` levels deep; `raw` stays as it was.

    Raises Conflict where one doesn't fit the resource, Unprocessable where it wouldn't be the same resource,
    TooLarge where it would become too large to patch.
    """
    type_name = str(raw["resourceType"])
    result: object = deepcopy(raw)
    for place, operation in enumerate(operations):
        element = _element(type_name, str(operation["path"]))
        try:
            result = JsonPatch([operation]).apply(result, in_place=True)
        except JsonPatchTestFailed:
            raise Conflict(f"The test of operation {place} fails.", element=element) from None
        except (JsonPatchException, JsonPointerException):
            raise Conflict(f"Operation {place} doesn't fit the resource as it is.", element=element) from None
        if _values(result, deepest) > LARGEST_RESULT:
            raise TooLarge("The resource is too large for a patch; put it instead.", element=element)
    if not isinstance(result, dict):
        raise Unprocessable("The patch leaves no resource.", element=type_name)
    for name in ("resourceType", "id"):
        if result.get(name) != raw.get(name):
            raise Unprocessable(f"A patch can't change {name}.", element=f"{type_name}.{name}")
    return result


def _check_form(operation: object, where: str) -> None:
    if not isinstance(operation, dict) or operation.get("op") not in _MEMBERS:
        known = ", ".join(_MEMBERS)
        raise InvalidContent(f"Operation {where} of the patch is none of {known}.", element=f"{where}.op")
    pointers = ["path", "from"] if _MEMBERS[operation["op"]] == "from" else ["path"]
    for name in pointers:
        pointer = operation.get(name)
        if not isinstance(pointer, str) or not _POINTER.fullmatch(pointer):
            raise InvalidContent(
                f"Operation {where} of the patch has no {name} like /status.", element=f"{where}.{name}"
            )
    if _MEMBERS[operation["op"]] == "value" and "value" not in operation:
        raise InvalidContent(f"Operation {where} of the patch has no value.", element=f"{where}.value")
    if operation["op"] == "move" and operation["path"].startswith(operation["from"] + "/"):
        raise InvalidContent(
            f"Operation {where} of the patch moves something into itself.", element=f"{where}.path"
        )


def _element(type_name: str, pointer: str) -> str:
    """`/name/0/given` as `Patient.name[0].given`, as far as it reads like one: no content is repeated."""
    path = type_name
    for step in pointer.split("/")[1:]:
        if not _STEP.fullmatch(step):
            break
        path += f"[{step}]" if step.isdigit() else "" if step == "-" else f".{step}"
    return path


def _values(value: object, deepest: int) -> int:
    """How many values there are, with those inside; far too many where it is too deep."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if inner and deepest == 0:
        return LARGEST_RESULT + 1
    return 1 + sum(_values(one, deepest - 1) for one in inner)
