"""What an act gives back to whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass

from threshold_engine.model import Instant


@dataclass(frozen=True, slots=True)
class ActDone:
    """Saved here in one commit; `ops` are still to be sent."""

    op: str
    """UUID of the resource created, or of the act where it creates none."""
    ops: tuple[str, ...]
    """Every outbox row of the act in the order of sending; `op` is among them."""
    patient: str
    patient_name: str
    birth_date: str | None
    """With the name: echoed, so that she sees whom she acted on."""
    tasks: tuple[str, ...] = ()
    """UUIDs of the Tasks it changed or created."""
    unanswered: int = 0
    """After a contact: how many attempts in a row, this one the latest, reached nobody."""
    withdrawn: tuple[str, Instant] | None = None
    """Of withdrawing: the act that was taken back (name and when)."""
    also: tuple[tuple[str, Instant], ...] = ()
    """Of withdrawing: other acts (name and when) that rested on it and were withdrawn with it."""
