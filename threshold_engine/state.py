"""A judge written down and carried on later: what a server keeps between two readings.

The bytes hold health data and belong where the readings themselves are kept. They are a cache: whoever can't
read them back judges anew from the readings.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any, Final

from threshold_engine.content import content_text
from threshold_engine.errors import StateError, StateOutdated
from threshold_engine.model import Change, Level
from threshold_engine.patient_judge import KeptJudge, PatientJudge
from threshold_engine.plans import Plan
from threshold_engine.readings import Reading
from threshold_engine.track import Kept

_FORMAT: Final = 1
"""Raised with every change of what is written or of what a rule means: older states are then judged anew."""
_LARGEST: Final = 1 << 28
"""No state of one patient is larger than this when it is unpacked."""


def save(judge: PatientJudge, kept: KeptJudge | None = None) -> bytes:
    """A judge as bytes, for `load`; `kept`: less of it than all (`abridging.abridged`)."""
    kept = judge.kept() if kept is None else kept
    raw = {
        "format": _FORMAT,
        "plan": fingerprint(judge.plan),
        "now": kept.now,
        "known": [_row(reading) for reading in kept.known],
        "tracks": [
            [rule, start, [[c.at, c.level, c.reading] for c in changes], marks]
            for (rule, start), (changes, marks) in kept.tracks.items()
        ],
    }
    return zlib.compress(json.dumps(raw, separators=(",", ":")).encode("utf-8", "surrogatepass"), 1)


def load(plan: Plan, data: bytes) -> PatientJudge:
    """The judge that was saved, of the same plan.

    Raises StateError where the bytes are damaged, or of another plan or another version of the engine.
    """
    try:
        unpack = zlib.decompressobj()
        raw = json.loads(unpack.decompress(data, _LARGEST).decode("utf-8", "surrogatepass"))
        fits = raw["format"] == _FORMAT and raw["plan"] == fingerprint(plan)
        kept = _kept(raw) if fits else None
    except (zlib.error, ValueError, KeyError, TypeError, LookupError, RecursionError) as error:
        raise StateError("is damaged: judge anew") from error
    if kept is None:
        raise StateOutdated("is of another plan or another version of the engine: judge anew")
    return PatientJudge.resumed(plan, kept)


def fingerprint(plan: Plan) -> str:
    """The same for two plans that the engine judges alike, as written."""
    versions = ";".join(
        f"{version.valid_from}:"
        + ",".join(f"{rule.id!r}={content_text(rule.content)}" for rule in version.rules)
        for version in plan.versions
    )
    text = f"{plan.patient!r}|{versions}|{[(pause.start, pause.end) for pause in plan.pauses]}"
    from hashlib import sha256  # noqa: PLC0415 - as in identity.py

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _row(reading: Reading) -> list[object]:
    return [
        reading.id,
        reading.patient,
        reading.code,
        reading.value,
        reading.effective,
        reading.received,
        reading.version,
        reading.status,
        None if reading.written is None else reading.canonical,
    ]


def _kept(raw: dict[str, Any]) -> KeptJudge:
    tracks = {
        (rule, start): Kept(tuple(_changes(changes)), tuple(marks))
        for rule, start, changes, marks in raw["tracks"]
    }
    return KeptJudge(raw["now"], tuple(Reading(*row) for row in raw["known"]), tracks)


def _changes(raw: Iterable[list[Any]]) -> Iterable[Change]:
    return (Change(at, Level(level), reading) for at, level, reading in raw)
