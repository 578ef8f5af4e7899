"""What can go wrong with a request, as typed errors: each carries its HTTP status and says what to do.

The issue codes are those of http://hl7.org/fhir/R4/valueset-issue-type.html.
"""

from __future__ import annotations


class FhirProblem(Exception):
    """A request that can't be fulfilled; becomes an OperationOutcome with `status`."""

    status = 400
    issue_code = "invalid"
    retry_after: int | None = None
    """Seconds after which it is worth trying again, where that is known."""

    def __init__(self, diagnostics: str, *, element: str | None = None) -> None:
        """`diagnostics` is one plain sentence; `element` names the element at fault, `Observation.status`."""
        super().__init__(diagnostics)
        self.diagnostics = diagnostics
        self.element = element


class InvalidContent(FhirProblem):
    """The resource or bundle isn't what FHIR asks for."""


class InvalidJson(FhirProblem):
    """The body isn't JSON, or not a JSON object."""

    issue_code = "structure"

    def __init__(self, why: str) -> None:
        """`why` it can't be read, without what stands there: it ends a sentence."""
        super().__init__(f"The body can't be read: {why}.")
        self.why = why


class UnknownParameter(FhirProblem):
    """A search parameter, modifier or value that this server doesn't know: never silently ignored."""

    issue_code = "not-supported"


class LoginNeeded(FhirProblem):
    """Nobody is logged in, or as somebody we don't know."""

    status = 401
    issue_code = "login"


class NotAllowed(FhirProblem):
    """Somebody we know, who may not do this."""

    status = 403
    issue_code = "forbidden"


class NotFound(FhirProblem):
    """There has never been such a resource, version or page."""

    status = 404
    issue_code = "not-found"


class NotSupported(FhirProblem):
    """Something that FHIR knows and this server doesn't do."""

    status = 405
    issue_code = "not-supported"


class NotAcceptable(FhirProblem):
    """The client wants a format that we don't write."""

    status = 406
    issue_code = "not-supported"


class Gone(FhirProblem):
    """There was such a resource; it has been deleted."""

    status = 410
    issue_code = "deleted"


class PreconditionFailed(FhirProblem):
    """What If-Match or If-None-Match asks for doesn't hold of the current version."""

    status = 412
    issue_code = "conflict"


class SeveralMatches(FhirProblem):
    """A conditional create or reference matches more than one resource."""

    status = 412
    issue_code = "multiple-matches"


class Conflict(FhirProblem):
    """A patch that doesn't fit the resource as it stands: a test that fails, a place that isn't there."""

    status = 409
    issue_code = "conflict"


class TooLarge(FhirProblem):
    """The body, the bundle or what would be sent along is over the limit."""

    status = 413
    issue_code = "too-long"


class TooSlow(FhirProblem):
    """The client stopped in the middle of its request."""

    status = 408
    issue_code = "timeout"


class Unprocessable(FhirProblem):
    """What the request would make of the resource isn't what FHIR asks for."""

    status = 422


class Busy(FhirProblem):
    """More at once than this server does; it says when to come back."""

    status = 429
    issue_code = "throttled"
    retry_after = 1


class TooCostly(Busy):
    """A search that takes longer than it may: the server is busy, or the search too wide."""

    issue_code = "too-costly"
    retry_after = 10


class UnsupportedMediaType(FhirProblem):
    """The body is in a format that we don't read."""

    status = 415
    issue_code = "not-supported"


class WrongHost(FhirProblem):
    """A server without real logins was called by another name than loopback's (DNS rebinding)."""

    status = 421
    issue_code = "security"


class PlainError(Exception):
    """Something for a person to put right: one plain sentence, and a remedy."""

    def __init__(self, what: str, remedy: str) -> None:
        """`what` is wrong, and what to do about it."""
        super().__init__(what)
        self.remedy = remedy


class DatabaseRefused(PlainError):
    """The database named can't be used."""


class ServeError(PlainError):
    """The server can't start."""


class BulkError(PlainError):
    """A file or a resource that can't be loaded; nothing has been."""
