"""What a condition of a conditional create or reference matches: `identifier=system|value`, or any search."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from sqlalchemy import Connection, bindparam, select

from followup_server.problems import SeveralMatches
from followup_server.search.indexing import kept
from followup_server.search.pages import search
from followup_server.search.params import Kind, params_of
from followup_server.search.request import read_request
from followup_server.storage import schema
from followup_server.storage.stored import Stored, stored_of

_ROW = schema.resource.c
_TOKEN = schema.token.c
_BY_TOKEN: Final = (
    select(_ROW.type, _ROW.id, _ROW.version, _ROW.updated, _ROW.body)
    .join(schema.token, _TOKEN.rid == _ROW.rid)
    .where(
        _TOKEN.param == bindparam("param"),
        _TOKEN.value == bindparam("value"),
        _TOKEN.system == bindparam("system"),
        _ROW.type == bindparam("type"),
        _ROW.deleted.is_(False),
    )
    .limit(2)
)


class Token(NamedTuple):
    """A condition that is one coded value: by far the most common one, an identifier."""

    type_name: str
    param: str
    system: str
    value: str


def token_of(type_name: str, criteria: str) -> Token | None:
    """The condition as a token, or none where it is another search."""
    params = parse_qsl(criteria, keep_blank_values=True)
    if len(params) != 1:
        return None
    name, value = params[0]
    if any(sign in value for sign in ",\\\0") or value.count("|") != 1:
        return None
    param = params_of(type_name).get(name)
    if param is None or param.kind is not Kind.TOKEN or param.place != "index":
        return None
    system, _, code = value.partition("|")
    return Token(type_name, param.index_key, kept(system), kept(code)) if code else None


def one_match(connection: Connection, type_name: str, criteria: str) -> Stored | None:
    """The one resource that matches a condition as `read_criteria` gives it, or none.

    Raises SeveralMatches if there are more, UnknownParameter for what is no search.
    """
    token = token_of(type_name, criteria)
    if token is None:
        found = _searched(connection, type_name, criteria)
    else:
        wanted = {"type": type_name, "param": token.param, "system": token.system, "value": token.value}
        found = [stored_of(row) for row in connection.execute(_BY_TOKEN, wanted)]
    if len(found) > 1:
        raise SeveralMatches(f"More than one {type_name} matches the condition.")
    return found[0] if found else None


def _searched(connection: Connection, type_name: str, criteria: str) -> list[Stored]:
    params = parse_qsl(criteria, keep_blank_values=True)
    return list(search(connection, read_request(type_name, [*params, ("_count", "2")], "")).matches)
