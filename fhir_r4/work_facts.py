"""What FHIR's Task has no element for, in an extension of ours: `…/work-item` with one part for each fact.

Parts: `what` (string), `n` (positiveInt), `kind` (code), `mark` (code, any number), `earlier-outcome` (code),
`shelved-at` (instant), `shelved-band` (code), `absorbed` (uri, any number), `opened-at` (instant: when the
message that it is about was first opened). Parts unknown to us are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeAlias

from fhir_r4 import systems
from fhir_r4.raw import Raw, extension_of, members, text_at, with_extension

Fact: TypeAlias = Literal[
    "what", "n", "kind", "mark", "earlier-outcome", "shelved-at", "shelved-band", "absorbed", "opened-at"
]

_MEMBER: Final[Mapping[Fact, str]] = {
    "what": "valueString",
    "n": "valuePositiveInt",
    "kind": "valueCode",
    "mark": "valueCode",
    "earlier-outcome": "valueCode",
    "shelved-at": "valueInstant",
    "shelved-band": "valueCode",
    "absorbed": "valueUri",
    "opened-at": "valueInstant",
}


def texts(raw: Raw, fact: Fact) -> list[str]:
    """All values of a fact that are texts."""
    return [value for value in _values(raw, fact) if isinstance(value, str)]


def text(raw: Raw, fact: Fact) -> str | None:
    """The first value of a fact, or none."""
    return next(iter(texts(raw, fact)), None)


def number(raw: Raw, fact: Fact) -> int | None:
    """The first value of a fact that is a whole number, or none."""
    found = (value for value in _values(raw, fact) if isinstance(value, int) and not isinstance(value, bool))
    return next(found, None)


def with_facts(raw: Raw, facts: Mapping[Fact, Sequence[str | int]]) -> Raw:
    """A copy of a Task with these facts in place of what it said of them; an empty list takes one away."""
    extension = extension_of(raw, systems.WORK_ITEM) or {}
    kept: list[object] = [
        part for part in members(extension.get("extension")) if text_at(part, "url") not in facts
    ]
    said: list[object] = [
        {"url": fact, _MEMBER[fact]: value} for fact, values in facts.items() for value in values
    ]
    parts = kept + said
    return with_extension(raw, systems.WORK_ITEM, {**extension, "extension": parts} if parts else None)


def _values(raw: Raw, fact: Fact) -> list[object]:
    extension = extension_of(raw, systems.WORK_ITEM) or {}
    found = members(extension.get("extension"))
    return [part[_MEMBER[fact]] for part in found if part.get("url") == fact and _MEMBER[fact] in part]
