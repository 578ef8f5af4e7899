"""What an entry of a batch or transaction asks for, and the entry that answers it."""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from followup_server.http.calls import Answer, Call
from followup_server.moments import format_micros
from followup_server.problems import InvalidContent
from followup_server.raw_json import Raw, encode
from followup_server.writing.json_patch import MEDIA_TYPE

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
READS: Final = frozenset(("GET", "HEAD"))

_HEADERS: Final = {
    "ifNoneExist": "if-none-exist",
    "ifMatch": "if-match",
    "ifNoneMatch": "if-none-match",
}


def call_of(call: Call, entry: Raw, place: int) -> Call:
    """The call that an entry stands for; `call` is the bundle's own.

    Raises InvalidContent naming the element at fault.
    """
    request = entry.get("request")
    element = f"Bundle.entry[{place}].request"
    if not isinstance(request, dict):
        raise InvalidContent(f"{element} is missing.", element=element)
    method, url = request.get("method"), request.get("url")
    if not isinstance(method, str) or method not in METHODS:
        known = ", ".join(METHODS)
        raise InvalidContent(f"{element}.method is none of {known}.", element=f"{element}.method")
    if not isinstance(url, str) or not url:
        raise InvalidContent(f"{element}.url is missing.", element=f"{element}.url")
    parts = _parts(url.removeprefix(call.base + "/").removeprefix("/"), element)
    headers = {
        header: str(request[name]) for name, header in _HEADERS.items() if isinstance(request.get(name), str)
    }
    resource = entry.get("resource")
    body = b""
    if method == "PATCH":
        headers["content-type"], body, resource = MEDIA_TYPE, _patch(resource, place), None
    elif method in ("POST", "PUT") and not isinstance(resource, dict) and not parts[0].endswith("_search"):
        raise InvalidContent(f"Bundle.entry[{place}].resource is missing.", element=f"Bundle.entry[{place}]")
    return Call(
        method=method,
        segments=tuple(unquote(segment) for segment in parts[0].rstrip("/").split("/")),
        query=tuple(parse_qsl(parts[1], keep_blank_values=True)),
        headers=headers,
        base=call.base,
        body=body,
        resource=resource if isinstance(resource, dict) else None,
        limits=call.limits,
    )


def _parts(url: str, element: str) -> tuple[str, str]:
    """Path and query of an entry's URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise InvalidContent(f"{element}.url is no URL.", element=f"{element}.url") from None
    return parts.path, parts.query


def _patch(resource: object, place: int) -> bytes:
    """The JSON Patch in a Binary, which is how a bundle carries one (http://hl7.org/fhir/R4/http.html#patch)."""
    element = f"Bundle.entry[{place}].resource"
    if not isinstance(resource, dict) or resource.get("resourceType") != "Binary":
        raise InvalidContent(f"{element} isn't a Binary with the patch.", element=element)
    if resource.get("contentType") != MEDIA_TYPE:
        raise InvalidContent(f"{element}.contentType isn't {MEDIA_TYPE}.", element=f"{element}.contentType")
    data = resource.get("data")
    try:
        return base64.b64decode(data if isinstance(data, str) else "-", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidContent(f"{element}.data isn't base64.", element=f"{element}.data") from None


def answering_entry(answer: Answer, *, full: bool) -> bytes:
    """An entry of the response bundle; with the resource written only if `full`."""
    response: Raw = {"status": f"{answer.status} {HTTPStatus(answer.status).phrase}"}
    location = answer.headers.get("Location") or answer.headers.get("Content-Location")
    if location is not None:
        response["location"] = location
    if answer.stored is not None:
        response["etag"] = answer.stored.etag
        response["lastModified"] = format_micros(answer.stored.updated)
    is_written = location is not None
    if answer.status >= 400 and answer.body is not None:
        return b'{"response":%s,"outcome":%s}}' % (encode(response)[:-1], answer.body)
    if answer.body is not None and (full or not is_written):
        return b'{"resource":%s,"response":%s}' % (answer.body, encode(response))
    return b'{"response":%s}' % encode(response)
