"""What a search sends along with its matches: `_include`, `_revinclude`, and with `:iterate` from those on.

Source: http://hl7.org/fhir/R4/search.html#include.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, or_, select

from followup_server.problems import TooLarge
from followup_server.search.conditions import Condition
from followup_server.search.request import Include
from followup_server.storage import schema
from followup_server.storage.stored import Stored, stored_of

LARGEST_INCLUDED: Final = 10_000
"""Resources sent along with one page."""

_ROW = schema.resource.c
_WANTED = select(_ROW.type, _ROW.id, _ROW.version, _ROW.updated, _ROW.body, _ROW.rid)
_MANY = 400


@dataclass(frozen=True, slots=True)
class Found:
    """A resource found, and its row."""

    rid: int
    stored: Stored


def included(
    connection: Connection,
    matches: Sequence[Found],
    includes: Sequence[Include],
    revincludes: Sequence[Include],
) -> tuple[Stored, ...]:
    """What goes along with the matches, each once, none of the matches themselves.

    Raises TooLarge if that is more than LARGEST_INCLUDED.
    """
    seen = {found.rid for found in matches}
    along: list[Stored] = []
    since, first = list(matches), True
    while since:
        fresh: dict[int, Found] = {}
        room = LARGEST_INCLUDED - len(along)
        for include in includes:
            if first or include.iterate:
                _keep(fresh, _referred_to(connection, include, since), seen, room)
        for include in revincludes:
            if first or include.iterate:
                _keep(fresh, _pointing(connection, include, since, room + len(seen)), seen, room)
        seen |= fresh.keys()
        along += [found.stored for found in fresh.values()]
        since, first = list(fresh.values()), False
    return tuple(along)


def _keep(fresh: dict[int, Found], more: Iterable[Found], seen: set[int], room: int) -> None:
    fresh.update({found.rid: found for found in more if found.rid not in seen})
    if len(fresh) > room:
        raise TooLarge(
            f"More than {LARGEST_INCLUDED} resources would go along; ask for a smaller page by _count."
        )


def _referred_to(connection: Connection, include: Include, since: Sequence[Found]) -> list[Found]:
    """What the resources of the include's type refer to by its parameter."""
    rids = [found.rid for found in since if found.stored.type_name == include.source]
    by_type: dict[str, list[str]] = {}
    for reference in sorted(_targets(connection, include, rids)):
        type_name, _, logical = reference.partition("/")
        by_type.setdefault(type_name, []).append(logical)
    return [
        found
        for type_name, ids in by_type.items()
        for some in _batches(ids)
        for found in _rows(connection, _WANTED.where(_ROW.type == type_name, _ROW.id.in_(some)))
    ]


def _targets(connection: Connection, include: Include, rids: Sequence[int]) -> set[str]:
    """`Type/id` of what the resources with these row ids refer to by a parameter."""
    ref = schema.reference.c
    targets: set[str] = set()
    for some in _batches(rids):
        wanted: Select[Any] = select(ref.target).where(
            ref.rid.in_(some), ref.param == include.param.index_key
        )
        targets |= {target for (target,) in connection.execute(wanted) if target is not None}
        if include.param.place == "patient":
            wanted = select(_ROW.patient).where(_ROW.rid.in_(some), _ROW.patient.is_not(None))
            targets |= {f"Patient/{patient}" for (patient,) in connection.execute(wanted)}
    kinds = (include.target,) if include.target else ()
    if include.param.name == "patient":
        kinds = ("Patient",)
    return {target for target in targets if not kinds or target.partition("/")[0] in kinds}


def _pointing(connection: Connection, include: Include, since: Sequence[Found], most: int) -> list[Found]:
    """Resources of the include's type that refer to any of these; a few more than `most` are enough."""
    ref = schema.reference.c
    found: list[Found] = []
    references = [one.stored.reference for one in since]
    if include.target is not None:
        references = [reference for reference in references if reference.startswith(f"{include.target}/")]
    for some in _batches(references):
        pointing: Condition = _ROW.rid.in_(
            select(ref.rid).where(ref.target.in_(some), ref.param == include.param.index_key)
        )
        if include.param.place == "patient":
            patients = [reference[8:] for reference in some if reference.startswith("Patient/")]
            pointing = or_(pointing, _ROW.patient.in_(patients))
        wanted = _WANTED.where(_ROW.type == include.source, pointing)
        found += _rows(connection, wanted.limit(most + 1))
    return found


def _rows(connection: Connection, wanted: Select[Any]) -> list[Found]:
    alive = wanted.where(_ROW.deleted.is_(False)).order_by(_ROW.updated)
    return [Found(row.rid, stored_of(row)) for row in connection.execute(alive)]


def _batches(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[at : at + _MANY] for at in range(0, len(values), _MANY))
