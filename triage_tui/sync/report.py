"""What one round of syncing did, as `triage sync --json` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal, TypeAlias

Reached: TypeAlias = Literal["all", "unreachable", "busy", "login-refused", "refused", "out-of-time"]
"""How far the round got: everything was fetched; no answer, or one that says to come back later; 401 or
403; a server that can't be synced with; the deadline passed first."""


class ExitCode(IntEnum):
    """Of `triage sync --once`."""

    DONE = 0
    FAILED = 1
    LATER = 3
    LOGIN = 4


@dataclass(frozen=True, slots=True)
class SyncReport:
    """Counts of one round. `pushed` and `pending` count acts; access-log rows are counted apart."""

    reached: Reached
    pulled: Mapping[str, int] = field(default_factory=dict)
    """FHIR type → resources that were new or changed."""
    pushed: int = 0
    pending: int = 0
    parked: int = 0
    conflicts: int = 0
    audit_pending: int = 0
    disagreements: int = 0
    """Alerts that only this console or only the server finds, though everything has been fetched."""
    malformed: int = 0
    """Resources that were kept as they came, because an element couldn't be read."""
    bytes_in: int = 0
    bytes_out: int = 0
    requests: int = 0
    seconds: float = 0.0
    server_time_skew_ms: int | None = None
    problem: str | None = None
    """One plain sentence with what to do, where the round didn't get through."""
    retry_after_s: float | None = None
    """What the server asked us to wait."""

    @property
    def complete(self) -> bool:
        """Whether everything was fetched."""
        return self.reached == "all"

    @property
    def exit_code(self) -> ExitCode:
        """4 login refused; 1 something parked or in conflict; 3 unreachable or anything waits; else 0."""
        if self.reached == "login-refused":
            return ExitCode.LOGIN
        if self.parked or self.conflicts or self.reached == "refused":
            return ExitCode.FAILED
        if not self.complete or self.pending:
            return ExitCode.LATER
        return ExitCode.DONE

    def to_json(self) -> dict[str, object]:
        """The document that `triage sync --json` prints."""
        skew = self.server_time_skew_ms
        return {
            "pulled": dict(self.pulled),
            "pushed": self.pushed,
            "pending": self.pending,
            "parked": self.parked,
            "conflicts": self.conflicts,
            "audit_pending": self.audit_pending,
            "disagreements": self.disagreements,
            "malformed": self.malformed,
            "bytes_in": self.bytes_in,
            "bytes_out": self.bytes_out,
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            "server_time_skew_s": None if skew is None else skew / 1000,
        }
