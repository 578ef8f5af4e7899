"""What a FHIR server's good answers come to: pages, what was stored, answers to a batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fhir_r4.addresses import followed
from fhir_r4.answers import Answer, error_of, resource_in
from fhir_r4.client_errors import FhirError, NotAFhirServer
from fhir_r4.raw import Raw, child, encode, members, reference_of, text_at, version_of
from fhir_r4.references import split
from threshold_engine.model import Instant


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a search."""

    resources: tuple[Raw, ...]
    """Matches and what was included with them, in the server's order."""
    next: str | None
    """Where the next page is: an absolute URL on the same server, as given."""
    server_date: Instant | None
    total: int | None = None
    """How many match in all, where the server says."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a create or update came to."""

    reference: str
    """`<type>/<id>`."""
    version_id: str | None
    created: bool
    """False for an update, and where a conditional create found one there already."""
    raw: Raw | None
    """As the server now has it, where it says."""


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The answer to one entry of a batch."""

    status: int
    raw: Raw | None
    reference: str | None
    version_id: str | None
    error: FhirError | None
    """None where it was done."""


def page_in(answer: Answer, base: str) -> Page:
    """The page of a search's answer; its `next` link as given, on the same server or refused."""
    raw = resource_in(answer)
    if raw.get("resourceType") != "Bundle":
        raise NotAFhirServer("a search was answered with something else than a Bundle")
    links = {text_at(link, "relation"): text_at(link, "url") for link in members(raw.get("link"))}
    following, total = links.get("next"), raw.get("total")
    return Page(
        resources=tuple(_found(raw)),
        next=followed(base, following) if following else None,
        server_date=answer.date,
        total=total if isinstance(total, int) and not isinstance(total, bool) else None,
    )


def _found(bundle: Raw) -> Iterator[Raw]:
    for entry in members(bundle.get("entry")):
        resource = entry.get("resource")
        if isinstance(resource, dict) and text_at(entry, "search", "mode") != "outcome":
            yield resource


def stored_in(answer: Answer, sent: Raw, *, created: bool) -> Stored:
    """What the server has now, from its body or, where it sends none, from its headers."""
    raw = resource_in(answer) if answer.body else None
    if raw is not None and raw.get("resourceType") == sent.get("resourceType") and "id" in raw:
        return Stored(reference_of(raw), version_of(raw) or answer.version, created, raw)
    location = answer.headers.get("location") or answer.headers.get("content-location") or ""
    parts = split(location)
    if parts is not None:
        return Stored("/".join(parts), answer.version or _version_in(location), created, None)
    if "id" in sent:
        return Stored(reference_of(sent), answer.version, created, None)
    raise NotAFhirServer("the server doesn't say what it has created")


def _version_in(location: str) -> str | None:
    return location.partition("/_history/")[2] or None


def batch_answer_in(entry: Raw) -> BatchAnswer:
    """What one entry of a batch-response says."""
    response = child(entry, "response")
    digits = (text_at(response, "status") or "")[:3]
    status = int(digits) if digits.isascii() and digits.isdigit() else 500
    location = text_at(response, "location") or ""
    parts = split(location)
    raw = child(entry, "resource") or None
    error: FhirError | None = None
    if status >= 300:
        outcome = child(response, "outcome") or raw or {}
        error = error_of(Answer(status, {}, encode(outcome)))
    etag = (text_at(response, "etag") or "").removeprefix("W/").strip('"')
    return BatchAnswer(
        status=status,
        raw=raw if error is None else None,
        reference="/".join(parts) if parts else (reference_of(raw) if raw and error is None else None),
        version_id=etag or _version_in(location),
        error=error,
    )
