"""The operation over HTTP."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from fhir_r4.readings_feed import encode
from fhir_r4.readings_feed.entries import MEDIA_TYPE
from followup_server.calls import Answer, Call
from followup_server.problems import UnknownParameter
from followup_server.query_time import at_most
from followup_server.readings_feed.cursor import FeedCursor, Filters, read_cursor
from followup_server.readings_feed.pages import page_of
from followup_server.resource_types import ID_FORM
from followup_server.search_conditions import safe_name
from followup_server.server import Server

_BOOLEANS: Final = {"true": True, "false": False}


def readings(server: Server, call: Call) -> Answer:
    """`GET $readings?date=…&patient=…&ids=…` for a snapshot, `GET $readings?after=…` for what comes next.

    Raises UnknownParameter, NotFound for a cursor that isn't ours, Gone for one that is too old,
    TooCostly where it takes longer than a search may.
    """
    filters, cursor = _asked(call)
    with server.store.reading() as connection, at_most(connection, call.limits.search_seconds):
        page = page_of(connection, _database(server), filters, cursor)
    return Answer(200, encode(page), {"Content-Type": MEDIA_TYPE})


def _asked(call: Call) -> tuple[Filters, FeedCursor | None]:
    given: dict[str, str] = {}
    for name, value in call.query:
        if name not in ("after", "date", "patient", "ids"):
            raise UnknownParameter(f"$readings has no parameter {safe_name(name)}.")
        if name in given:
            raise UnknownParameter(f"The parameter {name} may be given once only.")
        given[name] = value
    if "after" in given:
        if len(given) > 1:
            raise UnknownParameter("The parameter after holds what was asked for before; give it alone.")
        cursor = read_cursor(given["after"])
        return cursor.filters, cursor
    if given.get("ids", "true") not in _BOOLEANS:
        raise UnknownParameter("The parameter ids takes true or false.")
    patient = given.get("patient")
    if patient is not None:
        patient = patient.removeprefix("Patient/")
        if not ID_FORM.fullmatch(patient):
            raise UnknownParameter("The parameter patient takes one logical id.")
    return Filters(given.get("date"), patient, _BOOLEANS[given.get("ids", "true")]), None


def _database(server: Server) -> str:
    """What tells this database from others: made from a key that never leaves it."""
    return sha256(b"readings feed" + server.store.page_key).hexdigest()[:16]
