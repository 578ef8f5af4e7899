"""Bundles written from stored bytes: a page of 500 resources isn't decoded to be sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from followup_server.moments import format_micros
from followup_server.raw_json import Raw, encode
from followup_server.storage.stored import Stored

_SUBSETTED: Raw = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}


def write_bundle(
    kind: str, entries: Iterable[bytes], *, total: int | None = None, links: Sequence[tuple[str, str]] = ()
) -> bytes:
    """A Bundle of a kind (`searchset`, `history`, `batch-response` …) from entries already written."""
    head: Raw = {"resourceType": "Bundle", "type": kind}
    if total is not None:
        head["total"] = total
    if links:
        head["link"] = [{"relation": relation, "url": url} for relation, url in links]
    joined = b",".join(entries)
    if not joined:  # FHIR has no empty lists
        return encode(head)
    return encode(head)[:-1] + b',"entry":[' + joined + b"]}"


def search_entry(stored: Stored, base: str, mode: str, elements: frozenset[str] | None) -> bytes:
    """An entry of a searchset; `mode` is match or include, `elements` the only ones to send."""
    body = stored.body or b"null"
    if elements is not None:
        body = encode(only_elements(stored.raw, elements))
    return (
        b'{"fullUrl":%s,"resource":' % encode(f"{base}/{stored.reference}")
        + body
        + b',"search":{"mode":"%s"}}' % mode.encode()
    )


def only_elements(raw: Raw, elements: frozenset[str]) -> Raw:
    """The resource with these top-level elements only, tagged as incomplete."""
    kept = {name: value for name, value in raw.items() if name in elements}
    meta = kept.get("meta")
    kept_meta = dict(meta) if isinstance(meta, dict) else {}
    tags = kept_meta.get("tag")
    kept_meta["tag"] = [*(tags if isinstance(tags, list) else []), _SUBSETTED]
    kept["meta"] = kept_meta
    return kept


def history_entry(stored: Stored, base: str) -> bytes:
    """An entry of a history: a version, or a deletion without a resource."""
    method, status = ("PUT", "200 OK") if stored.version > 1 else ("POST", "201 Created")
    url = stored.type_name if method == "POST" else stored.reference
    if stored.body is None:
        method, status = "DELETE", "204 No Content"
    tail: Raw = {
        "request": {"method": method, "url": url},
        "response": {
            "status": status,
            "etag": stored.etag,
            "lastModified": format_micros(stored.updated),
        },
    }
    resource = b"" if stored.body is None else b'"resource":' + stored.body + b","
    return b'{"fullUrl":%s,' % encode(f"{base}/{stored.reference}") + resource + encode(tail)[1:]
