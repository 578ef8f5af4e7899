"""The order of search results, and the place in it where a page ends: keyset paging, stable with ties."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec
from sqlalchemy import ColumnElement, and_, func, or_, select

from followup_server.moments import EARLIEST, LATEST
from followup_server.problems import NotFound, UnknownParameter
from followup_server.search.conditions import Condition, safe_name
from followup_server.search.params import Kind, Param, common_params
from followup_server.storage import schema

KeyValue: TypeAlias = int | str

_ROW = schema.resource.c
_LAST_TEXT: Final = "\U0010fffd"  # behind every other text: values that are missing come last
_CURSOR = msgspec.json.Decoder(list[int | str])


@dataclass(frozen=True, slots=True)
class SortKey:
    """One thing that results are ordered by; never null."""

    expression: ColumnElement[KeyValue]
    descending: bool
    kind: type[int] | type[str]

    def beyond(self, value: KeyValue) -> Condition:
        """What comes after `value` in this order."""
        return self.expression < value if self.descending else self.expression > value


_BY_COMMIT: Final = SortKey(_ROW.updated, False, int)


def sort_keys(type_names: tuple[str, ...], value: str | None) -> tuple[SortKey, ...]:
    """The keys for a `_sort`, ended so that no two resources are equal; without one, the order of commits."""
    keys: list[SortKey] = []
    for name in value.split(",") if value else []:
        key = _key(type_names, name.removeprefix("-"), descending=name.startswith("-"))
        keys.append(key)
        if key.expression is _ROW.updated:
            return tuple(keys)  # unique by itself
    return (*keys, _BY_COMMIT)


def _key(type_names: tuple[str, ...], name: str, *, descending: bool) -> SortKey:
    if name == "_lastUpdated":
        return SortKey(_ROW.updated, descending, int)
    if name == "_id":
        return SortKey(_ROW.id, descending, str)
    param = common_params(type_names).get(name)
    if param is None:
        raise UnknownParameter(f"{', '.join(type_names)} can't be sorted by {safe_name(name)} here.")
    column = {"patient": _ROW.patient, "status": _ROW.status, "date": _ROW.date_low}.get(param.place)
    is_date = param.kind is Kind.DATE
    expression = _indexed(param, descending) if column is None else column
    first, last = (EARLIEST, LATEST) if is_date else ("", _LAST_TEXT)
    missing: KeyValue = first if descending else last
    return SortKey(func.coalesce(expression, missing), descending, int if is_date else str)


def _indexed(param: Param, descending: bool) -> ColumnElement[KeyValue]:
    """The least (or, descending, greatest) of the values that a resource has for a parameter."""
    column: ColumnElement[KeyValue] = {
        Kind.TOKEN: schema.token.c.value,
        Kind.URI: schema.token.c.value,
        Kind.REFERENCE: schema.reference.c.target,
        Kind.DATE: schema.moment.c.low,
        Kind.STRING: schema.text.c.folded,
    }[param.kind]
    table = {
        Kind.DATE: schema.moment,
        Kind.REFERENCE: schema.reference,
        Kind.STRING: schema.text,
    }.get(param.kind, schema.token)
    one = func.max(column) if descending else func.min(column)
    wanted = select(one).where(table.c.rid == _ROW.rid, table.c.param == param.index_key)
    return wanted.scalar_subquery()


def after(keys: Sequence[SortKey], values: Sequence[KeyValue]) -> Condition:
    """The condition for everything behind the row whose keys have these values."""
    steps: list[Condition] = []
    for place, key in enumerate(keys):
        equal = [earlier.expression == values[at] for at, earlier in enumerate(keys[:place])]
        steps.append(and_(*equal, key.beyond(values[place])))
    return or_(*steps)


def write_cursor(values: Sequence[KeyValue]) -> str:
    """The end of a page as an opaque text for its next link."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(values))).rstrip(b"=").decode("ascii")


def read_cursor(text: str, keys: Sequence[SortKey]) -> tuple[KeyValue, ...]:
    """The values in a next link. Raises NotFound if the link isn't one of ours: walk again from the start."""
    try:
        values = _CURSOR.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        values = []
    impossible = any(abs(value) >= 2**63 if isinstance(value, int) else "\0" in value for value in values)
    if impossible or [type(value) for value in values] != [key.kind for key in keys]:
        raise NotFound("That page isn't to be had; search again from the start.")
    return tuple(values)
