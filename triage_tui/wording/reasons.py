"""Why: what an item was raised for and why a row is where it is, in words.

The data come from the engine (`Because`) and the item; nothing is judged here. The words of a reason begin
with what was measured, so that a narrow column still says the most important.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from threshold_engine.model import Because, Instant, Level, Value
from triage_tui.wording.bands import band_word, level_in_sentence
from triage_tui.wording.dates import DAY, HOUR, deadline, when
from triage_tui.wording.freshness import unknown_words
from triage_tui.wording.language import N_, ngettext
from triage_tui.wording.language import gettext as _
from triage_tui.wording.measures import in_sentence, measure, short_name, value_with_unit, with_unit
from triage_tui.wording.numbers import number, rounded, signed
from triage_tui.wording.own_score import points_words
from work_items.model import Band, Item, ItemCode, Mark, Row

_NAMED_CODES: Final = 3
"""So many codes are named in a reason; more only make it longer."""


def _is_number(value: Value | None) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _how_many(because: Because) -> str:
    """` (2 av 3)` where a rule asks for more than one reading."""
    if because.beyond is None or because.of is None or because.of < 2:
        return ""
    return " " + _("({n} of {of})").format(n=because.beyond, of=because.of)


def _names(codes: tuple[str, ...]) -> str:
    names = [in_sentence(short_name(code)) for code in codes[:_NAMED_CODES]]
    return ", ".join(names) + (" …" if len(codes) > _NAMED_CODES else "")


def _past_limit(name: str, value: str, because: Because) -> str:
    code = because.codes[0]
    if because.limit is None or because.direction not in ("below", "above"):
        return f"{name} {value}{_how_many(because)}"
    words = (
        _("{name} {value} under {limit}")
        if because.direction == "below"
        else _("{name} {value} over {limit}")
    )
    limit = number(because.limit, min(measure(code).decimals, 1))
    return words.format(name=name, value=value, limit=limit) + _how_many(because)


def _limit(because: Because, _now: Instant) -> str:
    code = because.codes[0]
    value = "" if because.measured is None else value_with_unit(code, because.measured)
    return _past_limit(short_name(code), value, because)


def _average(because: Because, _now: Instant) -> str:
    code = because.codes[0]
    measured = because.measured
    if measured is None or isinstance(measured, str | bool):
        return short_name(code)
    text = with_unit(code, rounded(measured, measure(code).decimals, because.limit))
    return _past_limit(_("{name}, average").format(name=short_name(code)), text, because)


def _span(because: Because) -> str:
    """` på 3 d`: from the first to the last reading that the change is counted over."""
    if len(because.readings) < 2:
        return ""
    ms = because.readings[-1][1] - because.readings[0][1]
    if ms < HOUR:
        return ""
    if ms < DAY:
        return " " + _("in {n} h").format(n=-(-ms // HOUR))
    return " " + _("in {n} d").format(n=max(1, round(ms / DAY)))


def _change(because: Because, _now: Instant) -> str:
    code = because.codes[0]
    measured = because.measured
    if measured is None or isinstance(measured, str | bool):
        return short_name(code)
    decimals = measure(code).decimals
    size = signed(-measured if because.direction == "fall" else measured, decimals)
    text = f"{short_name(code)} {with_unit(code, size)}{_span(because)}"
    if because.limit is not None:
        text += " " + _("(limit {limit})").format(limit=number(because.limit, decimals))
    return text + _how_many(because)


def _sum_over(name: str, because: Because) -> str:
    if because.measured is None or isinstance(because.measured, str | bool):
        return name
    total = number(because.measured)
    if because.limit is None or because.measured < because.limit:
        return f"{name} {total}"
    return _("{name} {total} (limit {limit})").format(name=name, total=total, limit=number(because.limit))


def _points(because: Because, _now: Instant) -> str:
    if because.shares:
        return points_words(sum(share.points for share in because.shares), because.shares) + _how_many(
            because
        )
    return _sum_over(_("Points"), because) + _how_many(because)


def _score(because: Because, _now: Instant) -> str:
    text = _sum_over("NEWS2", because)
    measured, limit = because.measured, because.limit
    if _is_number(measured) and _is_number(limit) and measured < limit:  # type: ignore[operator]
        text += ", " + _("one measure gives 3")
    return text


def _answer(because: Because, _now: Instant) -> str:
    code = because.codes[0]
    if because.measured is None or because.measured is True:
        return _("Answered: {question}").format(question=short_name(code))
    return _("Answered: {question}: {answer}").format(
        question=short_name(code), answer=value_with_unit(code, because.measured)
    )


def _count(because: Because, _now: Instant) -> str:
    if not _is_number(because.measured):
        return _names(because.codes)
    n = number(because.measured)  # type: ignore[arg-type]
    of = because.of if because.of and because.of > 1 else len(because.codes)
    return _("Worsening: {n} of {of} ({names})").format(n=n, of=of, names=_names(because.codes))


def _missing(because: Because, now: Instant) -> str:
    since = because.since if because.since is not None else because.at
    text = _("No reading since {when}").format(when=when(since, now))
    return f"{text} ({_names(because.codes)})" if because.codes else text


def _implausible(because: Because, _now: Instant) -> str:
    return _with_value(_("reading that can't be right"), because)


def _with_value(words: str, because: Because) -> str:
    """`SpO₂ 45 %: <words>`."""
    if not because.codes:
        return words
    name, measured = short_name(because.codes[0]), because.measured
    value = "" if measured is None else " " + value_with_unit(because.codes[0], measured)
    return f"{name}{value}: {words}"


_BY_KIND: Final[Mapping[str, Callable[[Because, Instant], str]]] = {
    "limit": _limit,
    "change": _change,
    "average": _average,
    "points": _points,
    "score": _score,
    "answer": _answer,
    "count": _count,
    "missing": _missing,
    "implausible": _implausible,
}

_BY_CODE: Final[Mapping[ItemCode, str]] = {
    ItemCode.ALERT: N_("Alert"),
    ItemCode.MISSING: N_("Readings are missing"),
    ItemCode.TECHNICAL: N_("Technical fault"),
    ItemCode.MESSAGE: N_("Message from the patient"),
    ItemCode.GP_ANSWER: N_("Answer from the GP"),
    ItemCode.GP_OVERDUE: N_("The GP hasn't answered: ring the surgery, or 116 117"),
    ItemCode.ESCALATION: N_("Escalated, waiting for an answer"),
    ItemCode.FOLLOW_UP: N_("Planned follow-up"),
}

_FAULTS: Final[tuple[tuple[Mark, str], ...]] = (
    (Mark.NO_VALID_PLAN, N_("no valid plan")),
    (Mark.JUDGE_FAILED, N_("judging failed: look at the readings yourself")),
    (Mark.UNUSABLE_TIME, N_("Reading whose time can't be used")),
    (Mark.UNUSABLE_UNIT, N_("Reading whose unit can't be used")),
)

_MARKS: Final[tuple[tuple[Mark, str], ...]] = (
    (Mark.AGAIN, N_("again")),
    (Mark.RAISED_AGAIN, N_("raised again")),
    (Mark.REPEATED, N_("repeated")),
)


def _what_for(item: Item, because: Because | None, now: Instant) -> str:
    """What the item was raised for, without its marks."""
    for mark, words in _FAULTS:
        if mark in item.marks:
            return _(words)
    if Mark.IMPOSSIBLE_VALUE in item.marks:
        words = _("impossible value, measure again")
        return words if because is None else _with_value(words, because)
    if (
        because is not None
        and because.kind in _BY_KIND
        and (because.codes or because.kind in ("missing", "points"))
    ):
        return _BY_KIND[because.kind](because, now)
    return _(_BY_CODE[item.code])


def _unknown(item: Item, known_until: Instant | None, now: Instant) -> list[str]:
    """`ukjent siden 07:58`, for an item that says that nobody measured."""
    unknown = unknown_words(known_until, now)
    return [unknown] if unknown and item.code is ItemCode.MISSING and item.stands else []


def remarks(item: Item, now: Instant, known_until: Instant | None = None) -> list[str]:
    """What is remarkable about an item beside what it was raised for: `nå gul`, `igjen`, `lokalt`, …

    `known_until`: when the server was last asked. Whether somebody has measured since isn't known here.
    """
    said = _unknown(item, known_until, now)
    if item.withdrawn:
        said.append(_("the alert was withdrawn"))
    elif item.level is Level.GREEN:
        said.append(_("back to green"))
    elif item.band is Band.RED and item.level is Level.YELLOW:
        said.append(_("now {level}").format(level=level_in_sentence(Level.YELLOW)))
    said += [_(word) for mark, word in _MARKS if mark in item.marks]
    if item.local:
        said.append(_("found here, not yet by the server"))
    return said


def reason(item: Item, because: Because | None, now: Instant, known_until: Instant | None = None) -> str:
    """What `item` was raised for and what has become of it: `SpO₂ 86 % under 88 (2 av 3), nå gul`.

    `because` is the engine's account of its worst change; items without an episode have none.
    `known_until`: as of `remarks`.
    """
    if because is not None and _unknown(item, known_until, now):
        because = replace(
            because, codes=()
        )  # what isn't known matters more than the names, in a narrow column
    return ", ".join([_what_for(item, because, now), *remarks(item, now, known_until)])


def why(row: Row, because: Mapping[str, Because], now: Instant, known_until: Instant | None = None) -> str:
    """Why a row is where it is: `RØD · SpO₂ 86 % under 88 (2 av 3) · frist 09:40, om 12 min · 2 varsler`.

    `because` maps the row's tasks to the engine's account; those without an episode are left out of it.
    `known_until`: as of `remarks`.
    """
    parts = [band_word(row.band)]
    if row.items:
        first = row.items[0]
        parts.append(reason(first, because.get(first.task), now, known_until))
    parts.append(deadline(row.respond_by, now))
    n = len(row.items)
    parts.append(ngettext("{n} alert", "{n} alerts", n).format(n=n))
    return " · ".join(parts)
