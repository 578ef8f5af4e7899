"""Whether new readings could be ones that are known already, though these aren't at hand.

A reading is known by its resource's first identifier, so the index of identifiers tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, func, select

from fhir_r4.raw import Raw, members, text_at
from followup_server.search.indexing import kept
from followup_server.storage import schema

_ROW = schema.resource.c
_TOKEN = schema.token.c
_MANY: Final = 400


def is_odd(raw: Raw) -> bool:
    """Whether the ids of its readings don't tell where the identifier's system, its value, and the part of
    the resource begin and end: then two resources could have one id without sharing an identifier."""
    return any("#" in system + value or "|" in system for system, value in _identifiers(raw))


def shared(connection: Connection, fresh: Mapping[str, Sequence[Raw]]) -> set[str]:
    """Those patients of whose new resources (by patient) one has an identifier that another has too."""
    wanted = {
        (patient, kept(system), kept(value))
        for patient, resources in fresh.items()
        for raw in resources
        for system, value in _identifiers(raw)
    }
    values = sorted({value for _, _, value in wanted})
    found: set[str] = set()
    for at in range(0, len(values), _MANY):
        query = (
            select(_ROW.patient, _TOKEN.system, _TOKEN.value)
            .join(schema.resource, _ROW.rid == _TOKEN.rid)
            .where(_TOKEN.param == "identifier", _TOKEN.value.in_(values[at : at + _MANY]))
            .where(_ROW.type == "Observation", _ROW.deleted.is_(False), _ROW.patient.in_(sorted(fresh)))
            .group_by(_ROW.patient, _TOKEN.system, _TOKEN.value)
            .having(func.count() > 1)
        )
        found |= {row[0] for row in connection.execute(query) if tuple(row) in wanted}
    return found


def _identifiers(raw: Raw) -> Iterable[tuple[str, str]]:
    if raw["resourceType"] != "Observation":
        return
    for identifier in members(raw.get("identifier")):
        value = text_at(identifier, "value")
        if value:
            yield text_at(identifier, "system") or "", value
