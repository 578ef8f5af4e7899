"""Search parameters that filter, as SQL conditions on the table `resource`.

Several values with commas are alternatives, a parameter given several times narrows. Unknown parameters,
modifiers and ill-formed values are refused: ignoring one would show more patients than were asked for.
Source: http://hl7.org/fhir/R4/search.html.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select

from followup_server.moments import range_of
from followup_server.problems import UnknownParameter
from followup_server.resource_types import ID_FORM, RESOURCE_TYPES
from followup_server.search.indexing import fold, kept
from followup_server.search.params import Kind, Param, common_params
from followup_server.storage import schema

Condition = ColumnElement[bool]

_ROW = schema.resource.c
_TOKEN, _REFERENCE, _MOMENT, _TEXT = (
    schema.token.c,
    schema.reference.c,
    schema.moment.c,
    schema.text.c,
)
_ESCAPED = re.compile(r"\\([,|$\\])")
_PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")


def conditions_of(
    type_names: tuple[str, ...], params: Iterable[tuple[str, str]], base: str
) -> list[Condition]:
    """SQL conditions for all filtering parameters of a search on one type, or on several.

    `base` is the server's own FHIR base, taken off absolute references to it.
    Raises UnknownParameter naming the parameter at fault.
    """
    known = common_params(type_names)
    return [_condition(type_names, known, name, value, base) for name, value in params]


def _condition(
    type_names: tuple[str, ...], known: Mapping[str, Param], name: str, value: str, base: str
) -> Condition:
    bare, _, modifier = name.partition(":")
    if value == "":
        raise UnknownParameter(f"The search parameter {safe_name(name)} has no value.")
    if "\0" in value:
        raise UnknownParameter(f"The search parameter {safe_name(name)} has a character that no text has.")
    alternatives = split_values(value)
    if bare == "_id" and not modifier:
        return _ROW.id.in_(alternatives)
    if bare == "_lastUpdated" and not modifier:
        return or_(*(_last_updated(one) for one in alternatives))
    param = known.get(bare)
    if param is None:
        who = f"{type_names[0]} has" if len(type_names) == 1 else "These types together have"
        there_are = ", ".join(sorted(["_id", "_lastUpdated", *known]))
        raise UnknownParameter(f"{who} no search parameter {safe_name(bare)} here; there are {there_are}.")
    if modifier == "missing":
        return _missing(param, value)
    return _BY_KIND[param.kind](param, modifier, alternatives, base)


def safe_name(name: str) -> str:
    """A parameter's name as it can be repeated in a message."""
    return "".join(char for char in name[:40] if char.isalnum() or char in "-_.:")


def split_values(value: str, at: str = ",") -> list[str]:
    """A value's parts between commas (or another sign), but not where a backslash stands before one."""
    parts, current, escaped = [], "", False
    for char in value:
        if char == at and not escaped:
            parts.append(current)
            current = ""
        else:
            current += char
        escaped = char == "\\" and not escaped
    return [*parts, current]


def unescaped(value: str) -> str:
    """The value as it is meant: `\\,`, `\\|`, `\\$` and `\\\\` stand for the sign itself."""
    return _ESCAPED.sub(r"\1", value)


def _refuse_modifier(param: Param, modifier: str) -> UnknownParameter:
    return UnknownParameter(
        f"The search parameter {param.name} has no modifier {safe_name(modifier)} on this server."
    )


def _tokens(param: Param, modifier: str, values: Sequence[str], _base: str) -> Condition:
    if modifier not in ("", "not"):
        raise _refuse_modifier(param, modifier)
    if param.place == "status":
        codes = [kept(value.rpartition("|")[2]) for value in values]
        found = and_(_ROW.status.is_not(None), _ROW.status.in_(codes))
    else:
        found = or_(*(_token(param, value) for value in values))
    return not_(found) if modifier else found


def _token(param: Param, value: str) -> Condition:
    system, code = _coding(value)
    if system is None:
        matches = _TOKEN.value == code
    elif not code:
        matches = _TOKEN.system == system
    else:
        matches = and_(_TOKEN.value == code, _TOKEN.system == system)
    return _ROW.rid.in_(select(_TOKEN.rid).where(_TOKEN.param == param.index_key, matches))


def _coding(value: str) -> tuple[str | None, str]:
    """System and code of `system|code`; no system where there is no bar."""
    first, *rest = split_values(value, "|")
    system = kept(unescaped(first))
    return (system, kept(unescaped("|".join(rest)))) if rest else (None, system)


def _uris(param: Param, modifier: str, values: Sequence[str], _base: str) -> Condition:
    if modifier:
        raise _refuse_modifier(param, modifier)
    wanted = select(_TOKEN.rid).where(
        _TOKEN.param == param.index_key, _TOKEN.value.in_([kept(unescaped(value)) for value in values])
    )
    return _ROW.rid.in_(wanted)


def _references(param: Param, modifier: str, values: Sequence[str], base: str) -> Condition:
    if modifier == "identifier":
        return or_(*(_logical_reference(param, value) for value in values))
    if modifier and modifier not in RESOURCE_TYPES:
        raise _refuse_modifier(param, modifier)
    targets = [target for value in values for target in _targets(param, modifier, value, base)]
    found = _ROW.rid.in_(
        select(_REFERENCE.rid).where(_REFERENCE.target.in_(targets), _REFERENCE.param == param.index_key)
    )
    if param.place != "patient":
        return found
    patients = [target[8:] for target in targets if target.startswith("Patient/")]
    if len(patients) == len(targets):
        return _ROW.patient.in_(patients)
    return or_(_ROW.patient.in_(patients), found)


def _targets(param: Param, type_name: str, value: str, base: str) -> list[str]:
    if value.startswith(base + "/"):
        value = value[len(base) + 1 :]
    if "/" in value or ":" in value:
        return [kept(value)]
    if not ID_FORM.fullmatch(value):
        raise UnknownParameter(f"The search parameter {param.name} takes Type/id or an id.")
    return [f"{target}/{value}" for target in ((type_name,) if type_name else param.targets)]


def _logical_reference(param: Param, value: str) -> Condition:
    system, number = _coding(value)
    wanted = select(_REFERENCE.rid).where(_REFERENCE.param == param.index_key, _REFERENCE.value == number)
    if system is not None:
        wanted = wanted.where(_REFERENCE.system == system)
    return _ROW.rid.in_(wanted)


def _strings(param: Param, modifier: str, values: Sequence[str], _base: str) -> Condition:
    compare: dict[str, Callable[[str], Condition]] = {
        "": lambda value: _TEXT.folded.startswith(fold(value), autoescape=True),
        "contains": lambda value: _TEXT.folded.contains(fold(value), autoescape=True),
        "exact": lambda value: _TEXT.exact == kept(value),
    }
    if modifier not in compare:
        raise _refuse_modifier(param, modifier)
    matches = or_(*(compare[modifier](unescaped(value)) for value in values))
    return _ROW.rid.in_(select(_TEXT.rid).where(_TEXT.param == param.index_key, matches))


def _dates(param: Param, modifier: str, values: Sequence[str], _base: str) -> Condition:
    if modifier:
        raise _refuse_modifier(param, modifier)
    if param.place == "date":
        return or_(*(_date(param.name, value, _ROW.date_low, _ROW.date_high) for value in values))
    matches = or_(*(_date(param.name, value, _MOMENT.low, _MOMENT.high) for value in values))
    return _ROW.rid.in_(select(_MOMENT.rid).where(_MOMENT.param == param.index_key, matches))


def _prefixed(name: str, value: str) -> tuple[str, str, int, int]:
    prefix, rest = (value[:2], value[2:]) if value[:2] in _PREFIXES else ("eq", value)
    rest = rest.replace(" ", "+")  # a plus that was not encoded in the URL
    try:
        low, high = range_of(rest)
    except ValueError:
        raise UnknownParameter(
            f"The search parameter {name} takes a date like 2026-01-31 or 2026-01-31T07:15:00Z,"
            f" behind eq, ne, gt, lt, ge, le, sa, eb or ap."
        ) from None
    return prefix, rest, low, high


def _date(
    name: str, value: str, stored_low: ColumnElement[int], stored_high: ColumnElement[int]
) -> Condition:
    prefix, _, low, high = _prefixed(name, value)
    within = and_(stored_low >= low, stored_high <= high)
    if prefix == "ap":
        slack = 43_200_000_000
        return and_(stored_low < high + slack, stored_high > low - slack)
    by_prefix: dict[str, Condition] = {
        "eq": within,
        "ne": not_(within),
        "gt": stored_high > high,
        "lt": stored_low < low,
        # the lower bound by itself lets the index serve the common case: ge includes what begins within
        "ge": or_(stored_low >= low, stored_high > high),
        "le": or_(stored_high <= high, stored_low < low),
        "sa": stored_low >= high,
        "eb": stored_high <= low,
    }
    return by_prefix[prefix]


def _last_updated(value: str) -> Condition:
    """With a time of day it is a point, so that who polls `gt` with a stamp cut short loses nothing."""
    prefix, text, low, high = _prefixed("_lastUpdated", value)
    above = low + 1 if "T" in text else high
    by_prefix: dict[str, Condition] = {
        "eq": and_(_ROW.updated >= low, _ROW.updated < high),
        "ne": or_(_ROW.updated < low, _ROW.updated >= high),
        "gt": _ROW.updated >= above,
        "sa": _ROW.updated >= above,
        "lt": _ROW.updated < low,
        "eb": _ROW.updated < low,
        "ge": _ROW.updated >= low,
        "le": _ROW.updated < high,
        "ap": and_(_ROW.updated >= low, _ROW.updated < high),
    }
    return by_prefix[prefix]


def _missing(param: Param, value: str) -> Condition:
    if value not in ("true", "false"):
        raise UnknownParameter(f"The search parameter {param.name}:missing takes true or false.")
    present = _present(param)
    return not_(present) if value == "true" else present


def _present(param: Param) -> Condition:
    if param.place == "status":
        return _ROW.status.is_not(None)
    if param.place == "date":
        return _ROW.date_low.is_not(None)
    indexed = _ROW.rid.in_(_rids(param))
    return or_(_ROW.patient.is_not(None), indexed) if param.place == "patient" else indexed


def _rids(param: Param) -> Select[tuple[int]]:
    table = {
        Kind.TOKEN: schema.token,
        Kind.URI: schema.token,
        Kind.REFERENCE: schema.reference,
        Kind.DATE: schema.moment,
        Kind.STRING: schema.text,
    }[param.kind]
    return select(table.c.rid).where(table.c.param == param.index_key)


_BY_KIND: dict[Kind, Callable[[Param, str, Sequence[str], str], Condition]] = {
    Kind.TOKEN: _tokens,
    Kind.URI: _uris,
    Kind.REFERENCE: _references,
    Kind.STRING: _strings,
    Kind.DATE: _dates,
}
