"""Canonical JSON, by which one of two readings with the same id and version is chosen.

Source: RFC 8785 (members sorted by UTF-16 code units, the shortest escapes), except that each number is
written as a string with exactly six decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from threshold_engine.numbers import as_number, six_decimals

_DEEPEST: Final = 64
"""No device sends values nested this deep; below it everything counts as equal."""


def canonical(raw: object, depth: int = 0) -> str:
    """A JSON value as canonical text."""
    if raw is None or isinstance(raw, bool):
        return "null" if raw is None else "true" if raw else "false"
    number = as_number(raw)
    if number is not None:
        return f'"{six_decimals(number)}"'
    if isinstance(raw, Mapping) and depth < _DEEPEST:
        members = sorted(raw.items(), key=lambda member: str(member[0]).encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(str(k))}:{canonical(v, depth + 1)}" for k, v in members) + "}"
    if isinstance(raw, list | tuple) and depth < _DEEPEST:
        return "[" + ",".join(canonical(item, depth + 1) for item in raw) + "]"
    return _text(raw) if isinstance(raw, str) else '""'


def _text(text: str) -> str:
    import json  # noqa: PLC0415 - few readings are ever written down to be compared

    # The standard library's escapes are those of RFC 8785 where non-ASCII is let through.
    return json.dumps(text, ensure_ascii=False)
