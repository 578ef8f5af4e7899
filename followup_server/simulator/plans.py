"""A simulated patient's self-treatment plan as a CarePlan: from the first weeks, approved by the GP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from fhir_r4.care_plans import ZONE_COLOURS, Approval, Zone, ZoneColour, with_approvals
from fhir_r4.care_plans import care_plan as new_care_plan
from fhir_r4.raw import Raw
from followup_server.simulator.identity import logical_id
from followup_server.simulator.measurements import Measured
from followup_server.simulator.people import Person
from followup_server.simulator.resources import gp_name, gp_reference, identified
from followup_server.simulator.stories import Away
from programmes import Proposal, Template, load_template, propose
from threshold_engine.instants import format_instant
from threshold_engine.model import Instant
from threshold_engine.readings import Reading

_COLOURS: Final[Mapping[str, ZoneColour]] = {colour: colour for colour in ZONE_COLOURS}


def proposal(seed: int, person: Person, first_weeks: Iterable[Measured], now: Instant) -> Proposal:
    """The plan that a nurse would propose from the person's own first readings, in force from `now`."""
    patient = logical_id(seed, "Patient", person.n)
    readings = (reading for measured in first_weeks for reading in readings_of(patient, measured))
    return propose(_template(person.programme), readings, now, patient=patient)


def care_plan(
    seed: int, person: Person, proposed: Proposal, since: Instant, author: Raw, away: Away | None = None
) -> Raw:
    """The CarePlan; `since` is the instant from which it is in force, `author` a reference to the nurse.

    `away`: a time for which it is paused.
    """
    patient = logical_id(seed, "Patient", person.n)
    zones = [Zone(_COLOURS[zone.colour], zone.patient, zone.centre) for zone in proposed.zones]
    plan = {**proposed.plan, "pauses": _pauses(away)}
    raw = new_care_plan(patient, plan, title=_template(person.programme).title, zones=zones)
    raw = with_approvals(raw, [Approval(1, gp_name(seed, person.gp), since)])
    at = format_instant(since)
    return {
        **identified(seed, "CarePlan", person.n),
        **raw,
        "period": {"start": at},
        "created": at,
        "author": author,
        "contributor": [gp_reference(seed, person.gp)],
    }


def _pauses(away: Away | None) -> list[Raw]:
    if away is None:
        return []
    end: Raw = {} if away.ends is None else {"to": format_instant(away.ends)}
    return [{"from": format_instant(away.begins), **end}]


def readings_of(patient: str, measured: Measured) -> Iterator[Reading]:
    """A measurement as the engine takes it; `patient` is the Patient's logical id."""
    for code, tenths in measured.values:
        value = tenths * 100_000
        yield Reading(f"{measured.message}#{code}", patient, code, value, measured.at, measured.received)


@cache
def _template(programme: str) -> Template:
    return load_template(programme)
