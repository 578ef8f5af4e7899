"""Which interaction a call is, by its method and path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from fhir_r4.readings_feed.entries import MEDIA_TYPE as READINGS_TYPE
from followup_server.bundles import batches
from followup_server.http import interactions, listings
from followup_server.http.calls import FHIR_JSON, Answer, Answering, Call
from followup_server.http.capability import capability_statement
from followup_server.http.server import Server
from followup_server.problems import NotFound, NotSupported
from followup_server.raw_json import encode
from followup_server.readings_feed import NAME as READINGS
from followup_server.readings_feed.interaction import readings
from followup_server.resource_types import ID_FORM, STORABLE_TYPES
from followup_server.storage.stored import Written
from followup_server.writing.writes import WriteSession


@dataclass(frozen=True, slots=True)
class Interaction:
    """One of FHIR's interactions, by its code (http://hl7.org/fhir/R4/valueset-restful-interaction.html)."""

    code: str
    handle: Answering
    media_type: str = FHIR_JSON
    """Of its answer."""
    is_heavy: bool = False
    """Whether it works a second or so for its answer: `Server.heavy` holds for it."""


Methods: TypeAlias = Mapping[str, Interaction]
"""Interactions of a path by their method."""


def _writing(code: str, write: Callable[[WriteSession, Call], Written]) -> Interaction:
    def handle(server: Server, call: Call) -> Answer:
        return interactions.write_alone(server, write, call)

    return Interaction(code, handle)


def _metadata(server: Server, call: Call) -> Answer:
    return Answer(200, encode(capability_statement(call.base, server.auth, server.clock())))


def _bundle(server: Server, call: Call) -> Answer:
    return batches.process(server, call, _answer_in_bundle)


_BASE: Final[Methods] = {
    "GET": Interaction("search-system", listings.search),
    "POST": Interaction("bundle", _bundle),
}
_SYSTEM_SEARCH: Final[Methods] = {"POST": Interaction("search-system", listings.post_search)}
_READINGS: Final[Methods] = {"GET": Interaction("operation", readings, READINGS_TYPE, is_heavy=True)}
_METADATA: Final[Methods] = {"GET": Interaction("capabilities", _metadata)}
_SYSTEM_HISTORY: Final[Methods] = {"GET": Interaction("history-system", listings.history)}
_TYPE: Final[Methods] = {
    "GET": Interaction("search-type", listings.search),
    "POST": _writing("create", interactions.create),
    "PUT": _writing("update-conditional", interactions.conditional_update),
}
_TYPE_SEARCH: Final[Methods] = {"POST": Interaction("search-type", listings.post_search)}
_TYPE_HISTORY: Final[Methods] = {"GET": Interaction("history-type", listings.history)}
_INSTANCE: Final[Methods] = {
    "GET": Interaction("read", interactions.read),
    "PUT": _writing("update", interactions.update),
    "PATCH": _writing("patch", interactions.patch),
    "DELETE": _writing("delete", interactions.delete),
}
_INSTANCE_HISTORY: Final[Methods] = {"GET": Interaction("history-instance", listings.history)}
_VERSION: Final[Methods] = {"GET": Interaction("vread", interactions.vread)}


def answer(server: Server, call: Call) -> Answer:
    """Do what a call asks for. Raises FhirProblem."""
    return _interaction(call).handle(server, call)


def _answer_in_bundle(server: Server, call: Call) -> Answer:
    interaction = _interaction(call)
    if interaction.media_type != FHIR_JSON:
        raise NotSupported("What isn't answered in JSON can't be asked for in a bundle; ask for it alone.")
    return interaction.handle(server, call)


def _interaction(call: Call) -> Interaction:
    methods = _methods(call.segments)
    interaction = methods.get(_without_head(call.method))
    if interaction is None:
        raise NotSupported(f"{call.method} isn't possible here; {', '.join(sorted(methods))} is.")
    return interaction


def allowed_methods(segments: tuple[str, ...]) -> str:
    """The methods of a path, for the header Allow."""
    return ", ".join(sorted(_methods(segments)))


def named(method: str, segments: tuple[str, ...]) -> tuple[str, str]:
    """The type and the interaction's code of a call, for the log: empty where there is none."""
    interaction = interaction_of(method, segments)
    type_name = (
        segments[0] if _methods_if_any(segments) and segments and segments[0] in STORABLE_TYPES else ""
    )
    return type_name, "" if interaction is None else interaction.code


def interaction_of(method: str, segments: tuple[str, ...]) -> Interaction | None:
    """Which one a call is; none where there is nothing of the kind."""
    return _methods_if_any(segments).get(_without_head(method))


def _methods_if_any(segments: tuple[str, ...]) -> Methods:
    try:
        return _methods(segments)
    except NotFound:
        return {}


def _without_head(method: str) -> str:
    return "GET" if method == "HEAD" else method


def _methods(segments: tuple[str, ...]) -> Methods:
    match segments:
        case ():
            return _BASE
        case ("metadata",):
            return _METADATA
        case (name,) if name == READINGS:
            return _READINGS
        case ("_history",):
            return _SYSTEM_HISTORY
        case ("_search",):
            return _SYSTEM_SEARCH
        case (type_name, *rest) if type_name in STORABLE_TYPES:
            return _type_methods(rest)
    raise NotFound("There is nothing at this address; see metadata for what there is.")


def _type_methods(rest: list[str]) -> Methods:
    match rest:
        case []:
            return _TYPE
        case ["_search"]:
            return _TYPE_SEARCH
        case ["_history"]:
            return _TYPE_HISTORY
        case [logical] if ID_FORM.fullmatch(logical):
            return _INSTANCE
        case [logical, "_history"] if ID_FORM.fullmatch(logical):
            return _INSTANCE_HISTORY
        case [logical, "_history", _] if ID_FORM.fullmatch(logical):
            return _VERSION
    raise NotFound("There is nothing at this address; see metadata for what there is.")
