"""What the demo centre's nurses did with the alerts of earlier days: took them, rang, closed them.

Pure: from Tasks as the judge raised them to the Tasks as they were left and the contacts that were made. Acts
keep the rules of the queue: red is closed after a contact that reached somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import Final

from fhir_r4.communications import About, contact
from fhir_r4.raw import Raw, text_at, uuid_identifier
from fhir_r4.task_change import TaskChange, apply
from followup_server.simulator.escalations import Lifted, lifted
from followup_server.simulator.identity import dice, logical_id
from threshold_engine.model import Instant, Level
from work_items.centre import HOUR, Centre
from work_items.model import Band, Item, ItemCode, Outcome

MINUTE: Final = 60_000
_BETWEEN_PATIENTS: Final = 4 * MINUTE
_ANSWERS_WITHIN: Final = {Band.RED: (4, 24), Band.YELLOW: (15, 180), Band.BLUE: (30, 330)}
"""Minutes of opening hours from the alert to the call."""
_NO_ANSWER_AT_FIRST: Final = 0.12

_OUTCOMES: Final[dict[ItemCode, tuple[Outcome, ...]]] = {
    ItemCode.ALERT: (
        Outcome.ADVICE_GIVEN,
        Outcome.ADVICE_GIVEN,
        Outcome.CONTACTED,
        Outcome.NEW_MEASUREMENT,
    ),
    ItemCode.MISSING: (Outcome.CONTACTED, Outcome.TECHNICAL_FIXED),
    ItemCode.TECHNICAL: (Outcome.TECHNICAL_FIXED, Outcome.NEW_MEASUREMENT),
    ItemCode.MESSAGE: (Outcome.ADVICE_GIVEN, Outcome.CONTACTED),
}
_LIFTS: Final = 0.35
_LIFTED_LATELY: Final = 24 * HOUR
"""How long before that morning an alert may have been lifted to the GP; what was earlier is over."""
_SAID: Final = (
    (
        "spo2",
        "Mer tungpust enn vanlig, litt mer oppspytt. Bruker inhalasjon som avtalt. Måler igjen i kveld.",
    ),
    ("resp", "Puster raskere i trapper, ellers greit. Gjennomgått leppepust og hvile."),
    ("temperature", "Føler seg småsyk, drikker godt. Måler temperatur igjen i kveld."),
    ("weight", "Litt hoven rundt anklene. Har tatt vanndrivende som avtalt. Veier seg i morgen tidlig."),
    ("bp-", "Hadde det travelt før målingen. Hodepine nektes. Har tatt medisinene. Måler igjen i kveld."),
    ("pulse", "Merker hjertebank innimellom, ingen brystsmerter. Måler på nytt etter hvile."),
    ("glucose", "Gått gjennom mat og doser. Vet hva som skal gjøres ved lavt blodsukker."),
    ("no-measurement", "Har vært bortreist og glemte utstyret. Begynner å måle igjen."),
    ("wants-consultation", "Ønsker konsultasjon. Satt opp time på ortopedisk poliklinikk."),
    ("fingers", "Stramt under gipsen, varm og god følelse nå. Kontroll på legevakt samme dag."),
    ("no-answer", "Hadde oversett skjemaet. Gikk gjennom spørsmålene sammen på telefon."),
    ("thoughts-of-death", "Snakket lenge. Ingen planer, er ikke alene. Avtalt time hos fastlege i morgen."),
    ("implausible", "Feil på sensoren. Byttet batteri og målte på nytt sammen på telefon."),
)
_SAID_OTHERWISE: Final = "Gjennomgått målingene sammen. Tar kontakt ved forverring."
_MESSAGE_ANSWERED: Final = "Ringte om meldingen og svarte på det den gjaldt."
_NOT_THERE: Final = "Ringte, fikk ikke svar. Prøver igjen om 15 minutter."


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A work item that waits for a nurse."""

    raw: Raw
    """The Task, with its logical id."""
    item: Item


@dataclass(frozen=True, slots=True)
class Shift:
    """When and by whom the work was done."""

    seed: int
    opening: Instant
    """When the centre opened on the day on which what still stood was closed."""
    ends: Instant
    """Nothing was done after it."""
    nurses: Sequence[str]
    """References, `Practitioner/<id>`."""
    centre: Centre
    gps: Mapping[str, str]
    """Patient's logical id → reference of the GP."""
    messages: int
    """How many Communications are numbered already."""


def closed(items: Iterable[OpenItem], shift: Shift) -> Iterator[Raw]:
    """What they wrote, numbered, and the Tasks as they left them.

    Contacts and GPs' answers are Communications, what was lifted to a GP a ServiceRequest with a Task.
    """
    ordered = sorted(items, key=lambda found: (found.item.patient, found.item.raised, found.item.task))
    by_patient = [list(group) for _, group in groupby(ordered, key=lambda found: found.item.patient)]
    by_patient.sort(key=lambda group: (-max(found.item.band for found in group), group[0].item.patient))
    n, requests = shift.messages, 0
    for place, group in enumerate(by_patient):
        slot = shift.opening + (place // len(shift.nurses) + 1) * _BETWEEN_PATIENTS
        for together in _calls(group, shift):
            done = [*_handled(together, shift, slot)]
            what = _lifted(together, shift)
            if what is not None:
                requests += 1
                done += lifted(shift.seed, requests, what, shift.centre, shift.ends)
            for raw in done:
                if raw["resourceType"] == "Communication":
                    n += 1
                    raw = _numbered(raw, shift.seed, n)  # noqa: PLW2901 - the same resource with its id
                yield raw


@dataclass(frozen=True, slots=True)
class _Call:
    """One telephone call about all that was open for a patient by then."""

    at: Instant
    items: list[OpenItem]
    random: Random
    nurse: str
    """Who calls, `Practitioner/…`."""


def _calls(items: list[OpenItem], shift: Shift) -> list[_Call]:
    calls: list[_Call] = []
    for found in items:
        if calls and found.item.raised <= calls[-1].at:
            calls[-1].items.append(found)
            continue
        random = dice(shift.seed, "call", found.item.task)
        least, most = _ANSWERS_WITHIN[found.item.band]
        wait = int(random.uniform(least, most) * MINUTE)
        at = min(shift.centre.after_open_time(found.item.raised, wait), shift.ends - 60 * MINUTE)
        calls.append(_Call(at, [found], random, random.choice(shift.nurses)))
    return calls


def _handled(call: _Call, shift: Shift, slot: Instant) -> Iterator[Raw]:
    nurse, is_lifted = call.nurse, _lifted(call, shift) is not None
    patient = call.items[0].item.patient
    about = [About(found.item.task, f"Task/{text_at(found.raw, 'id')}") for found in call.items]
    at = call.at
    if call.random.random() < _NO_ANSWER_AT_FIRST:
        yield contact(
            "", patient=patient, author=nurse, at=at, by="phone", reached=False, text=_NOT_THERE, about=about
        )
        at += 15 * MINUTE
    said = _said(call.items[0].item)
    yield contact("", patient=patient, author=nurse, at=at, by="phone", reached=True, text=said, about=about)
    for found in call.items:
        outcome = call.random.choice(_OUTCOMES.get(found.item.code, (Outcome.CONTACTED,)))
        if is_lifted and found.item.code is ItemCode.ALERT:
            outcome = Outcome.ESCALATED_GP
        done = _closing(found.item, at + 3 * MINUTE, shift, slot, call.random)
        yield _left(found, nurse, call.at, done, outcome)


def _lifted(call: _Call, shift: Shift) -> Lifted | None:
    """What of a call is lifted to the GP; most is not."""
    alerts = [found.item for found in call.items if found.item.code is ItemCode.ALERT]
    patient = call.items[0].item.patient
    is_recent = call.at >= shift.opening - _LIFTED_LATELY
    if not alerts or not is_recent or dice(shift.seed, "lifts", alerts[0].task).random() > _LIFTS:
        return None
    return Lifted(patient, call.nurse, shift.gps[patient], call.at + 2 * MINUTE, alerts)


def _closing(item: Item, after_call: Instant, shift: Shift, slot: Instant, random: Random) -> Instant:
    """Once it is back to green; what still stood on the day's opening was closed that morning."""
    if item.stands or item.episode is None or item.episode.cleared is None:
        return min(max(after_call, slot), shift.ends)
    if item.episode.cleared <= after_call:
        return min(after_call, shift.ends)
    wait = int(random.uniform(5, 40) * MINUTE)
    return min(shift.centre.after_open_time(item.episode.cleared, wait), shift.ends)


def _left(found: OpenItem, nurse: str, taken: Instant, done: Instant, outcome: Outcome) -> Raw:
    saw = found.item.level or Level.GREEN
    task, band = found.item.task, found.item.band
    take = TaskChange(act="take", task=task, owner=nurse, at=taken, saw_band=band, saw_level=saw)
    complete = TaskChange(
        act="complete", task=task, owner=nurse, at=done, saw_band=band, saw_level=saw, outcome=outcome.value
    )
    return apply(apply(found.raw, take), complete)


def _said(item: Item) -> str:
    if item.code is ItemCode.MESSAGE:
        return _MESSAGE_ANSWERED
    rule = item.rule or ""
    return next((text for part, text in _SAID if part in rule), _SAID_OTHERWISE)


def _numbered(raw: Raw, seed: int, n: int) -> Raw:
    logical = logical_id(seed, "Communication", n)
    return {**raw, "id": logical, "identifier": [uuid_identifier(logical)]}
