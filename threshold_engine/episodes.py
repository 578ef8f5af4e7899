"""Episodes: made from a rule's changes of level, written as JSON and read from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from threshold_engine.identity import episode_id
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Change, ClearedBy, Episode, Instant, Level

_LEVELS: Final = {level.word: level for level in Level}
_REASONS: Final[Mapping[str, ClearedBy]] = {"reading": "reading", "plan": "plan", "pause": "pause"}


def episodes_of(
    patient: str, rule: str, changes: Iterable[Change], ended: Instant | None = None
) -> list[Episode]:
    """The episodes in one life of a rule, oldest first.

    `changes` oldest first, beginning at green; `ended` is the instant at which the life ended, which clears
    what is still open. A clearing without a reading in between is a pause's.
    """
    episodes: list[Episode] = []
    run: list[Change] = []
    for change in changes:
        run.append(change)
        if change.level is Level.GREEN:
            reason: ClearedBy = "pause" if change.reading is None else "reading"
            episodes.append(_episode(patient, rule, run, reason))
            run = []
    if run and ended is not None:
        run.append(Change(ended, Level.GREEN, None))
        episodes.append(_episode(patient, rule, run, "plan"))
    elif run:
        episodes.append(_episode(patient, rule, run, None))
    return episodes


def _episode(patient: str, rule: str, run: list[Change], reason: ClearedBy | None) -> Episode:
    onset = run[0].at
    last = run[-1] if reason is None else run[-2]
    return Episode(
        id=episode_id(patient, rule, onset),
        patient=patient,
        rule=rule,
        onset=onset,
        level=last.level,
        peak=max([change.level for change in run]),
        cleared=None if reason is None else run[-1].at,
        reason=reason,
        changes=tuple(run),
    )


def episode_to_json(episode: Episode) -> dict[str, object]:
    """An episode as JSON, instants and levels in words."""
    return {
        "id": episode.id,
        "patient": episode.patient,
        "rule": episode.rule,
        "onset": format_instant(episode.onset),
        "level": episode.level.word,
        "peak": episode.peak.word,
        "cleared": None if episode.cleared is None else format_instant(episode.cleared),
        "reason": episode.reason,
        "changes": [
            {"at": format_instant(change.at), "level": change.level.word, "reading": change.reading}
            for change in episode.changes
        ],
    }


def episode_from_json(raw: object) -> Episode:
    """An episode from JSON as `episode_to_json` writes it. Raises ValueError where it isn't one."""
    if not isinstance(raw, Mapping):
        raise ValueError("an episode must be an object")  # noqa: TRY004 - one kind of error for bad JSON
    cleared, reason, changes = raw.get("cleared"), raw.get("reason"), raw.get("changes")
    if (cleared is None) != (reason is None) or (reason is not None and reason not in _REASONS):
        raise ValueError("an episode is cleared for a reason: reading, plan or pause")
    if not isinstance(changes, list) or not changes:
        raise ValueError("an episode has a list of changes")
    return Episode(
        id=_text(raw, "id"),
        patient=_text(raw, "patient"),
        rule=_text(raw, "rule"),
        onset=parse_instant(_text(raw, "onset")),
        level=_level(raw, "level"),
        peak=_level(raw, "peak"),
        cleared=None if cleared is None else parse_instant(_text(raw, "cleared")),
        reason=None if reason is None else _REASONS[reason],
        changes=tuple(_change(change) for change in changes),
    )


def _change(raw: object) -> Change:
    if not isinstance(raw, Mapping):
        raise ValueError("a change must be an object")  # noqa: TRY004 - as above
    reading = None if raw.get("reading") is None else _text(raw, "reading")
    return Change(parse_instant(_text(raw, "at")), _level(raw, "level"), reading)


def _text(raw: Mapping[str, object], name: str) -> str:
    found = raw.get(name)
    if not isinstance(found, str) or not found:
        raise ValueError(f"{name} must be a string")
    return found


def _level(raw: Mapping[str, object], name: str) -> Level:
    word = _text(raw, name)
    if word not in _LEVELS:
        raise ValueError(f"{name} must be green, yellow or red")
    return _LEVELS[word]
