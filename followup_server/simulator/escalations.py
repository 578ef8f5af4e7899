"""What the demo centre's nurses lifted to the GP, and what became of it: request, tracking Task, answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from fhir_r4 import systems
from fhir_r4.communications import message
from fhir_r4.raw import Raw
from fhir_r4.references import to, to_uuid
from fhir_r4.service_requests import NewEscalation, escalation
from fhir_r4.tasks import task_of
from followup_server.simulator.identity import dice, logical_id
from threshold_engine.model import Instant
from work_items import Escalation
from work_items.centre import HOUR, Centre
from work_items.escalations import answer_due
from work_items.identity import other_task_uuid
from work_items.model import Band, Item, ItemCode, ItemState

_ANSWERS: Final = 0.55
_REFUSES: Final = 0.15
_SAYS: Final = (
    "Takk for beskjed. Dobler vanndrivende i tre dager, ny vekt på fredag. Gi beskjed ved forverring.",
    "Har sett verdiene. Starter prednisolonkur, setter opp time hos oss i morgen kl. 10.",
    "Fortsetter som før og måler to ganger daglig. Hever gul grense, skriver inn i planen.",
)
_DECLINES: Final = "Pasienten er ikke på min liste lenger. Send til ny fastlege."


@dataclass(frozen=True, slots=True)
class Lifted:
    """Alerts that a nurse lifts to the GP in one request."""

    patient: str
    nurse: str
    """`Practitioner/…`"""
    gp: str
    """`Practitioner/…`"""
    at: Instant
    items: Sequence[Item]


def lifted(seed: int, n: int, what: Lifted, centre: Centre, until: Instant) -> Iterator[Raw]:
    """The ServiceRequest numbered `n`, its Task, and the answer if it has come by `until`.

    The answer has neither id nor identifier yet.
    """
    random = dice(seed, "escalation", what.items[0].task)
    band = max(item.band for item in what.items)
    op = logical_id(seed, "ServiceRequest", n)
    request = escalation(
        op,
        NewEscalation(
            patient=what.patient,
            requester=what.nurse,
            at=what.at,
            helper="gp",
            band=band,
            text=_isbar(what.items[0]),
            performer=what.gp,
            episodes=[item.episode.id for item in what.items if item.episode is not None],
            tasks=[item.task for item in what.items],
        ),
    )
    yield {**request, "id": op}
    answered, text = _answer(random, what, band, centre)
    has_come = answered is not None and answered <= until
    yield _tracking(seed, n, what, band, centre, state="answered" if has_come else "received")
    if has_come and answered is not None:
        answer = message("", patient=what.patient, author=what.gp, at=answered, text=text)
        yield {
            **answer,
            "basedOn": [to_uuid("ServiceRequest", op, f"ServiceRequest/{op}")],
            "recipient": [to(what.nurse)],
            "received": answer["sent"],
        }


def _answer(random: Random, what: Lifted, band: Band, centre: Centre) -> tuple[Instant | None, str]:
    """When the GP answers, if ever, and what."""
    chance, says = random.random(), random.choice(_SAYS)
    hours = random.uniform(0.3, 1.8) if band is Band.RED else random.uniform(1, 7)
    if chance > _ANSWERS + _REFUSES:
        return None, ""
    at = centre.after_open_time(what.at, int(hours * HOUR)) // 1000 * 1000
    return at, says if chance < _ANSWERS else _DECLINES


def _tracking(seed: int, n: int, what: Lifted, band: Band, centre: Centre, *, state: str) -> Raw:
    op = logical_id(seed, "ServiceRequest", n)
    name = f"{systems.UUID_PREFIX}{op}"
    item = Item(
        task=other_task_uuid(ItemCode.ESCALATION, name, 1),
        patient=what.patient,
        code=ItemCode.ESCALATION,
        what=name,
        band=band,
        state=ItemState.IN_PROGRESS,
        raised=what.at,
        respond_by=answer_due(Escalation(name, band, what.at, True, ()), centre),
        owner=what.nurse,
        owned_since=what.at,
        touched=True,
    )
    task = task_of(item, focus=to_uuid("ServiceRequest", op, f"ServiceRequest/{op}"), modified=what.at)
    coding = {"system": systems.ESCALATION_STATE, "code": state}
    return {**task, "id": logical_id(seed, "Task", n), "businessStatus": {"coding": [coding]}}


def _isbar(item: Item) -> str:
    return "\n".join(
        (
            "I: Nord-Troms oppfølgingssenter, digital hjemmeoppfølging.",
            f"S: Varsel om {item.rule or 'måling'} utenfor avtalt grense, vedvarer.",
            "B: Følges etter egenbehandlingsplan som er godkjent av fastlege.",
            "A: Snakket med pasienten på telefon, plagsom, men ikke akutt syk.",
            "R: Ber om vurdering av behandling, og av om grensene skal endres.",
        )
    )
