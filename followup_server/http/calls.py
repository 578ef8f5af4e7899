"""A call to the FHIR interface and its answer, free of HTTP's machinery: batch entries are calls too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from followup_server.http.limits import Limits
from followup_server.http.outcomes import outcome_of
from followup_server.http.received import read_object
from followup_server.http.server import Server
from followup_server.problems import FhirProblem
from followup_server.raw_json import Raw, encode
from followup_server.storage.stored import Stored

FHIR_JSON: Final = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class Call:
    """What a client asks for."""

    method: str
    segments: tuple[str, ...]
    """The path below the FHIR base, decoded: `("Task", "1")`."""
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    """Names in lower case."""
    base: str
    """The FHIR base that the client used, without a slash at its end."""
    body: bytes = b""
    resource: Raw | None = None
    """The resource of a bundle's entry, instead of a body."""
    limits: Limits = field(default_factory=Limits)

    def raw(self) -> Raw:
        """The resource sent. Raises InvalidJson."""
        return read_object(self.body, self.limits.json_depth) if self.resource is None else self.resource

    def content_type(self) -> str:
        """The body's media type in lower case, without parameters; empty where it isn't said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets."""

    status: int
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stored: Stored | None = None
    """The version that was written or read, where it is one."""


Answering: TypeAlias = Callable[[Server, Call], Answer]
"""What does a call; raises FhirProblem."""


def refused(problem: FhirProblem) -> Answer:
    """The answer that tells of a problem."""
    return Answer(problem.status, encode(outcome_of(problem)))
