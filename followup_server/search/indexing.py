"""What a resource is found by: its search values, taken out of the raw JSON."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from followup_server.moments import EARLIEST, LATEST, Micros, range_of
from followup_server.raw_json import Raw
from followup_server.search.params import Kind, Param, indexed_params_of

_PATIENT = "Patient/"
_LONGEST = 300
_BEGINNING = 200
_VERSION_SUFFIX = re.compile(r"/_history/[^/]+$")


@dataclass(slots=True)
class Indexed:
    """The search values of one resource."""

    patient: str | None = None
    status: str | None = None
    date_low: Micros | None = None
    date_high: Micros | None = None
    tokens: set[tuple[str, str, str]] = field(default_factory=set)
    """Parameter, system (empty where there is none), value."""
    references: list[tuple[str, str | None, str | None, str | None]] = field(default_factory=list)
    """Parameter, target, and system and value of a logical reference."""
    moments: set[tuple[str, Micros, Micros]] = field(default_factory=set)
    texts: set[tuple[str, str, str]] = field(default_factory=set)
    """Parameter, folded, exact."""


def fold(text: str) -> str:
    """Text without case and accents, as string parameters are compared: its first 300 characters."""
    text = text[:_LONGEST].replace("\0", "")
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))[:_LONGEST]


def kept(value: str) -> str:
    """A value as the search tables keep it and as it is looked for.

    Without NUL, which PostgreSQL's text can't hold. A long one, which its indexes can't hold, is its
    beginning and its digest, so that it is still equal to itself alone.
    """
    if len(value) <= _LONGEST and "\0" not in value:
        return value
    value = value.replace("\0", "")
    if len(value) <= _LONGEST:
        return value
    digest = hashlib.blake2b(value.encode(), digest_size=16).hexdigest()
    return f"{value[:_BEGINNING]}…{digest}"


def index(raw: Raw) -> Indexed:
    """Take the search values out of a resource; what isn't of the right form is left out."""
    found = Indexed()
    type_name = str(raw["resourceType"])
    for param in indexed_params_of(type_name):
        for path in param.paths:
            for value in _values(raw, path):
                _ADD[param.kind](found, param, value)
    if type_name == "Patient":
        found.patient = str(raw["id"])
    return found


def _values(raw: Raw, path: tuple[str, ...]) -> Iterable[object]:
    first = raw.get(path[0])
    if first is None:
        return ()
    if len(path) == 1 and not isinstance(first, list):
        return (first,)
    values: list[object] = first if isinstance(first, list) else [first]
    for member in path[1:]:
        below: list[object] = []
        for value in values:
            inner = value.get(member) if isinstance(value, dict) else None
            if isinstance(inner, list):
                below.extend(inner)
            elif inner is not None:
                below.append(inner)
        values = below
    return values


def _add_token(found: Indexed, param: Param, value: object) -> None:
    if param.place == "status":
        found.status = kept(value) if isinstance(value, str) else None
    elif isinstance(value, bool):
        found.tokens.add((param.index_key, "", "true" if value else "false"))
    elif isinstance(value, str):
        found.tokens.add((param.index_key, "", kept(value)))
    elif isinstance(value, dict):
        codings = value.get("coding")
        for coding in codings if isinstance(codings, list) else (value,):
            if isinstance(coding, dict):
                _add_coding(found, param, coding)


def _add_coding(found: Indexed, param: Param, coding: Raw) -> None:
    system, value = coding.get("system"), coding.get("code", coding.get("value"))
    if isinstance(value, str):
        found.tokens.add((param.index_key, kept(system) if isinstance(system, str) else "", kept(value)))


def _add_reference(found: Indexed, param: Param, value: object) -> None:
    if not isinstance(value, dict):
        return
    target, identifier = value.get("reference"), value.get("identifier")
    target = kept(_VERSION_SUFFIX.sub("", target)) if isinstance(target, str) else None
    if param.place == "patient" and target is not None and target.startswith(_PATIENT):
        found.patient = target[len(_PATIENT) :]
        return
    system, number = None, None
    if isinstance(identifier, dict):
        system, number = _text(identifier.get("system")), _text(identifier.get("value"))
    if target is not None or number is not None:
        found.references.append((param.index_key, target, system, number))


def _text(value: object) -> str | None:
    return kept(value) if isinstance(value, str) else None


def _add_date(found: Indexed, param: Param, value: object) -> None:
    span = _span(value)
    if span is None:
        return
    if param.place == "date":
        found.date_low, found.date_high = span
    else:
        found.moments.add((param.index_key, *span))


def _span(value: object) -> tuple[Micros, Micros] | None:
    if isinstance(value, str):
        return _range(value)
    if not isinstance(value, dict):
        return None
    start, end = _range(value.get("start")), _range(value.get("end"))
    if start is None and end is None:
        return None
    return (start[0] if start else EARLIEST, end[1] if end else LATEST)


def _range(value: object) -> tuple[Micros, Micros] | None:
    if not isinstance(value, str):
        return None
    try:
        return range_of(value)
    except ValueError:
        return None


def _add_string(found: Indexed, param: Param, value: object) -> None:
    if isinstance(value, str):
        found.texts.add((param.index_key, fold(value), kept(value)))


def _add_uri(found: Indexed, param: Param, value: object) -> None:
    if isinstance(value, str):
        found.tokens.add((param.index_key, "", kept(value)))


_ADD = {
    Kind.TOKEN: _add_token,
    Kind.REFERENCE: _add_reference,
    Kind.DATE: _add_date,
    Kind.STRING: _add_string,
    Kind.URI: _add_uri,
}
