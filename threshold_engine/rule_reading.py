"""How each kind of rule is read from a plan, and what is refused in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypedDict

from threshold_engine.content import content_of
from threshold_engine.errors import MemberError
from threshold_engine.instants import DAY, HOUR
from threshold_engine.members import Members, wrong
from threshold_engine.rules import (
    SEVEN,
    AnswerRule,
    AverageRule,
    ChangeRule,
    CountRule,
    LimitRule,
    Limits,
    MissingRule,
    PointsRule,
    Repetition,
    Rule,
    ScoreRule,
    Term,
)


class Common(TypedDict):
    """What every kind of rule has."""

    id: str
    content: object
    label: str | None
    note: str | None


BUILT_IN: Final = "implausible:"
"""How the ids of built-in rules begin; no plan may use it."""

_COMMON: Final = ("id", "kind", "note", "label")
_REPETITION: Final = ("need", "of", "within", "spacing", "deadband", "clear")
_LIMITS: Final = ("yellow_below", "red_below", "yellow_above", "red_above")
_CHANGES: Final = ("rise_yellow", "rise_red", "fall_yellow", "fall_red")
_FORMS: Final[tuple[Literal["below", "above", "fall", "rise", "values"], ...]] = (
    "below",
    "above",
    "fall",
    "rise",
    "values",
)
_TREND: Final = ("baseline", "lag", "at_least")


def read_rule(raw: object, path: str) -> Rule:
    """A rule of a plan. Raises MemberError."""
    members = Members(raw, path)
    kind = members.text("kind")
    if kind not in _KINDS:
        raise members.wrong("kind", f"must be one of {', '.join(_KINDS)}")
    known, read = _KINDS[kind]
    members.only(_COMMON + known)
    rule_id = members.text("id")
    if rule_id.startswith(BUILT_IN):
        raise members.wrong("id", f"must not begin with {BUILT_IN}")
    if "/" in rule_id:
        raise members.wrong("id", "must not contain /")
    label, note = members.label("label"), members.label("note")
    return read(members, Common(id=rule_id, content=content_of(raw), label=label, note=note))


def _repetition(members: Members) -> Repetition:
    need = members.count_or("need", 1)
    of = members.count_or("of", need)
    if need > of:
        raise members.wrong("need", "must not be above of")
    deadband = members.optional_number("deadband") or 0
    if deadband < 0:
        raise members.wrong("deadband", "must be 0 or more")
    return Repetition(
        need=need,
        of=of,
        within=members.optional_duration("within"),
        spacing=members.optional_duration("spacing"),
        deadband=deadband,
        clear=members.count_or("clear", 1),
    )


def _some(members: Members, names: tuple[str, ...]) -> None:
    if not any(name in members for name in names):
        raise MemberError(members.path, f"has no limit at all: needs one of {', '.join(names)}")


def _limits(members: Members) -> Limits:
    yellow_below, red_below, yellow_above, red_above = (members.optional_number(name) for name in _LIMITS)
    _some(members, _LIMITS)
    if yellow_below is not None and red_below is not None and red_below > yellow_below:
        raise members.wrong("red_below", "must not be above yellow_below")
    if yellow_above is not None and red_above is not None and red_above < yellow_above:
        raise members.wrong("red_above", "must not be below yellow_above")
    return Limits(
        yellow_below=yellow_below, red_below=red_below, yellow_above=yellow_above, red_above=red_above
    )


def _limit(members: Members, common: Common) -> LimitRule:
    return LimitRule(
        **common, code=members.text("code"), limits=_limits(members), repetition=_repetition(members)
    )


def _change(members: Members, common: Common) -> ChangeRule:
    code, window = members.text("code"), members.duration("window")
    rise_yellow, rise_red, fall_yellow, fall_red = (
        members.optional_number(name, positive=True) for name in _CHANGES
    )
    _some(members, _CHANGES)
    if rise_yellow is not None and rise_red is not None and rise_red < rise_yellow:
        raise members.wrong("rise_red", "must not be below rise_yellow")
    if fall_yellow is not None and fall_red is not None and fall_red < fall_yellow:
        raise members.wrong("fall_red", "must not be below fall_yellow")
    return ChangeRule(
        **common,
        code=code,
        window=window,
        rise_yellow=rise_yellow,
        rise_red=rise_red,
        fall_yellow=fall_yellow,
        fall_red=fall_red,
        reference=members.choice("reference", ("extreme", "median"), "extreme"),
        at_least=members.count_or("at_least", 1),
        repetition=_repetition(members),
    )


def _average(members: Members, common: Common) -> AverageRule:
    return AverageRule(
        **common,
        code=members.text("code"),
        window=members.duration("window"),
        stat=members.choice("stat", ("mean", "median")),
        at_least=members.count_or("at_least", 2),
        limits=_limits(members),
        repetition=_repetition(members),
    )


def _thresholds(
    members: Members, yellow_default: int | None = None, red_default: int | None = None
) -> tuple[int | None, int | None]:
    yellow = members.optional_count("yellow_at")
    red = members.optional_count("red_at")
    yellow = yellow_default if yellow is None else yellow
    red = red_default if red is None else red
    if yellow is None and red is None:
        raise MemberError(members.path, "has no limit at all: needs one of yellow_at, red_at")
    if yellow is not None and red is not None and red < yellow:
        raise members.wrong("red_at", "must not be below yellow_at")
    return yellow, red


def _points(members: Members, common: Common) -> PointsRule:
    terms = tuple(_term(term) for term in members.objects("terms"))
    window = members.duration_or("window", DAY)
    yellow_at, red_at = _thresholds(members)
    return PointsRule(
        **common,
        window=window,
        yellow_at=yellow_at,
        red_at=red_at,
        terms=terms,
        repetition=_repetition(members),
    )


def _term(members: Members) -> Term:
    members.only(("code", *_FORMS, *_TREND, "points"))
    code = members.text("code")
    forms = [form for form in _FORMS if form in members]
    if len(forms) != 1:
        raise MemberError(members.path, f"must have exactly one of {', '.join(_FORMS)}")
    form = forms[0]
    if form == "values":
        members.only(("code", form, "points"))
        return Term(code=code, form=form, values=members.values(form), points=members.count("points"))
    if form in ("below", "above"):
        members.only(("code", form))
        return Term(code=code, form=form, thresholds=_steps(members, form))
    members.only(("code", form, *_TREND))
    thresholds = _steps(members, form)
    baseline, lag = members.duration("baseline"), members.duration_or("lag", DAY)
    if lag > baseline:
        raise members.wrong("lag", "must not be longer than baseline")
    at_least = members.count_or("at_least", 5)
    return Term(code=code, form=form, thresholds=thresholds, baseline=baseline, lag=lag, at_least=at_least)


def _steps(members: Members, name: str) -> tuple[tuple[int, int], ...]:
    steps = members.objects(name)
    for step in steps:
        step.only(("at", "points"))
    return tuple((step.number("at"), step.count("points")) for step in steps)


def _missing(members: Members, common: Common) -> MissingRule:
    codes = members.codes("codes")
    every = members.duration("every", zero=True)
    grace = members.duration_or("grace", 0, zero=True)
    red_after = members.optional_duration("red_after")
    if red_after is not None and red_after <= grace:
        raise members.wrong("red_after", "must be longer than grace")
    return MissingRule(**common, watched=codes, every=every, grace=grace, red_after=red_after)


def _score(members: Members, common: Common) -> ScoreRule:
    members.choice("score", ("news2",))
    scale = members.integer("scale")
    if scale not in (1, 2):
        raise members.wrong("scale", "must be 1 or 2")
    window = members.duration_or("window", HOUR)
    required: tuple[str, ...] = SEVEN
    if "required" in members:
        required = members.codes("required", empty=True)
        for index, code in enumerate(members.items("required", empty=True)):
            if code not in SEVEN:
                raise wrong(f"{members.at('required')}[{index}]", f"must be one of {', '.join(SEVEN)}", code)
    yellow_at, red_at = _thresholds(members, 5, 7)
    return ScoreRule(
        **common,
        window=window,
        yellow_at=yellow_at,
        red_at=red_at,
        scale=scale,
        required=frozenset(required),
        single=members.flag("single", True),
    )


def _answer(members: Members, common: Common) -> AnswerRule:
    code = members.text("code")
    yellow, red = (
        members.values(name, empty=True) if name in members else frozenset() for name in ("yellow", "red")
    )
    if not yellow and not red:
        raise MemberError(members.path, "has no limit at all: needs values in yellow or red")
    return AnswerRule(**common, code=code, yellow=yellow, red=red)


def _count(members: Members, common: Common) -> CountRule:
    answers, window = members.answers("answers"), members.duration("window")
    yellow_at, red_at = _thresholds(members)
    return CountRule(**common, window=window, yellow_at=yellow_at, red_at=red_at, answers=answers)


_KINDS: Final[Mapping[str, tuple[tuple[str, ...], Callable[[Members, Common], Rule]]]] = {
    "limit": (("code", *_LIMITS, *_REPETITION), _limit),
    "change": (("code", "window", *_CHANGES, "reference", "at_least", *_REPETITION), _change),
    "average": (("code", "window", "stat", "at_least", *_LIMITS, *_REPETITION), _average),
    "points": (("terms", "window", "yellow_at", "red_at", *_REPETITION), _points),
    "missing": (("codes", "every", "grace", "red_after"), _missing),
    "score": (("score", "scale", "window", "required", "yellow_at", "red_at", "single"), _score),
    "answer": (("code", "yellow", "red"), _answer),
    "count": (("answers", "window", "yellow_at", "red_at"), _count),
}
