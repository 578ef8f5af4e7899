"""An episode ↔ DetectedIssue, the evidence of an alert (docs/fhir.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from fhir_r4 import systems
from fhir_r4.codes import ENGINE_TO_CODING, is_form_code
from fhir_r4.errors import BadElement, NotFhir
from fhir_r4.raw import (
    Raw,
    child,
    decode_json,
    extension_of,
    members,
    reference_of,
    text_at,
    uuid_identifier,
    uuid_of,
    with_extension,
)
from fhir_r4.references import to
from threshold_engine.episodes import episode_from_json, episode_to_json
from threshold_engine.instants import format_instant
from threshold_engine.model import Episode, Level

IMPLAUSIBLE: Final = "implausible"
_FORM_KINDS: Final = frozenset({"answer", "count"})
_FHIR_CODE: Final = re.compile(r"[^\s]+(\s[^\s]+)*")


def issue_of(
    episode: Episode,
    *,
    kind: str | None,
    codes: Iterable[str] = (),
    references: Mapping[str, str] | None = None,
    current: Raw | None = None,
) -> Raw:
    """The DetectedIssue of an episode: new, or a patch of `current` that keeps what we don't know.

    `kind`: the engine's kind of the rule, `implausible`, or none where the rule is gone. `codes`: what the
    rule looks at. `references`: reading id → `<type>/<id>`; a reading that it lacks is referred to by its id.
    """
    raw: Raw = {"resourceType": "DetectedIssue"}
    if current:  # what was withdrawn and stands again is no longer replaced by anything
        raw = with_extension(current, systems.REPLACED_BY, None)
    if current is None:
        raw["identifier"] = [uuid_identifier(episode.id)]
    watched = sorted(codes)
    raw["status"] = "preliminary" if episode.cleared is None else "final"
    raw["severity"] = _severity(episode, kind)
    raw["patient"] = to(f"Patient/{episode.patient}")
    raw["identifiedDateTime"] = format_instant(episode.onset)
    if current is None or kind is not None:  # of a rule that is gone the issue itself knows best
        raw["code"] = _code(episode, kind, watched)
        raw["implicated"] = _implicated(episode, kind, watched, references or {})
        if not raw["implicated"]:
            del raw["implicated"]
    return with_episode(raw, episode)


def with_episode(raw: Raw, episode: Episode) -> Raw:
    """A copy that holds this episode as JSON."""
    written = json.dumps(episode_to_json(episode), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return with_extension(raw, systems.ENGINE_EPISODE, {"valueString": written})


def withdrawn(current: Raw, same_as: str | None = None) -> Raw:
    """A published issue that never was, or (`same_as`: an episode's id) is the same as another."""
    raw = {**current, "status": "entered-in-error"}
    if same_as is not None:
        raw = with_extension(raw, systems.REPLACED_BY, {"valueUri": f"{systems.UUID_PREFIX}{same_as}"})
    return raw


def is_ours(raw: Raw) -> bool:
    """Whether a resource is a DetectedIssue that carries an episode of the engine."""
    is_issue = raw.get("resourceType") == "DetectedIssue"
    return is_issue and extension_of(raw, systems.ENGINE_EPISODE) is not None


def episode_of(raw: Raw) -> Episode | None:
    """The episode that a DetectedIssue carries, under the published identity; none where it carries none.

    Raises:
        BadElement: Its extension can't be read.
    """
    text = text_at(extension_of(raw, systems.ENGINE_EPISODE) or {}, "valueString")
    if text is None:
        return None
    try:
        episode = episode_from_json(decode_json(text))
    except (NotFhir, ValueError) as error:
        raise BadElement(reference_of(raw), "DetectedIssue.extension", str(error)) from None
    published = uuid_of(raw)
    if published is None or published == episode.id:
        return episode
    return Episode(
        id=published,
        patient=episode.patient,
        rule=episode.rule,
        onset=episode.onset,
        level=episode.level,
        peak=episode.peak,
        cleared=episode.cleared,
        reason=episode.reason,
        changes=episode.changes,
    )


def is_undone(raw: Raw) -> bool:
    """Whether a published issue was withdrawn, or found to be the same as another."""
    return raw.get("status") == "entered-in-error"


def level_of(raw: Raw) -> Level | None:
    """The level of a published issue now: green once cleared or withdrawn; none where it carries no episode.

    Raises:
        BadElement: Its extension can't be read.
    """
    episode = episode_of(raw)
    if episode is None:
        return None
    return Level.GREEN if episode.cleared is not None or is_undone(raw) else episode.level


def same_as(raw: Raw) -> str | None:
    """UUID of the issue that this one turned out to be the same as, or none."""
    uri = text_at(extension_of(raw, systems.REPLACED_BY) or {}, "valueUri")
    return uri.lower().removeprefix(systems.UUID_PREFIX) if uri else None


def rule_of(raw: Raw) -> str | None:
    """Our rule id among an issue's codes."""
    for coding in members(child(raw, "code").get("coding")):
        if coding.get("system") == systems.RULE:
            return text_at(coding, "code") or text_at(coding, "display")
    return None


def reading_reference(reading: str, references: Mapping[str, str]) -> Raw:
    """A reference to a reading's resource: literal where it is known or told by the id, else logical."""
    known = references.get(reading)
    if known is None and "|" not in reading:
        whole = reading.partition("#")[0]
        known = whole if whole.startswith("Observation/") else f"QuestionnaireResponse/{whole}"
    if known is not None:
        return to(known)
    system, _, value = reading.partition("|")
    whole, _, part = value.rpartition("#")
    if whole and (part in ENGINE_TO_CODING or "|" in part):
        value = whole
    return {"type": "Observation", "identifier": {**({"system": system} if system else {}), "value": value}}


def _code(episode: Episode, kind: str | None, codes: list[str]) -> Raw:
    form = kind in _FORM_KINDS or (bool(codes) and all(is_form_code(code) for code in codes))
    rule_is_code = _FHIR_CODE.fullmatch(episode.rule) is not None
    ours: Raw = {"system": systems.RULE, "code" if rule_is_code else "display": episode.rule}
    if kind == IMPLAUSIBLE:
        alert = "5"
    elif kind == "missing":
        alert = "5.3.1" if form else "5.3.2"
    else:
        alert = "5.2.2" if form else "5.2.1"
    concept: Raw = {"coding": [{"system": systems.ALERT_CODE, "code": alert}, ours]}
    if kind == IMPLAUSIBLE:
        concept["text"] = f"Teknisk: umulig verdi ({episode.rule.partition(':')[2]})"
    return concept


def _severity(episode: Episode, kind: str | None) -> str:
    if kind == IMPLAUSIBLE or episode.rule.startswith(f"{IMPLAUSIBLE}:"):
        return "low"
    return "high" if episode.peak is Level.RED else "moderate"


def _implicated(
    episode: Episode, kind: str | None, codes: list[str], references: Mapping[str, str]
) -> list[object]:
    if kind == "missing":
        return [{"identifier": _measure(code)} for code in codes]
    found: list[object] = []
    for reading in dict.fromkeys(change.reading for change in episode.changes if change.reading):
        reference = reading_reference(reading, references)
        if reference not in found:
            found.append(reference)
    return found


def _measure(code: str) -> Raw:
    """The identifier of what is missing: LOINC (or SNOMED CT) where the measure has such a code."""
    last, _, value = code.partition("|")
    if last == "loinc.org" and value:
        return {"system": systems.LOINC, "value": value}
    system, value, _ = ENGINE_TO_CODING.get(code, (systems.CODE, code, ""))
    return {"system": system, "value": value}
