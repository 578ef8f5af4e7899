"""An HTTP answer of a FHIR server, judged: its resource, or a typed error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from fhir_r4.client_errors import (
    Busy,
    FhirError,
    Forbidden,
    Gone,
    LoginRefused,
    NotAFhirServer,
    NotFound,
    PreconditionFailed,
    Refused,
    ServerFailed,
    ServerUnreachable,
)
from fhir_r4.errors import NotFhir
from fhir_r4.raw import Raw, child, decode, members, text_at
from threshold_engine.model import Instant

_LONGEST_DIAGNOSTICS: Final = 500
_LONGEST_WAIT_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def date(self) -> Instant | None:
        """The Date header, to the second."""
        return http_date(self.headers.get("date"))

    @property
    def version(self) -> str | None:
        """The versionId in the ETag, or none."""
        tag = self.headers.get("etag", "").removeprefix("W/").strip('"')
        return tag or None


def resource_in(answer: Answer) -> Raw:
    """The resource of a good answer.

    Raises:
        FhirError: Of the kind that the status means; `NotAFhirServer` where a page of another kind stands in
            for an answer; `ServerUnreachable` where the answer was cut off.
    """
    if answer.status >= 300:
        raise error_of(answer)
    try:
        raw = decode(answer.body)
    except NotFhir:
        raise _not_fhir(answer) from None
    if not isinstance(raw.get("resourceType"), str):
        raise NotAFhirServer("the answer is JSON, but no FHIR resource")
    return raw


def error_of(answer: Answer) -> FhirError:
    """The typed error that a bad answer means."""
    status, said = answer.status, diagnostics_in(answer.body)
    kinds: dict[int, type[FhirError]] = {
        HTTPStatus.UNAUTHORIZED: LoginRefused,
        HTTPStatus.FORBIDDEN: Forbidden,
        HTTPStatus.NOT_FOUND: NotFound,
        HTTPStatus.GONE: Gone,
        HTTPStatus.PRECONDITION_FAILED: PreconditionFailed,
        HTTPStatus.REQUEST_TIMEOUT: ServerUnreachable,
    }
    if status in kinds:
        return kinds[status](f"HTTP {status}", said)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return Busy(f"HTTP {status}", said, retry_after(answer.headers.get("retry-after"), answer.date))
    if status >= 500:
        return ServerFailed(status, said)
    if status < 400 or status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return NotAFhirServer(f"HTTP {status}: something sends us elsewhere")
    return Refused(status, said)


def diagnostics_in(body: bytes) -> str:
    """The server's words in an OperationOutcome, cut short; empty where it said nothing in FHIR."""
    try:
        raw = decode(body)
    except NotFhir:
        return ""  # a page for people: nothing in it is for the nurse
    words = [said for issue in members(raw.get("issue")) for said in _said(issue)]
    return "; ".join(words)[:_LONGEST_DIAGNOSTICS]


def _said(issue: Raw) -> Iterator[str]:
    details = text_at(issue, "details", "text")
    coded = (text_at(coding, "display") for coding in members(child(issue, "details").get("coding")))
    said = text_at(issue, "diagnostics") or details or next((one for one in coded if one), None)
    if said or text_at(issue, "code"):
        yield said or text_at(issue, "code") or ""


def retry_after(header: str | None, now: Instant | None) -> float | None:
    """Seconds to wait by a Retry-After header, number or date; none where it can't be read. At most an hour.

    `now` is the server's own Date: a date is counted by the clock that it was written by.
    """
    if header is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,9}(\.[0-9]*)?\s*", header):
        return min(float(header), _LONGEST_WAIT_S)
    until = http_date(header)
    if until is None or now is None:
        return None
    return min(max((until - now) / 1000, 0.0), _LONGEST_WAIT_S)


def http_date(header: str | None) -> Instant | None:
    """An HTTP date in milliseconds since 1970; none where it is missing or can't be read."""
    if not header:
        return None
    try:
        found = parsedate_to_datetime(header)
    except ValueError:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return int((found - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1000


def _not_fhir(answer: Answer) -> FhirError:
    looks_like_json = answer.body.lstrip()[:1] == b"{"
    if looks_like_json or not answer.body:
        return ServerUnreachable("the answer was cut off or garbled")
    return NotAFhirServer("a page came instead of a FHIR answer")
