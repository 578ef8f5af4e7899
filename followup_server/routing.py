"""Which interaction a call is, by its method and path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from followup_server import bundles, interactions, listings
from followup_server.calls import Answer, Call
from followup_server.capability import capability_statement
from followup_server.problems import NotFound, NotSupported
from followup_server.raw_json import encode
from followup_server.resource_types import ID_FORM, STORABLE_TYPES
from followup_server.server import Server

Handler: TypeAlias = Callable[[Server, Call], Answer]


def _create(server: Server, call: Call) -> Answer:
    return interactions.write_alone(server, interactions.create, call)


def _update(server: Server, call: Call) -> Answer:
    return interactions.write_alone(server, interactions.update, call)


def _delete(server: Server, call: Call) -> Answer:
    return interactions.write_alone(server, interactions.delete, call)


def _metadata(server: Server, call: Call) -> Answer:
    return Answer(200, encode(capability_statement(call.base, server.auth, server.clock())))


def _bundle(server: Server, call: Call) -> Answer:
    return bundles.process(server, call, answer)


_BASE: Final[Mapping[str, Handler]] = {"POST": _bundle}
_METADATA: Final[Mapping[str, Handler]] = {"GET": _metadata}
_HISTORY: Final[Mapping[str, Handler]] = {"GET": listings.history}
_TYPE: Final[Mapping[str, Handler]] = {"GET": listings.search, "POST": _create}
_SEARCH: Final[Mapping[str, Handler]] = {"POST": listings.post_search}
_INSTANCE: Final[Mapping[str, Handler]] = {"GET": interactions.read, "PUT": _update, "DELETE": _delete}
_VERSION: Final[Mapping[str, Handler]] = {"GET": interactions.vread}


def answer(server: Server, call: Call) -> Answer:
    """Do what a call asks for. Raises FhirProblem."""
    handlers = _handlers(call.segments)
    method = "GET" if call.method == "HEAD" else call.method
    handler = handlers.get(method)
    if handler is None:
        raise NotSupported(f"{call.method} isn't possible here; {', '.join(sorted(handlers))} is.")
    return handler(server, call)


def allowed_methods(segments: tuple[str, ...]) -> str:
    """The methods of a path, for the header Allow."""
    return ", ".join(sorted(_handlers(segments)))


def _handlers(segments: tuple[str, ...]) -> Mapping[str, Handler]:
    match segments:
        case ():
            return _BASE
        case ("metadata",):
            return _METADATA
        case ("_history",):
            return _HISTORY
        case (type_name, *rest) if type_name in STORABLE_TYPES:
            return _type_handlers(rest)
    raise NotFound("There is nothing at this address; see metadata for what there is.")


def _type_handlers(rest: list[str]) -> Mapping[str, Handler]:
    match rest:
        case []:
            return _TYPE
        case ["_search"]:
            return _SEARCH
        case ["_history"]:
            return _HISTORY
        case [logical] if ID_FORM.fullmatch(logical):
            return _INSTANCE
        case [logical, "_history"] if ID_FORM.fullmatch(logical):
            return _HISTORY
        case [logical, "_history", _] if ID_FORM.fullmatch(logical):
            return _VERSION
    raise NotFound("There is nothing at this address; see metadata for what there is.")
