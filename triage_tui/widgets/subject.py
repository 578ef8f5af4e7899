"""Whom an act is about: who it is, what is open, and whose she is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from threshold_engine.model import Instant
from triage_tui.wording.people import who
from work_items.model import ItemCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_store.views import Nurse, PatientView, Pause, Person, QueueEntry
    from threshold_engine.model import Because
    from work_items.model import Band, Item


@dataclass(frozen=True, slots=True)
class Subject:
    """A patient as the forms need her."""

    person: Person
    items: tuple[Item, ...]
    """Her open items, the worst first."""
    because: Mapping[str, Because]
    owner_name: str | None
    owned_since: Instant | None
    mine: bool
    paused: Pause | None = None
    """The pause of her plan that is going on."""

    @property
    def band(self) -> Band | None:
        """The worst of her open items, or none where nothing is open."""
        return max((item.band for item in self.items if item.code is not ItemCode.ESCALATION), default=None)

    @property
    def others(self) -> bool:
        """Whether somebody else has her."""
        return self.owner_name is not None and not self.mine

    def title(self, now: Instant) -> str:
        """`Hansen, Nils · 72 år · 13.01.1954 · …216`, safe to draw."""
        person = self.person
        return who(person.name, person.birth_date, person.national_id, now, born=True)


def of_person(person: Person) -> Subject:
    """The subject where only who it is counts: an act that is unsent."""
    return Subject(person=person, items=(), because={}, owner_name=None, owned_since=None, mine=False)


def of_entry(entry: QueueEntry, me: Nurse | None) -> Subject:
    """The subject of a row of the queue."""
    first = entry.row.items[0]
    return Subject(
        person=entry.person,
        items=entry.row.items,
        because=entry.because,
        owner_name=entry.owner_name or entry.owner_login,
        owned_since=first.owned_since,
        mine=me is not None and entry.owner_login == me.login,
        paused=entry.plan.paused if entry.plan else None,
    )


def of_patient(view: PatientView, me: Nurse | None) -> Subject:
    """The subject of the patient's screen."""
    items = tuple(item for item in view.items if item.state.is_open and item.code is not ItemCode.ESCALATION)
    held = next((item for item in items if item.owner), None)
    owner = held.owner if held else None
    return Subject(
        person=view.person,
        items=items,
        because={task: told[-1] for task, told in view.because.items() if told},
        owner_name=view.owners.get(owner, owner) if owner else None,
        owned_since=held.owned_since if held else None,
        mine=me is not None and owner == me.reference,
        paused=view.plan.paused if view.plan else None,
    )
