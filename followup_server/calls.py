"""A call to the FHIR interface and its answer, free of HTTP's machinery: batch entries are calls too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from followup_server.raw_json import Raw, decode
from followup_server.stored import Stored


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

    def raw(self) -> Raw:
        """The resource sent. Raises InvalidJson."""
        return decode(self.body) if self.resource is None else self.resource


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets."""

    status: int
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stored: Stored | None = None
    """The version that was written or read, where it is one."""
