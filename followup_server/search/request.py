"""What a search asks for, read from its parameters: conditions, order, page, form of the answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from followup_server.problems import NotAcceptable, UnknownParameter
from followup_server.resource_types import RESOURCE_TYPES, STORABLE_TYPES
from followup_server.search.conditions import Condition, conditions_of, safe_name
from followup_server.search.order import KeyValue, SortKey, read_cursor, sort_keys
from followup_server.search.params import Kind, Param, params_of

DEFAULT_COUNT: Final = 100
LARGEST_COUNT: Final = 1000

CONTROLS = frozenset(
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
    iterate: bool = False
    """Whether to follow it from what has been included too."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search, understood."""

    type_names: tuple[str, ...]
    conditions: tuple[Condition, ...]
    keys: tuple[SortKey, ...]
    count: int
    after: tuple[KeyValue, ...] | None
    elements: frozenset[str] | None
    only_count: bool
    with_total: bool
    includes: tuple[Include, ...]
    revincludes: tuple[Include, ...]


def read_request(
    type_name: str, params: Iterable[tuple[str, str]], base: str, largest: int = LARGEST_COUNT
) -> SearchRequest:
    """Understand a search on one type; `largest` is the largest page to be had.

    Raises UnknownParameter for what isn't known, NotFound for a page.
    """
    return _read((type_name,), params, base, largest)


def read_system_request(
    params: Iterable[tuple[str, str]], base: str, largest: int = LARGEST_COUNT
) -> SearchRequest:
    """Understand a search on the types that `_type` names, by the parameters that they share.

    Raises as `read_request`, and UnknownParameter where no types are named.
    """
    rest = list(params)
    named = [value for name, value in rest if name == "_type"]
    type_names = tuple(dict.fromkeys(",".join(named).split(",")))
    if not named or not STORABLE_TYPES.issuperset(type_names):
        raise UnknownParameter("A search over several types names them: _type=Task,DetectedIssue.")
    return _read(type_names, [(name, value) for name, value in rest if name != "_type"], base, largest)


def _read(
    type_names: tuple[str, ...], params: Iterable[tuple[str, str]], base: str, largest: int
) -> SearchRequest:
    filters: list[tuple[str, str]] = []
    controls: dict[str, list[str]] = {}
    for name, value in params:
        if name.partition(":")[0] in CONTROLS:
            controls.setdefault(name, []).append(value)
        else:
            filters.append((name, value))
    included = {name: controls.pop(name) for name in list(controls) if "include" in name}
    single = {name: _single(name, values) for name, values in controls.items()}
    check_format(single.get("_format"))
    keys = sort_keys(type_names, single.get("_sort"))
    count = read_count(single.get("_count"), largest)
    page = single.get("_page")
    return SearchRequest(
        type_names=type_names,
        conditions=tuple(conditions_of(type_names, filters, base)),
        keys=keys,
        count=count,
        after=None if page is None else read_cursor(page, keys),
        elements=read_elements(single.get("_elements")),
        only_count=_only_count(single.get("_summary")) or count == 0,
        with_total=_total(single.get("_total")),
        includes=_includes("_include", included, type_names),
        revincludes=_includes("_revinclude", included, None),
    )


def check_format(value: str | None) -> None:
    """Raises NotAcceptable if `_format` asks for anything but JSON."""
    if value is not None and value not in _JSON_FORMATS:
        raise NotAcceptable("This server writes JSON only: _format=json.")


def _single(name: str, values: list[str]) -> str:
    if name not in CONTROLS:
        raise UnknownParameter(f"The parameter {safe_name(name)} has a modifier that isn't known here.")
    if name in ("_sort", "_elements"):
        return ",".join(values)
    if len(values) > 1:
        raise UnknownParameter(f"The parameter {name} may be given once only.")
    return values[0]


def read_count(value: str | None, largest: int = LARGEST_COUNT) -> int:
    """How many results a page may have, at most `largest`. Raises UnknownParameter."""
    if value is None:
        return min(DEFAULT_COUNT, largest)
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise UnknownParameter("The parameter _count takes a whole number from 0.")
    return min(int(value), largest)


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


def _includes(
    name: str, controls: dict[str, list[str]], sources: tuple[str, ...] | None
) -> tuple[Include, ...]:
    """All of `_include` or `_revinclude`, with `:iterate` and without; `sources`: where it may begin."""
    if not controls.keys() <= {f"{kind}include{rest}" for kind in ("_", "_rev") for rest in ("", ":iterate")}:
        raise UnknownParameter("The parameters _include and _revinclude have no modifier but :iterate here.")
    plain = [_include(value, sources, iterate=False) for value in controls.get(name, [])]
    return (*plain, *(_include(value, None, iterate=True) for value in controls.get(f"{name}:iterate", [])))


def _include(value: str, sources: tuple[str, ...] | None, *, iterate: bool) -> Include:
    source, _, rest = value.partition(":")
    name, _, target = rest.partition(":")
    param = params_of(source).get(name) if source in RESOURCE_TYPES else None
    if param is None or param.kind is not Kind.REFERENCE or (target and target not in RESOURCE_TYPES):
        raise UnknownParameter(
            f"{safe_name(value)} can't be included; give Type:parameter of a reference, like Task:focus."
        )
    if sources is not None and source not in sources:
        begins = " or ".join(f"{one}:" for one in sources)
        raise UnknownParameter(f"_include of a search for {', '.join(sources)} begins with {begins}.")
    return Include(source, param, target or None, iterate)
