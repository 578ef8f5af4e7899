"""What is to be known about the act under the cursor: both sides of a conflict, or why it isn't sent."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from triage_tui.widgets.answer_words import answer_words
from triage_tui.widgets.marks import BOLD, PLAIN, fit
from triage_tui.widgets.text_lines import cut, line, wrap
from triage_tui.widgets.unsent_words import kept_words, mine_words, theirs_words, waits_words
from triage_tui.wording import _, clean

if TYPE_CHECKING:
    from local_store.unsent_view import UnsentAct
    from threshold_engine.model import Instant

_SIDES = 4
"""Lines of either side; what they leave is for what is kept."""


def pane_lines(act: UnsentAct, width: int, height: int, now: Instant) -> list[Strip]:
    """The pane's lines under its rule."""
    if act.state == "conflict":
        return _conflict(act, width, height, now)
    waits = waits_words(act, now)
    told = [answer_words(act.answer)] if act.answer else []
    if waits:
        told.append(waits[:1].upper() + waits[1:])
    elif not told:
        told.append(_("It waits for the next sync."))
    if act.text:
        told.append(f"«{clean(act.text)}»")
    lines = [part for words in told for part in wrap(words, width - 2)]
    return [line(f" {text}") for text in cut(lines, height, width - 2)]


def _conflict(act: UnsentAct, width: int, height: int, now: Instant) -> list[Strip]:
    why = cut(wrap(answer_words(act.answer or ""), width - 2), 2, width - 2)
    half = (width - 3) // 2
    mine = [text for words in (mine_words(act, now),) for text in wrap(words, half)]
    theirs = [text for words in theirs_words(act, now) for text in wrap(words, width - half - 3, "  ")]
    lines = [line(f" {text}") for text in why]
    lines.append(_side_by_side(_("MINE (m)"), _("THEIRS (d)"), half, width, bold=True))
    sides = zip_longest(cut(mine, _SIDES, half), cut(theirs, _SIDES, width - half - 3), fillvalue="")
    lines += [_side_by_side(left, right, half, width) for left, right in sides]
    lines.append(line(" " + _("STAYS whatever you choose"), BOLD))
    lines += _cut_to(kept_words(act, now), width, height - len(lines))
    return lines


def _cut_to(words: Sequence[str], width: int, height: int) -> list[Strip]:
    shown = [text for one in words for text in wrap(one, width - 2, "  ")]
    return [line(f" {text}") for text in cut(shown, height, width - 2)]


def _side_by_side(left: str, right: str, half: int, width: int, *, bold: bool = False) -> Strip:
    style = BOLD if bold else PLAIN
    return Strip(
        [
            Segment(fit(f" {left}", half + 1), style),
            Segment("│", PLAIN),
            Segment(fit(f" {right}", width - half - 2), style),
        ]
    )
