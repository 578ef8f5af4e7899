"""A plan's rules in words: what is measured how often, and what makes it yellow or red."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Final

from threshold_engine.model import Level
from threshold_engine.rules import (
    AnswerRule,
    AverageRule,
    ChangeRule,
    CountRule,
    LimitRule,
    MissingRule,
    PointsRule,
    Repetition,
    Rule,
    ScoreRule,
    SumRule,
)
from triage_tui.wording.bands import level_in_sentence
from triage_tui.wording.dates import duration
from triage_tui.wording.language import gettext as _
from triage_tui.wording.limits import amount, limit_words
from triage_tui.wording.measures import in_sentence, long_name, plain_value, short_name
from triage_tui.wording.safe_text import clean

_NAMED: Final = 6
"""So many codes are named in a rule; more only make it longer."""


@singledispatch
def rule_words(rule: Rule) -> str:
    """A rule as a sentence without a full stop: `vekt: opp 2,1 kg på 3 d: rød (2 av 3)`."""
    return clean(rule.label or "") or clean(rule.id)


@rule_words.register
def _limit(rule: LimitRule) -> str:
    return f"{long_name(rule.code)}: {limit_words(rule.code, rule.limits)}{_often(rule.repetition)}"


@rule_words.register
def _average(rule: AverageRule) -> str:
    words = _("{measure}, average over {span}")
    name = words.format(measure=long_name(rule.code), span=duration(rule.window))
    return f"{name}: {limit_words(rule.code, rule.limits)}{_often(rule.repetition)}"


@rule_words.register
def _change(rule: ChangeRule) -> str:
    return f"{long_name(rule.code)}: {_changes(rule)}{_often(rule.repetition)}"


@rule_words.register
def _score(rule: ScoreRule) -> str:
    name = _("NEWS2, scale {n}").format(n=rule.scale)
    single = ", " + _("3 on one measure: at least yellow") if rule.single else ""
    return f"{name}: {_sums(rule)}{single}"


@rule_words.register
def _points(rule: PointsRule) -> str:
    label = clean(rule.label or "") or _("points for what is unlike the usual")
    return f"{label} ({_names(rule.codes)}): {_sums(rule)}{_often(rule.repetition)}"


@rule_words.register
def _count(rule: CountRule) -> str:
    name = _("worse answers")
    return f"{name} ({_names(rule.codes)}): {_sums(rule)}"


@rule_words.register
def _answer(rule: AnswerRule) -> str:
    return f"{short_name(rule.code)}: {_answers(rule)}"


@rule_words.register
def _missing(rule: MissingRule) -> str:
    words = _("missed after {span}").format(span=duration(rule.every + rule.grace))
    if rule.red_after is not None:
        words += ", " + _("red after {span}").format(span=duration(rule.red_after))
    return f"{schedule_words(rule)}, {words}"


def rule_name(rule: Rule) -> str:
    """What a rule is called, or else what it watches: short enough to stand in a line about an alert."""
    return clean(rule.label or "") or _names(rule.codes)


def schedule_words(rule: MissingRule) -> str:
    """`puls, SpO₂: hver 1 d`."""
    return _("{measures}: every {span}").format(measures=_names(rule.codes), span=duration(rule.every))


def _names(codes: Iterable[str]) -> str:
    names = [in_sentence(short_name(code)) for code in codes]
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def _changes(rule: ChangeRule) -> str:
    told = (
        (rule.rise_yellow, Level.YELLOW, _("up {size} in {span}: {colour}")),
        (rule.rise_red, Level.RED, _("up {size} in {span}: {colour}")),
        (rule.fall_yellow, Level.YELLOW, _("down {size} in {span}: {colour}")),
        (rule.fall_red, Level.RED, _("down {size} in {span}: {colour}")),
    )
    return ", ".join(
        words.format(
            size=amount(rule.code, value), span=duration(rule.window), colour=level_in_sentence(level)
        )
        for value, level, words in told
        if value is not None
    )


def _sums(rule: SumRule) -> str:
    told = ((rule.yellow_at, Level.YELLOW), (rule.red_at, Level.RED))
    return ", ".join(
        _("{colour} from {n}").format(colour=level_in_sentence(level), n=at)
        for at, level in told
        if at is not None
    )


def _answers(rule: AnswerRule) -> str:
    told = ((rule.yellow, Level.YELLOW), (rule.red, Level.RED))
    return ", ".join(
        _("{colour} at {answers}").format(
            colour=level_in_sentence(level),
            answers=", ".join(sorted(plain_value(rule.code, value) for _kind, value in values)),
        )
        for values, level in told
        if values
    )


def _often(repetition: Repetition) -> str:
    if repetition.of < 2:
        return ""
    return " " + _("({n} of {of})").format(n=repetition.need, of=repetition.of)
