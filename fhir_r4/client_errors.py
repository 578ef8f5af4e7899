"""What can go wrong between us and a FHIR server, and what to do about it."""

from __future__ import annotations


class FhirError(Exception):
    """A request that didn't do what it was to do.

    Attributes:
        remedy: What to do about it, in plain words, for the nurse or whoever looks after the machine.
        may_retry: Whether the same request may succeed later without anybody doing anything.
        diagnostics: The server's own words, cut short, empty where it said none: text from outside, for
            the nurse's eyes after cleaning, never for a log. The error as text doesn't hold them.
    """

    remedy = "Try again; if it goes on, tell whoever looks after the server."
    may_retry = False

    def __init__(self, what: str, diagnostics: str = "") -> None:
        super().__init__(what)
        self.diagnostics = diagnostics


class InsecureAddress(FhirError):
    """Plain http to another machine: everybody on the way could read along."""

    remedy = "Use the server's https address; plain http is allowed to this very machine only."


class ServerUnreachable(FhirError):
    """No answer, or only half of one: the network, a name, a certificate, a time-out."""

    remedy = "Check the network. Nothing is lost: what waits is sent when the server answers again."
    may_retry = True


class NotAFhirServer(FhirError):
    """Something answers there, but not in FHIR: a login page, a proxy's page, another service."""

    remedy = "Check the address, and whether a network login page stands in between."
    may_retry = True


class TooLarge(FhirError):
    """An answer larger than we are willing to hold."""

    remedy = "Ask the server for smaller pages; tell whoever looks after it if it sends more than asked."


class LoginRefused(FhirError):
    """401: not logged in, or no longer."""

    remedy = "Log in again with: triage login"


class Forbidden(FhirError):
    """403: logged in, but not allowed."""

    remedy = "Ask whoever manages access at the centre; the login lacks a right that this needs."


class NotFound(FhirError):
    """404: there is no such resource, or no such page any more."""

    remedy = "Synchronise; it may have been removed or the page may have expired."


class Gone(NotFound):
    """410: it was there and has been removed, or a page or cursor has expired."""


class PreconditionFailed(FhirError):
    """412: it has changed since it was read, or there are several where one was expected."""

    remedy = "Synchronise and look at what has changed before doing it again."


class Busy(FhirError):
    """429 or 503: the server wants us to come back later.

    Attributes:
        retry_after: After how many seconds, where it says so.
    """

    remedy = "Wait; what is to be sent is sent when the server is ready."
    may_retry = True

    def __init__(self, what: str, diagnostics: str = "", retry_after: float | None = None) -> None:
        super().__init__(what, diagnostics)
        self.retry_after = retry_after


class ServerFailed(FhirError):
    """Any other 5xx: the server, or something before it, broke down.

    Attributes:
        status: The HTTP status.
    """

    remedy = "Wait; if it goes on, tell whoever looks after the server."
    may_retry = True

    def __init__(self, status: int, diagnostics: str = "") -> None:
        super().__init__(f"HTTP {status}", diagnostics)
        self.status = status


class Refused(FhirError):
    """Any other 4xx: the server won't do this, however often it is asked.

    Attributes:
        status: The HTTP status.
    """

    remedy = "Look at the server's answer; the same request would be refused again."

    def __init__(self, status: int, diagnostics: str = "") -> None:
        super().__init__(f"HTTP {status}", diagnostics)
        self.status = status
