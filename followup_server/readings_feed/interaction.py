"""The operation over HTTP."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from fhir_r4.readings_feed import encode
from fhir_r4.readings_feed.entries import MEDIA_TYPE
from followup_server.http.calls import Answer, Call
from followup_server.http.server import Server
from followup_server.problems import UnknownParameter
from followup_server.readings_feed.cursor import FeedCursor, Filters, read_cursor
from followup_server.readings_feed.pages import page_of
from followup_server.resource_types import ID_FORM
from followup_server.search.conditions import safe_name
from followup_server.search.query_time import at_most

_PART_FORM: Final = re.compile(r"([0-9]{1,2})-([0-9]{1,2})")
_MOST_PARTS: Final = 16
_BOOLEANS: Final = {"true": True, "false": False}


def readings(server: Server, call: Call) -> Answer:
    """`GET $readings?date=…&patient=…&ids=…&part=…` for a snapshot, `GET $readings?after=…` for what comes
    next.

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
        if name not in ("after", "date", "patient", "ids", "part"):
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
    part, parts = _part(given.get("part", "1-1"))
    filters = Filters(
        given.get("date"), _patients(given.get("patient")), _BOOLEANS[given.get("ids", "true")], part, parts
    )
    return filters, None


def _patients(given: str | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    patients = sorted({one.removeprefix("Patient/") for one in given.split(",")})
    if not all(map(ID_FORM.fullmatch, patients)):
        raise UnknownParameter("The parameter patient takes logical ids, with commas between them.")
    return tuple(patients)


def _part(given: str) -> tuple[int, int]:
    """Which part, from 0, and of how many."""
    found = _PART_FORM.fullmatch(given)
    part, parts = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= part <= parts <= _MOST_PARTS:
        raise UnknownParameter(f"The parameter part takes 1-4 for the first of four; at most {_MOST_PARTS}.")
    return part - 1, parts


def _database(server: Server) -> str:
    """What tells this database from others: made from a key that never leaves it."""
    return sha256(b"readings feed" + server.store.page_key).hexdigest()[:16]
