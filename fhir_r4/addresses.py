"""Where a FHIR server may be talked to, and which links of its answers may be followed."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urljoin, urlsplit

from fhir_r4.client_errors import InsecureAddress, NotAFhirServer

_PORTS = {"http": 80, "https": 443}


def checked_base(url: str) -> str:
    """A server's base URL without a slash at its end.

    Raises:
        InsecureAddress: Plain http to another machine.
        NotAFhirServer: No http(s) URL, or one with a login, a query or a fragment in it.
    """
    parts = _split(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise NotAFhirServer("the address is not an http or https URL")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise NotAFhirServer("the address must hold no login, query or fragment")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise InsecureAddress("plain http to another machine")
    return url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine, by its address or the name `localhost`; nothing is looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def followed(base: str, link: str) -> str:
    """A link of an answer as an absolute URL, as given; relative ones count from the base.

    Raises:
        NotAFhirServer: It leads to another origin: our login and our questions go to one server only.
    """
    url = urljoin(f"{base}/", link)
    if _origin(_split(url)) != _origin(_split(base)):
        raise NotAFhirServer("a link of the answer leads to another server")
    return url


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError:
        raise NotAFhirServer("the address is not a URL") from None
    return parts


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme)
