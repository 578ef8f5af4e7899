"""What a search asks for, read from its parameters: conditions, order, page, form of the answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from followup_server.problems import NotAcceptable, UnknownParameter
from followup_server.resource_types import RESOURCE_TYPES
from followup_server.search_conditions import Condition, conditions_of, safe_name
from followup_server.search_order import KeyValue, SortKey, read_cursor, sort_keys
from followup_server.search_params import Kind, Param, params_of

DEFAULT_COUNT: Final = 100
LARGEST_COUNT: Final = 1000

_CONTROLS = frozenset(
    (
        "_sort",
        "_count",
        "_page",
        "_elements",
        "_summary",
        "_total",
        "_format",
        "_pretty",
        "_include",
        "_revinclude",
    )
)
_JSON_FORMATS = ("json", "application/json", "application/fhir+json", "application/fhir json")


@dataclass(frozen=True, slots=True)
class Include:
    """A reference to follow: from resources of `source`, by its parameter, to all or one type."""

    source: str
    param: Param
    target: str | None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search, understood."""

    type_name: str
    conditions: tuple[Condition, ...]
    keys: tuple[SortKey, ...]
    count: int
    after: tuple[KeyValue, ...] | None
    elements: frozenset[str] | None
    only_count: bool
    with_total: bool
    includes: tuple[Include, ...]
    revincludes: tuple[Include, ...]


def read_request(type_name: str, params: Iterable[tuple[str, str]], base: str) -> SearchRequest:
    """Understand a search's parameters. Raises UnknownParameter for what isn't known, NotFound for a page."""
    filters: list[tuple[str, str]] = []
    controls: dict[str, list[str]] = {}
    for name, value in params:
        if name in _CONTROLS:
            controls.setdefault(name, []).append(value)
        else:
            filters.append((name, value))
    single = {name: _single(name, values) for name, values in controls.items() if "include" not in name}
    check_format(single.get("_format"))
    keys = sort_keys(type_name, single.get("_sort"))
    count = read_count(single.get("_count"))
    page = single.get("_page")
    return SearchRequest(
        type_name=type_name,
        conditions=tuple(conditions_of(type_name, filters, base)),
        keys=keys,
        count=count,
        after=None if page is None else read_cursor(page, keys),
        elements=read_elements(single.get("_elements")),
        only_count=_only_count(single.get("_summary")) or count == 0,
        with_total=_total(single.get("_total")),
        includes=tuple(_include(value, type_name) for value in controls.get("_include", [])),
        revincludes=tuple(_include(value, None) for value in controls.get("_revinclude", [])),
    )


def check_format(value: str | None) -> None:
    """Raises NotAcceptable if `_format` asks for anything but JSON."""
    if value is not None and value not in _JSON_FORMATS:
        raise NotAcceptable("This server writes JSON only: _format=json.")


def _single(name: str, values: list[str]) -> str:
    if name in ("_sort", "_elements"):
        return ",".join(values)
    if len(values) > 1:
        raise UnknownParameter(f"The parameter {name} may be given once only.")
    return values[0]


def read_count(value: str | None) -> int:
    """How many results a page may have. Raises UnknownParameter."""
    if value is None:
        return DEFAULT_COUNT
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise UnknownParameter("The parameter _count takes a whole number from 0.")
    return min(int(value), LARGEST_COUNT)


def read_elements(value: str | None) -> frozenset[str] | None:
    """The top-level elements that `_elements` asks for; none where all are wanted."""
    if value is None:
        return None
    names = [name.strip().rpartition(".")[2] for name in value.split(",")]
    if not all(name.isidentifier() for name in names):
        raise UnknownParameter("The parameter _elements takes names of elements, with commas between.")
    return frozenset(names) | {"resourceType", "id", "meta"}


def _only_count(value: str | None) -> bool:
    if value not in (None, "count", "false"):
        raise UnknownParameter("The parameter _summary takes count or false on this server.")
    return value == "count"


def _total(value: str | None) -> bool:
    if value not in (None, "none", "estimate", "accurate"):
        raise UnknownParameter("The parameter _total takes none, estimate or accurate.")
    return value in ("estimate", "accurate")


def _include(value: str, source_wanted: str | None) -> Include:
    source, _, rest = value.partition(":")
    name, _, target = rest.partition(":")
    param = params_of(source).get(name) if source in RESOURCE_TYPES else None
    if param is None or param.kind is not Kind.REFERENCE or (target and target not in RESOURCE_TYPES):
        raise UnknownParameter(
            f"{safe_name(value)} can't be included; give Type:parameter of a reference, like Task:focus."
        )
    if source_wanted is not None and source != source_wanted:
        raise UnknownParameter(f"_include of a search for {source_wanted} begins with {source_wanted}:.")
    return Include(source, param, target or None)
