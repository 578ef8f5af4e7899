"""What a nurse changes in a resource that isn't a Task: a reading marked as wrong, a plan paused.

Kept as an intent like `task_change`: applied to whatever the server has by the time it is sent, so that a
colleague's change of something else survives, and refused where what she saw isn't there any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from fhir_r4 import systems
from fhir_r4.care_plans import is_in_force
from fhir_r4.plan_ending import ended_at, with_end
from fhir_r4.plan_pauses import PauseReason, with_pause, with_resumed
from fhir_r4.raw import Raw, version_of
from fhir_r4.told_readings import WRONG, marked_wrong
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Instant

AmendmentKind: TypeAlias = Literal["reading-error", "pause", "resume", "end"]
_KINDS: Final = frozenset(get_args(AmendmentKind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One change of one resource."""

    kind: AmendmentKind
    target: str
    """`Observation/<id>` or `CarePlan/<id>`; `Observation/urn:uuid:<uuid>` for one that the server didn't
    have when she changed it; `Observation/<system>|<value>`, its identifier, where the cache had no more."""
    by: str
    """Whoever acts, `Practitioner/<id>`."""
    at: Instant
    reason: str = ""
    reading: str | None = None
    """For `reading-error`: the engine's id of a reading of it."""
    saw_version: str | None = None
    """For `reading-error`: the versionId of the reading that she saw, where it had one."""
    saw_status: str | None = None
    """For `reading-error`: the status that it is shown with again where this isn't done after all."""
    start: Instant | None = None
    """For `pause`."""
    end: Instant | None = None
    """For `pause`; none: until somebody ends it."""

    def __post_init__(self) -> None:
        if self.kind == "pause" and self.start is None:
            raise ValueError("a pause needs a beginning")

    @property
    def type(self) -> str:
        """The resource's type."""
        return self.target.partition("/")[0]

    @property
    def id(self) -> str | None:
        """The resource's logical id; none while only its identifier is known."""
        found = self.target.partition("/")[2]
        return None if found.startswith(systems.UUID_PREFIX) or "|" in found else found

    @property
    def identifier(self) -> str:
        """`<system>|<value>` of one that is known by nothing else."""
        found = self.target.partition("/")[2]
        return f"{systems.URI}|{found}" if found.startswith(systems.UUID_PREFIX) else found

    def apply(self, raw: Raw) -> Raw:
        """The resource as it is after the act: a patched copy; applying it twice changes nothing.

        Raises:
            BadPlan: The plan in a CarePlan isn't JSON.
        """
        if self.kind == "reading-error":
            return marked_wrong(raw, self.reason, self.by, self.at)
        if self.kind == "pause" and self.start is not None:
            return with_pause(raw, PauseReason(self.start, self.end, self.reason, self.by, self.at))
        if self.kind == "end":
            return with_end(raw, self.reason, self.by, self.at)
        return with_resumed(raw, self.at, self.by)

    def is_stale(self, current: Raw) -> bool:
        """Whether what she changed isn't there any more: another value by now, a plan out of force."""
        if self.type == "CarePlan":
            ended = self.kind == "end" and ended_at(current) is not None
            return not is_in_force(current) and not ended
        changed = self.saw_version is not None and version_of(current) != self.saw_version
        return changed and current.get("status") != WRONG

    def to_json(self) -> dict[str, object]:
        """Plain data for the outbox; what is not set is left out."""
        found: dict[str, object] = {
            "kind": self.kind,
            "target": self.target,
            "by": self.by,
            "at": format_instant(self.at),
            "reason": self.reason or None,
            "reading": self.reading,
            "saw_version": self.saw_version,
            "saw_status": self.saw_status,
            "start": None if self.start is None else format_instant(self.start),
            "end": None if self.end is None else format_instant(self.end),
        }
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def from_json(cls, raw: Mapping[str, object]) -> Amendment:
        """What `to_json` gave; ValueError where it isn't that."""
        texts = {name: value for name, value in raw.items() if isinstance(value, str)}
        if texts.get("kind") not in _KINDS or not {"target", "by", "at"} <= texts.keys():
            raise ValueError(f"no such amendment: {texts.get('kind')!r}")
        return cls(
            kind=next(known for known in get_args(AmendmentKind) if known == texts["kind"]),
            target=texts["target"],
            by=texts["by"],
            at=parse_instant(texts["at"]),
            reason=texts.get("reason", ""),
            reading=texts.get("reading"),
            saw_version=texts.get("saw_version"),
            saw_status=texts.get("saw_status"),
            start=parse_instant(texts["start"]) if "start" in texts else None,
            end=parse_instant(texts["end"]) if "end" in texts else None,
        )
