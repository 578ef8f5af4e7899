"""The HTTP client to any FHIR R4 server: small, bounded, and open about what went wrong.

https only, off this very machine; no redirects; nothing from the environment (a proxy variable would send a
patient's data elsewhere); answers bounded in size and time; links followed to the same origin only. Importing
this costs httpx: import it where it is used, not at the top of what must start fast.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Mapping, Sequence
from threading import Lock
from types import TracebackType
from typing import Final, TypeAlias
from urllib.parse import quote

import httpx

from fhir_r4.addresses import checked_base, followed
from fhir_r4.answers import Answer, error_of, resource_in
from fhir_r4.client_errors import (
    NotAFhirServer,
    PreconditionFailed,
    Refused,
    ServerUnreachable,
    TooLarge,
)
from fhir_r4.raw import Raw, encode, members, text_at
from fhir_r4.results import BatchAnswer, Page, Stored, batch_answer_in, page_in, stored_in
from fhir_r4.server_clock import ServerClock
from threshold_engine.model import Clock, Instant

Params: TypeAlias = Mapping[str, str | int] | Sequence[tuple[str, str | int]]

FHIR_JSON: Final = "application/fhir+json"
_LARGEST_ANSWER: Final = 64 * 1024 * 1024
_CONNECTIONS: Final = 4
_LONGEST_ANSWER_S: Final = 300.0

# Their INFO lines hold URLs, and those hold patients' ids.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


class FhirClient:
    """A connection to one FHIR server; thread-safe, at most four connections at once.

    `authorization`: the whole header, `Bearer …`, or none. `timeout`: seconds without progress. `clock`:
    ours, to measure the server's against.
    """

    def __init__(
        self,
        base_url: str,
        *,
        authorization: str | None,
        timeout: float,
        clock: Clock,
        largest_answer: int = _LARGEST_ANSWER,
        verify: ssl.SSLContext | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.base_url = checked_base(base_url)
        self.authorization = authorization
        self.requests = 0
        self.bytes_in = 0
        """On the wire: compressed bodies, and headers."""
        self.bytes_out = 0
        self.server_clock = ServerClock()
        self._counting = Lock()
        self._clock = clock
        self._largest = largest_answer
        self._http = httpx.Client(
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            verify=True if verify is None else verify,
            transport=transport,
            limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
            headers={"User-Agent": "triage-tui", "Cache-Control": "no-cache"},
        )

    def __enter__(self) -> FhirClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._http.close()

    @property
    def server_time_offset_ms(self) -> int | None:
        """The server's clock minus ours, in milliseconds; none before the first answer."""
        return self.server_clock.offset_ms

    def server_now(self) -> Instant:
        """Now by the server's clock, as far as it is known; else by ours."""
        return self._clock() + (self.server_clock.offset_ms or 0)

    def capability(self) -> Raw:
        """The server's CapabilityStatement. Raises NotAFhirServer where it isn't one of FHIR R4."""
        raw = resource_in(self.get("metadata"))
        version = text_at(raw, "fhirVersion") or ""
        if raw.get("resourceType") != "CapabilityStatement" or not version.startswith("4."):
            raise NotAFhirServer("this is no FHIR R4 server")
        return raw

    def read(self, kind: str, logical_id: str) -> Raw:
        """One resource. Raises NotFound or Gone where there is none, or no more."""
        return resource_in(self.get(_path(kind, logical_id)))

    def search(self, kind: str, params: Params = ()) -> Page:
        """The first page of a search by GET. Never put a national number here: see `post_search`."""
        return self._page_of(self.get(_path(kind), params))

    def search_system(self, params: Params) -> Page:
        """The first page of a search over the types that `_type` names. Not every server takes it."""
        return self._page_of(self.get("", params))

    def post_search(self, kind: str, form: Params) -> Page:
        """The first page of a search whose parameters go in the body, not in any server's log of URLs."""
        content = str(httpx.QueryParams(_pairs(form))).encode()
        headers = {"Accept": FHIR_JSON, "Content-Type": "application/x-www-form-urlencoded"}
        return self._page_of(self._ask("POST", self._url(_path(kind, "_search")), headers, content))

    def follow(self, url: str) -> Page:
        """The page at a `next` link, as given. Raises NotFound or Gone where it has expired."""
        return self._page_of(self._ask("GET", followed(self.base_url, url), {"Accept": FHIR_JSON}))

    def get(self, path: str, params: Params = (), *, accept: str = FHIR_JSON) -> Answer:
        """Whatever stands at a path below the base, its body as it came. Raises FhirError unless 2xx."""
        url = httpx.URL(self._url(path))
        pairs = _pairs(params)
        answer = self._ask("GET", str(url.copy_merge_params(pairs) if pairs else url), {"Accept": accept})
        if answer.status >= 300:
            raise error_of(answer)
        return answer

    def create(self, raw: Raw, if_none_exist: str | None = None) -> Stored:
        """Create a resource; with `if_none_exist` (a query: `identifier=…`) only where none matches.

        Raises:
            PreconditionFailed: Several match already.
        """
        headers = {} if if_none_exist is None else {"If-None-Exist": if_none_exist}
        answer = self._write("POST", _path(_kind(raw)), headers, raw)
        return stored_in(answer, raw, created=answer.status == httpx.codes.CREATED)

    def update(self, raw: Raw, if_match: str | None = None) -> Stored:
        """Replace a resource by its id; with `if_match` (a versionId) only where that is its version.

        Raises:
            PreconditionFailed: It has changed since.
        """
        headers = {} if if_match is None else {"If-Match": f'W/"{if_match}"'}
        path = _path(_kind(raw), text_at(raw, "id") or "")
        try:
            answer = self._write("PUT", path, headers, raw)
        except Refused as error:
            if if_match is not None and error.status == httpx.codes.CONFLICT:  # as some servers say it
                raise PreconditionFailed(str(error), error.diagnostics) from error
            raise
        return stored_in(answer, raw, created=answer.status == httpx.codes.CREATED)

    def batch(self, entries: Sequence[Raw]) -> list[BatchAnswer]:
        """Send entries (`{"request": …, "resource": …}`) as one batch; each is answered for itself.

        Raises:
            FhirError: The batch as a whole failed. An entry's own failure stands in its answer.
        """
        bundle: Raw = {"resourceType": "Bundle", "type": "batch", "entry": list(entries)}
        raw = resource_in(self._write("POST", "", {}, bundle))
        answers = [batch_answer_in(entry) for entry in members(raw.get("entry"))]
        if len(answers) != len(entries):
            raise NotAFhirServer("a batch was answered with another number of entries")
        return answers

    def _write(self, method: str, path: str, headers: Mapping[str, str], raw: Raw) -> Answer:
        said = {"Accept": FHIR_JSON, "Content-Type": FHIR_JSON, "Prefer": "return=representation", **headers}
        answer = self._ask(method, self._url(path), said, encode(raw))
        if answer.status >= 300:
            raise error_of(answer)
        return answer

    def _page_of(self, answer: Answer) -> Page:
        return page_in(answer, self.base_url)

    def _url(self, path: str) -> str:
        return f"{self.base_url}/{path}" if path else self.base_url

    def _ask(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None) -> Answer:
        login = {} if self.authorization is None else {"Authorization": self.authorization}
        sent = self._clock()
        try:
            request = self._http.build_request(method, url, headers={**headers, **login}, content=content)
            with self._counting:
                self.requests += 1
                self.bytes_out += _head_size(request.headers) + len(str(request.url)) + len(content or b"")
            response = self._http.send(request, stream=True)
            try:
                came = self._clock()
                body = self._body(response)
            finally:
                with self._counting:
                    self.bytes_in += _head_size(response.headers) + response.num_bytes_downloaded
                response.close()
        except (httpx.TransportError, httpx.DecodingError) as error:
            # The words of the library may hold the URL: only the kind of fault goes on.
            raise ServerUnreachable(type(error).__name__) from None
        except httpx.InvalidURL:
            raise NotAFhirServer("the address is not a URL") from None
        answer = Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body)
        with self._counting:
            self.server_clock.saw(answer.date, sent, came)
        return answer

    def _body(self, response: httpx.Response) -> bytes:
        """The unpacked body, bounded: a small packed one may be huge, a slow one may never end."""
        started = time.monotonic()
        found = bytearray()
        for chunk in response.iter_bytes():
            found += chunk
            if len(found) > self._largest:
                raise TooLarge(f"an answer of more than {self._largest} bytes")
            if time.monotonic() - started > _LONGEST_ANSWER_S:
                raise ServerUnreachable("the answer took too long to come")
        return bytes(found)


def _path(*segments: str) -> str:
    return "/".join(quote(segment, safe="$") for segment in segments)


def _pairs(params: Params) -> list[tuple[str, str | int | float | bool | None]]:
    pairs = params.items() if isinstance(params, Mapping) else params
    return [(name, value) for name, value in pairs]


def _kind(raw: Raw) -> str:
    return text_at(raw, "resourceType") or ""


def _head_size(headers: httpx.Headers) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.raw)
