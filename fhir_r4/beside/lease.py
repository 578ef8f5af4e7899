"""One judge at a time beside a server: a lease on a Basic resource there, which nobody counts as work.

Safety doesn't rest on it, since two judges write the same things under the same identifiers; it spares the
server the double work. Creation is conditional, renewal and takeover go by If-Match.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fhir_r4 import systems
from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotFound, PreconditionFailed
from fhir_r4.raw import Raw, extension_of, members, text_at, with_extension
from threshold_engine import Instant, format_instant, parse_instant

_VALUE: Final = "judge-lease"


@dataclass(frozen=True, slots=True)
class _Held:
    """What the lease says."""

    holder: str
    until: Instant
    renewals: int

    def to_extension(self) -> Raw:
        return {
            "extension": [
                {"url": "holder", "valueString": self.holder},
                {"url": "until", "valueInstant": format_instant(self.until)},
                {"url": "renewals", "valueInteger": self.renewals},
            ]
        }

    @classmethod
    def read(cls, raw: Raw) -> _Held:
        """What is written there; what can't be read is held by nobody."""
        parts = {
            text_at(part, "url"): part
            for part in members((extension_of(raw, systems.JUDGE_LEASE) or {}).get("extension"))
        }
        renewals = parts.get("renewals", {}).get("valueInteger")
        try:
            until = parse_instant(text_at(parts.get("until", {}), "valueInstant") or "")
        except ValueError:
            until = 0
        holder = text_at(parts.get("holder", {}), "valueString") or ""
        return cls(holder, until, renewals if isinstance(renewals, int) else 0)


class Lease:
    """The right to judge beside one server, as long as it is renewed."""

    def __init__(
        self,
        client: FhirClient,
        holder: str,
        seconds: float,
        now: Callable[[], Instant],
        monotonic: Callable[[], float],
    ) -> None:
        """`holder`: a name no other instance has. `now`: the server's now. `monotonic`: elapsed seconds."""
        self._client, self._holder, self._seconds = client, holder, seconds
        self._now, self._monotonic = now, monotonic
        self._mine: Raw | None = None
        self._renewed = 0.0
        self._watched: tuple[_Held, float] | None = None
        self.alive_elsewhere = False
        """Whether another instance has been seen to renew it."""

    def hold(self) -> bool:
        """Take the lease, or renew it when a third of its time is gone; False while another has it.

        Raises:
            FhirError: The server can't be worked with.
        """
        if self._mine is not None:
            if self._monotonic() - self._renewed < self._seconds / 3:
                return True
            if self._write(self._mine, self._seconds):
                return True
            self._mine = None
        found = self._find() or self._created()
        held = _Held.read(found)
        if held.holder != self._holder and not self._has_expired(held):
            return False
        return self._write(found, self._seconds)

    def give_back(self) -> None:
        """Let another instance have it at once."""
        if self._mine is not None:
            self._write(self._mine, 0)
            self._mine = None

    def _find(self) -> Raw | None:
        """The lease on the server; of two that a race has made, every instance takes the same."""
        page = self._client.search("Basic", {"identifier": f"{systems.BASIC}|{_VALUE}"})
        return min(page.resources, key=lambda raw: text_at(raw, "id") or "", default=None)

    def _created(self) -> Raw:
        raw: Raw = {
            "resourceType": "Basic",
            "identifier": [{"system": systems.BASIC, "value": _VALUE}],
            "code": {"coding": [{"system": systems.BASIC, "code": _VALUE}]},
        }
        try:
            stored = self._client.create(raw, f"identifier={systems.BASIC}|{_VALUE}")
        except PreconditionFailed:  # a race made two of them
            found = self._find()
            if found is None:
                raise
            return found
        # A search may lag behind what was just written.
        return self._find() or stored.raw or self._client.read(*stored.reference.split("/"))

    def _has_expired(self, held: _Held) -> bool:
        """By the server's clock; or nobody has renewed it for its whole time, though that clock stands."""
        seen = self._watched
        if seen is None or seen[0] != held:
            self.alive_elsewhere = seen is not None and seen[0].holder != ""
            self._watched = (held, self._monotonic())
            return held.until <= self._now()
        return held.until <= self._now() or self._monotonic() - seen[1] > self._seconds

    def _write(self, raw: Raw, seconds: float) -> bool:
        """Write it as ours for so long from now; False where another was quicker."""
        began = self._monotonic()
        held = _Held(self._holder, self._now() + round(seconds * 1000), _Held.read(raw).renewals + 1)
        changed = with_extension(raw, systems.JUDGE_LEASE, held.to_extension())
        try:
            stored = self._client.update(changed, text_at(raw, "meta", "versionId"))
        except (PreconditionFailed, NotFound):
            return False
        self._mine = stored.raw or self._client.read(*stored.reference.split("/"))
        self._renewed = began
        self._watched = None
        self.alive_elsewhere = False
        return True
