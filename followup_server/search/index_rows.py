"""Keeping the search tables, and finding whose compartment a logical reference points to."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from followup_server.search.indexing import Indexed
from followup_server.storage import schema

_ROW = schema.resource.c
_TOKEN = schema.token.c
_REFERENCE = schema.reference.c


def drop_index_rows(connection: Connection, rid: int) -> None:
    """Forget all search values of a resource beside those in its own row."""
    for table in schema.INDEX_TABLES:
        connection.execute(delete(table).where(table.c.rid == rid))


IndexRows = tuple[
    list[tuple[object, ...]], list[tuple[object, ...]], list[tuple[object, ...]], list[tuple[object, ...]]
]


def index_rows(rid: int, found: Indexed) -> IndexRows:
    """Rows for the tables token, reference, moment and text, values in the order of their columns."""
    return (
        [(rid, *one) for one in found.tokens],
        [(rid, one[0], place, *one[1:]) for place, one in enumerate(found.references)],
        [(rid, *one) for one in _widest(found.moments)],
        [(rid, *one) for one in found.texts],
    )


def _widest(moments: set[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Of ranges that begin together the longest: a parameter's rows are told apart by their beginning."""
    longest = {(param, low): (param, low, high) for param, low, high in sorted(moments)}
    return list(longest.values())


def resolve_patient(connection: Connection, found: Indexed) -> str | None:
    """The Patient whom a logical reference means: the only one with that identifier, or none."""
    for param, _, system, number in found.references:
        if param == "patient" and number is not None:
            wanted = (
                select(_ROW.id)
                .join(schema.token, _TOKEN.rid == _ROW.rid)
                .where(_TOKEN.param == "identifier", _TOKEN.value == number, _TOKEN.system == (system or ""))
                .where(_ROW.type == "Patient", _ROW.deleted.is_(False))
                .limit(2)
            )
            patients = connection.execute(wanted).scalars().all()
            if len(patients) == 1:
                return str(patients[0])
    return None


def resolve_waiting(connection: Connection, patient: str, found: Indexed) -> bool:
    """Take resources that came before their Patient, by a logical reference, into her compartment."""
    adopted = False
    for param, system, number in found.tokens:
        if param != "identifier":
            continue
        waiting = select(_REFERENCE.rid).where(
            _REFERENCE.value == number, _REFERENCE.param == "patient", _REFERENCE.system == system
        )
        changed = connection.execute(
            update(schema.resource)
            .where(_ROW.rid.in_(waiting), _ROW.patient.is_(None), _ROW.deleted.is_(False))
            .values(patient=patient)
        )
        adopted = adopted or changed.rowcount > 0
    return adopted
