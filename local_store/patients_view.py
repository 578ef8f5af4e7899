"""F3: all of the centre's patients: plan, pause, newest reading, and how often they measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from local_store.context import Context
from local_store.packing import unpack, unpack_or_none
from local_store.views import Pause, Person, PlanView
from threshold_engine.model import Instant

ADHERENCE_DAYS: Final = 14
"""How far back it is counted on how many days somebody measured."""
_DAY: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A line of the centre's list."""

    person: Person
    folded: str
    """Her name as it is searched."""
    plan: PlanView | None
    last_reading: Instant | None
    measured_days: int
    """Of the last 14 stretches of 24 hours, in how many she measured anything."""

    def pause(self, now: Instant) -> Pause | None:
        """The pause of hers that is going on at `now`."""
        pause = self.plan.paused if self.plan else None
        return pause if pause is not None and pause.holds(now) else None


@dataclass(frozen=True, slots=True)
class PatientsView:
    """All of them, by name."""

    now: Instant
    lines: tuple[PatientLine, ...]


def patients_view(context: Context, now: Instant) -> PatientsView:
    """Everybody whose Patient has been fetched, by name, then id: two queries, however many they are."""
    counted = context.connection.exec_driver_sql(
        "SELECT patient, count(DISTINCT (:now - at) / :day) FROM reading"
        " WHERE at > :since AND at <= :now GROUP BY patient",
        {"now": now, "day": _DAY, "since": now - ADHERENCE_DAYS * _DAY},
    )
    measured: dict[int, int] = {row[0]: row[1] for row in counted}
    rows = context.connection.exec_driver_sql(
        """SELECT p.n, p.body, p.folded, j.plan, j.last_reading
        FROM patient p LEFT JOIN projection j ON j.patient = p.n WHERE p.body IS NOT NULL
        ORDER BY p.folded, p.id"""
    )
    return PatientsView(
        now,
        tuple(
            PatientLine(
                person=unpack(Person, body),
                folded=folded or "",
                plan=unpack_or_none(PlanView, plan),
                last_reading=last,
                measured_days=measured.get(number, 0),
            )
            for number, body, folded, plan, last in rows
        ),
    )
