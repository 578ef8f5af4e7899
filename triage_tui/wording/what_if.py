"""What limits tried out on history come to, in words and a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len

from threshold_engine.model import Episode, Instant
from threshold_engine.numbers import ONE
from threshold_engine.what_if import Caught, Pair, Tally, WhatIf
from threshold_engine.what_if.answer import MONTH
from triage_tui.wording.bands import level_in_sentence
from triage_tui.wording.dates import duration, full_date, local_day, when
from triage_tui.wording.language import gettext as _
from triage_tui.wording.language import ngettext
from triage_tui.wording.numbers import rounded
from triage_tui.wording.safe_text import clean

_CHANGED: Final = "*"
_SHOWN: Final = 20


def what_if_lines(
    answer: WhatIf,
    *,
    begin: Instant,
    held_since: Instant | None,
    one_by_one: bool,
    without: int = 0,
    planless: int = 0,
) -> Iterator[str]:
    """Which time and whom, a table of the rules, what goes and comes, what was caught.

    `one_by_one` tells each alarm that differs, as for one patient.
    """
    yield from _about(answer, begin, held_since)
    if without:
        yield ngettext("{n} other has no such rule", "{n} others have no such rule", without).format(
            n=without
        )
    if planless:
        yield ngettext("{n} other has no plan in force", "{n} others have no plan in force", planless).format(
            n=planless
        )
    yield ""
    yield from _table(answer)
    yield ""
    yield from _difference(answer, one_by_one=one_by_one)
    yield from _caught(answer, one_by_one=one_by_one)


def _about(answer: WhatIf, begin: Instant, held_since: Instant | None) -> Iterator[str]:
    months = rounded(answer.patient_time * ONE // MONTH, 1)
    yield _("Tried on {from_day} to {to_day}: {patients}, {months} patient-months").format(
        from_day=full_date(local_day(begin)),
        to_day=full_date(local_day(answer.now)),
        patients=ngettext("{n} patient", "{n} patients", answer.patients).format(n=answer.patients),
        months=months,
    )
    if held_since is None:
        yield _("There are no readings here")
    else:
        yield _("The readings here reach back to {day}").format(day=full_date(local_day(held_since)))


def _table(answer: WhatIf) -> Iterator[str]:
    """Right-aligned numbers under two words each, for as it is and as tried; `*` marks what was changed."""
    yellow, red = _("yellow"), _("red")
    rows = [
        (f"{_CHANGED if rule.changed else ' '} {clean(rule.rule)}", *_numbers(rule.before, rule.after))
        for rule in answer.rules
    ]
    rows.append(("  " + _("all rules"), *_numbers(answer.before, answer.after)))
    first = max(cell_len(row[0]) for row in rows)
    heads = (_("as it is"), _("as tried"))
    widest = max(cell_len(text) for text in (yellow, red, *(cell for row in rows for cell in row[1:])))
    wide = max(widest + 2, *((cell_len(head) + 3) // 2 for head in heads))
    yield " " * first + "".join(_padded(head, 2 * wide) for head in heads)
    yield " " * first + "".join(_padded(text, wide) for text in (yellow, red, yellow, red))
    for name, *cells in rows:
        yield name + " " * (first - cell_len(name)) + "".join(_padded(cell, wide) for cell in cells)
    before, after = (rounded(answer.monthly(side.both), 2) for side in (answer.before, answer.after))
    yield _("Alarms per patient-month: {before} as it is, {after} as tried").format(
        before=before, after=after
    )


def _numbers(before: Tally, after: Tally) -> tuple[str, str, str, str]:
    return str(before.yellow), str(before.red), str(after.yellow), str(after.red)


def _padded(text: str, wide: int) -> str:
    return " " * (wide - cell_len(text)) + text


def _difference(answer: WhatIf, *, one_by_one: bool) -> Iterator[str]:
    said, now = answer.difference, answer.now
    counted = _("Would go: {gone} · come: {come} · move: {moved} · stay: {alike}").format(
        gone=len(said.gone),
        come=len(said.come),
        moved=len(said.moved),
        alike=len(said.pairs) - len(said.moved),
    )
    if said.split or said.merged:
        counted += " · " + _("fall apart: {split} · grow together: {merged}").format(
            split=len(said.split), merged=len(said.merged)
        )
    yield counted
    if not one_by_one:
        return
    yield from _listed(_("Would go"), [_alarm(one, now) for one in said.gone])
    yield from _listed(_("Would come"), [_alarm(one, now) for one in said.come])
    yield from _listed(_("Would move"), [_pair(pair, now) for pair in said.moved])


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
    yield from (f"  {line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield "  " + _("and {n} more; --json gives all").format(n=len(lines) - _SHOWN)


def _alarm(episode: Episode, now: Instant) -> str:
    begin = when(episode.onset, now)
    if episode.cleared is None:
        span = _("since {begin}").format(begin=begin)
    else:
        span = _("{begin} to {end}").format(begin=begin, end=when(episode.cleared, now))
    return f"{clean(episode.rule)} · {level_in_sentence(episode.peak)} · {span}"


def _pair(pair: Pair, now: Instant) -> str:
    before, after = pair.before, pair.after
    level = level_in_sentence(before.peak)
    if after.peak is not before.peak:
        level = _("{before} becomes {after}").format(before=level, after=level_in_sentence(after.peak))
    moved = [clean(before.rule), level, when(before.onset, now)]
    return " · ".join(moved if pair.later == 0 else [*moved, _moved_by(pair.later)])


def _moved_by(later: int) -> str:
    if later == 0:
        return _("at the same time")
    words = _("{duration} later") if later > 0 else _("{duration} earlier")
    return words.format(duration=duration(abs(later)))


def _caught(answer: WhatIf, *, one_by_one: bool) -> Iterator[str]:
    known = answer.deteriorations
    if not known:
        return
    yield _(
        "Deteriorations that were escalated: {n}; an alarm as it is for {before}, as tried for {after}"
    ).format(
        n=len(known),
        before=sum(one.before is not None for one in known),
        after=sum(one.after is not None for one in known),
    )
    late = sorted(one.later for one in known if one.later is not None)
    if late and not one_by_one:
        yield _("Those caught both ways: the middle one {middle}, the latest {most}").format(
            middle=_moved_by(late[len(late) // 2]), most=_moved_by(late[-1])
        )
    if one_by_one:
        yield from (f"  {_one_caught(one, answer.now)}" for one in known)


def _one_caught(caught: Caught, now: Instant) -> str:
    begun = when(caught.deterioration.start, now)
    if caught.after is None:
        verdict = _("no alarm as it is either") if caught.before is None else _("no alarm as tried")
    elif caught.later is None:
        verdict = _("an alarm only as tried")
    else:
        verdict = _moved_by(caught.later)
    return f"{begun} · {verdict}"
