"""Seen readings written down, for a server to keep beside the readings themselves.

What is written is health data, and a cache: whoever can't read it back judges anew. Only what can still
matter is in it, so that it doesn't grow with the history (`threshold_engine.abridging`).
"""

from __future__ import annotations

import zlib
from typing import Final, Literal

import msgspec

from fhir_r4.compartment import Evidence
from fhir_r4.observations import Unusable
from fhir_r4.plan_choice import PlanChoice
from fhir_r4.reading_facts import ReadingFacts
from fhir_r4.seen_readings import SeenReadings
from threshold_engine import Instant, Level, StateError, Step, load, save
from threshold_engine.abridging import abridged, since_when
from threshold_engine.errors import StateOutdated

_FORMAT: Final = 2
"""Raised with every change of what is written or of how resources are read: older states are judged anew."""
_LARGEST: Final = 1 << 26
"""No state of one patient is larger than this when it is unpacked."""


class _Unusable(msgspec.Struct, array_like=True, frozen=True):
    reading: str
    patient: str
    code: str
    why: Literal["time", "unit"]
    text: str
    reference: str


class _Written(msgspec.Struct, array_like=True, frozen=True):
    """The order of the members is the form."""

    format: int
    now: Instant
    since: Instant
    engine: bytes
    """Empty without a readable plan."""
    mapping: dict[str, str]
    forms: int | None
    measured: bool
    last_measured: Instant | None
    references: dict[str, str]
    received: dict[str, Instant]
    impossible: list[str]
    earlier: dict[str, list[tuple[Instant, str, int]]]
    unusable: list[_Unusable]


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(_Written)


def written(seen: SeenReadings) -> bytes:
    """As bytes, for `resumed`: what nothing that comes will make the judge look at again is left out."""
    judge, since, engine = seen.judgement, seen.now, b""
    ids: list[str] = []
    if judge is not None:
        since = max(since_when(judge), seen.facts.since or since_when(judge))
        kept = abridged(judge, since)
        engine = save(judge, kept)
        ids = [reading.id for reading in kept.known]
    facts = seen.facts.abridged(judge, ids, since)
    raw = _Written(
        format=_FORMAT,
        now=seen.now,
        since=since,
        engine=engine,
        mapping=dict(seen.mapping),
        forms=seen.forms,
        measured=facts.measured,
        last_measured=facts.last_measured,
        references=facts.references,
        received=facts.received,
        impossible=sorted(facts.impossible),
        earlier={rule: [(s.at, s.reading, s.beyond) for s in steps] for rule, steps in facts.earlier.items()},
        unusable=[_Unusable(u.reading, u.patient, u.code, u.why, u.text, u.reference) for u in seen.unusable],
    )
    return zlib.compress(_ENCODER.encode(raw), 1)


def resumed(data: bytes, choice: PlanChoice) -> SeenReadings:
    """What was written, under the plan as it is now.

    Raises StateError where the bytes are damaged, or of another plan or another version of this program.
    """
    try:
        raw = _DECODER.decode(zlib.decompressobj().decompress(data, _LARGEST))
        steps = {
            rule: tuple(Step(at, reading, Level(beyond)) for at, reading, beyond in found)
            for rule, found in raw.earlier.items()
        }
    except (zlib.error, msgspec.MsgspecError, ValueError) as error:
        raise StateError("is damaged: judge anew") from error
    document = choice.document
    if raw.format != _FORMAT or (document is None) != (raw.engine == b""):
        raise StateOutdated("is of another plan or another version of this program: judge anew")
    if document is not None and document.form_mapping != raw.mapping:
        raise StateOutdated("is of a plan that reads answers otherwise: judge anew")
    facts = ReadingFacts(
        references=raw.references,
        received=raw.received,
        impossible=set(raw.impossible),
        measured=raw.measured,
        last_measured=raw.last_measured,
        since=raw.since,
        earlier=steps,
    )
    unusable = tuple(
        Unusable(one.reading, one.patient, one.code, one.why, one.text, one.reference) for one in raw.unusable
    )
    judgement = load(document.plan, raw.engine) if document is not None else None
    return SeenReadings(Evidence(choice, (), unusable), raw.now, raw.forms, judgement, facts)
