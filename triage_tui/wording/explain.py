"""Why is she first? A sentence or two for the pane under the queue, and for the patient's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from threshold_engine.model import Because, Instant, Level, Value
from triage_tui.wording.bands import band_word, level_in_sentence
from triage_tui.wording.dates import clock_time, deadline, local_day, when
from triage_tui.wording.language import gettext as _
from triage_tui.wording.measures import measure, short_name, value_with_unit
from triage_tui.wording.numbers import number
from triage_tui.wording.reasons import reason, remarks
from work_items.model import Band, Item, Mark, Row

_TOLD: Final = 3
"""So many readings are told one by one."""

_BAND_LEVEL: Final = {Band.RED: Level.RED, Band.YELLOW: Level.YELLOW}


def joined(parts: list[str]) -> str:
    """`a`, `a og b`, `a, b og c`."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def _at(at: Instant, now: Instant) -> str:
    if local_day(at) == local_day(now):
        return _("at {time}").format(time=clock_time(at))
    return when(at, now)


def _reading(code: str, at: Instant, value: Value, now: Instant) -> str:
    return f"{value_with_unit(code, value)} {_at(at, now)}"


def _limit_story(because: Because, now: Instant) -> str | None:
    """`SpO₂ var 86 % kl. 08:51 og 87 % i går 20:05, under 88 i 2 av 3`."""
    if because.kind != "limit" or not because.readings or because.limit is None:
        return None
    code = because.codes[0]
    told = [_reading(code, at, value, now) for _id, at, value in reversed(because.readings[-_TOLD:])]
    limit = number(because.limit, min(measure(code).decimals, 1))
    words = (
        _("{name} was {readings}, under {limit}")
        if because.direction == "below"
        else _("{name} was {readings}, over {limit}")
    )
    text = words.format(name=short_name(code), readings=joined(told), limit=limit)
    if because.beyond is not None and because.of is not None and because.of > 1:
        text += " " + _("in {n} of {of}").format(n=because.beyond, of=because.of)
    return text


def _colour_of(item: Item) -> str:
    level = _BAND_LEVEL.get(item.band)
    return _("blue") if level is None else level_in_sentence(level)


def also(
    items: tuple[Item, ...],
    because: Mapping[str, Because],
    now: Instant,
    known_until: Instant | None = None,
) -> str:
    """`Også: Puls 112 over 110 (gul).`; empty where there is nothing more."""
    if not items:
        return ""
    told = [
        f"{reason(item, because.get(item.task), now, known_until)} ({_colour_of(item)})" for item in items
    ]
    return _("Also: {reasons}.").format(reasons="; ".join(told))


def story(item: Item, because: Because | None, now: Instant, known_until: Instant | None = None) -> str:
    """What an item was raised for with its readings one by one, and what has become of it.

    `known_until`: when the server was last asked.
    """
    usable = because is not None and Mark.IMPOSSIBLE_VALUE not in item.marks
    told = _limit_story(because, now) if because is not None and usable else None
    if told is None:
        return reason(item, because, now, known_until)
    return ", ".join([told, *remarks(item, now, known_until)])


def why_first(
    row: Row, because: Mapping[str, Because], now: Instant, known_until: Instant | None = None
) -> str:
    """`RØD fordi SpO₂ var 86 % kl. 08:51 …, under 88 i 2 av 3. Frist 09:21, passert med 10 min. Også: …`

    `known_until`: when the server was last asked.
    """
    first = row.items[0]
    told = story(first, because.get(first.task), now, known_until)
    due = deadline(row.respond_by, now)
    parts = [
        _("{band} because: {story}.").format(band=band_word(row.band), story=told),
        due[:1].upper() + due[1:] + ".",
        also(row.items[1:], because, now, known_until),
    ]
    return " ".join(part for part in parts if part)


def taken_words(name: str, since: Instant | None, *, confirmed: bool, now: Instant) -> str:
    """`tatt av Kari Nordmann 08:10`, with `ikke bekreftet` until the server knows."""
    text = _("taken by {name}").format(name=name)
    if since is not None:
        text += f" {when(since, now)}"
    return text if confirmed else text + " " + _("(not confirmed)")
