"""What limits tried on history come to, in words."""

from __future__ import annotations

from threshold_engine import Change, Episode, Level, parse_instant
from threshold_engine.what_if import Caught, Deterioration, Difference, Pair, RuleTally, Tally, WhatIf
from threshold_engine.what_if.answer import MONTH
from triage_tui.wording import use_language
from triage_tui.wording.what_if import what_if_lines

NOW = parse_instant("2026-03-03T09:31:00+01:00")
HOUR = 3_600_000


def episode(
    hours: int, *, cleared: int | None = None, peak: Level = Level.YELLOW, rule: str = "low"
) -> Episode:
    onset = NOW - hours * HOUR
    end = None if cleared is None else NOW - cleared * HOUR
    return Episode("x", "p1", rule, onset, peak, peak, end, end and "reading", (Change(onset, peak, "r"),))


def answer(difference: Difference, *caught: Caught) -> WhatIf:
    rules = (
        RuleTally("low", True, Tally(12, 3), Tally(9, 3)),
        RuleTally("høy\x1b[2J", False, Tally(1), Tally(1)),
    )
    return WhatIf(NOW, 1, 2 * MONTH, rules, difference, caught)


def lines(found: WhatIf, *, one_by_one: bool = True) -> list[str]:
    return list(what_if_lines(found, begin=NOW - 2 * MONTH, held_since=NOW - MONTH, one_by_one=one_by_one))


def test_a_table_tells_each_rule_before_and_after() -> None:
    said = lines(answer(Difference()))

    assert (
        said[:12]
        == [
            "Prøvd på 02.01.2026 til 03.03.2026: 1 pasient, 2,0 pasientmåneder",
            "Målingene her går tilbake til 01.02.2026",
            "",
            "                    slik det er   slik det prøves",
            "                   gul      rød      gul      rød",
            "* low               12        3        9        3",
            "  høy␛[2J            1        0        1        0",
            "  alle regler       13        3       10        3",
            "Varsler per pasientmåned: 8,00 slik det er, 6,50 slik det prøves",
            "",
            "Ville falt bort: 0 · kommet til: 0 · flyttet seg: 0 · blitt stående: 0",
        ][:12]
    )


def test_what_goes_comes_and_moves_is_told_one_by_one() -> None:
    use_language("en")
    found = Difference(
        gone=[episode(5, cleared=3)],
        come=[episode(2)],
        pairs=[
            Pair(episode(9), episode(7)),
            Pair(episode(6, peak=Level.RED), episode(6)),
            Pair(episode(30), episode(31, peak=Level.RED)),
            Pair(episode(1), episode(1)),
        ],
        split=[episode(1)],
    )

    said = lines(answer(found))

    assert said[10:] == [
        "Would go: 1 · come: 1 · move: 3 · stay: 1 · fall apart: 1 · grow together: 0",
        "Would go:",
        "  low · yellow · 04:31 to 06:31",
        "Would come:",
        "  low · yellow · since 07:31",
        "Would move:",
        "  low · yellow · 00:31 · 2 h later",
        "  low · red becomes yellow · 03:31",
        "  low · yellow becomes red · yesterday 03:31 · 1 h earlier",
    ]
    assert lines(answer(found), one_by_one=False)[11:] == []


def test_a_long_list_is_cut_and_says_so() -> None:
    use_language("en")
    said = lines(answer(Difference(gone=[episode(n) for n in range(25, 0, -1)])))
    assert said[-1] == "  and 5 more; --json gives all"


def test_known_deteriorations_are_told_with_how_much_later() -> None:
    use_language("en")
    start = NOW - 8 * HOUR
    known = Deterioration("p1", start, None)
    caught = [
        Caught(known, start, start + 2 * HOUR),
        Caught(known, start, start),
        Caught(known, start, start - HOUR),
        Caught(known, start, None),
        Caught(known, None, start),
        Caught(known, None, None),
    ]

    said = lines(answer(Difference(), *caught))

    assert said[11:] == [
        "Deteriorations that were escalated: 6; an alarm as it is for 4, as tried for 4",
        "  01:31 · 2 h later",
        "  01:31 · at the same time",
        "  01:31 · 1 h earlier",
        "  01:31 · no alarm as tried",
        "  01:31 · an alarm only as tried",
        "  01:31 · no alarm as it is either",
    ]
    assert lines(answer(Difference(), *caught), one_by_one=False)[-1] == (
        "Those caught both ways: the middle one at the same time, the latest 2 h later"
    )


def test_others_are_counted() -> None:
    use_language("en")
    said = list(
        what_if_lines(
            answer(Difference()), begin=NOW, held_since=None, one_by_one=False, without=1, planless=2
        )
    )
    assert said[1:4] == [
        "There are no readings here",
        "1 other has no such rule",
        "2 others have no plan in force",
    ]
