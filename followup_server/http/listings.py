"""Interactions that answer with many resources: search by GET and POST, histories."""

from __future__ import annotations

from urllib.parse import parse_qsl

from followup_server.bundles.writer import history_entry, search_entry, write_bundle
from followup_server.http.calls import Answer, Call
from followup_server.http.server import Server
from followup_server.moments import EARLIEST, range_of
from followup_server.problems import InvalidContent, UnknownParameter, UnsupportedMediaType
from followup_server.search.conditions import safe_name
from followup_server.search.page_links import Params, link, seal, unsealed, with_page
from followup_server.search.request import (
    DEFAULT_COUNT,
    check_format,
    read_count,
    read_request,
    read_system_request,
)

_FORM = "application/x-www-form-urlencoded"


def search(server: Server, call: Call) -> Answer:
    """`GET Type?…`, and `GET ?_type=Task,DetectedIssue&…` for several types by what they have in common."""
    params, sealed = unsealed(call.query, server.store.page_key)
    return _searched(server, call, params, sealed=sealed)


def post_search(server: Server, call: Call) -> Answer:
    """`POST Type/_search`, `POST _search`: the parameters in the body, in the URL, or both."""
    form: Params = ()
    if call.body:
        if call.content_type() != _FORM:
            raise UnsupportedMediaType(f"A search by POST takes a body of type {_FORM}.")
        try:
            form = tuple(parse_qsl(call.body.decode(), keep_blank_values=True))
        except ValueError:
            raise InvalidContent("The body isn't a form of parameters.") from None
    return _searched(server, call, call.query + form, sealed=True)


def _searched(server: Server, call: Call, params: Params, *, sealed: bool) -> Answer:
    """`sealed`: whether the parameters came in a body, so that they must not be seen in a link."""
    types = [one for one in call.segments if one != "_search"]
    request = (
        read_request(types[0], params, call.base, call.limits.page_size)
        if types
        else read_system_request(params, call.base, call.limits.page_size)
    )
    page = server.store.answer(request, seconds=call.limits.search_seconds)
    url = "/".join([call.base, *types])
    links = [("self", f"{url}/_search" if sealed else link(url, params))]
    if page.next_page is not None:
        after = with_page(params, page.next_page)
        if sealed:
            after = (("_page", seal(after, server.store.page_key)),)
        links.append(("next", link(url, after)))
    entries = [search_entry(stored, call.base, "match", request.elements) for stored in page.matches]
    entries += [search_entry(stored, call.base, "include", request.elements) for stored in page.included]
    return Answer(200, write_bundle("searchset", entries, total=page.total, links=links))


def history(server: Server, call: Call) -> Answer:
    """`GET Type/id/_history`, `GET Type/_history` and `GET _history`, newest first."""
    params = dict(call.query)
    for name in params:
        if name not in ("_since", "_count", "_page", "_format", "_pretty"):
            raise UnknownParameter(f"A history has no parameter {safe_name(name)} here.")
    check_format(params.get("_format"))
    largest = call.limits.page_size
    count = read_count(params.get("_count"), largest) or min(DEFAULT_COUNT, largest)
    found = server.store.history(
        *(*call.segments[:-1], None, None)[:2],
        since=_since(params.get("_since")),
        before=_before(params.get("_page")),
        count=count + 1,
        seconds=call.limits.search_seconds,
    )
    url = "/".join([call.base, *call.segments])
    links = [("self", link(url, call.query))]
    if len(found) > count:
        found = found[:count]
        links.append(("next", link(url, with_page(call.query, str(found[-1].updated)))))
    entries = [history_entry(stored, call.base) for stored in found]
    total = len(found) if len(links) == 1 and "_page" not in params else None
    return Answer(200, write_bundle("history", entries, total=total, links=links))


def _since(value: str | None) -> int:
    if value is None:
        return EARLIEST
    try:
        return range_of(value.replace(" ", "+"))[0]
    except ValueError:
        raise UnknownParameter("The parameter _since takes an instant like 2026-01-31T07:15:00Z.") from None


def _before(value: str | None) -> int | None:
    if value is None:
        return None
    if not (value.isascii() and value.removeprefix("-").isdigit() and len(value) < 19):
        raise UnknownParameter("That page isn't to be had; ask for the history again.")
    return int(value)
