"""Whether a plan is valid, said a second time from the semantics: a table of members and a few relations."""

from fractions import Fraction
from typing import Any

from oracle import instant
from oracle_kinds import LASTING, SEVEN, lasting, number

LIMITS = dict.fromkeys(("yellow_below", "red_below", "yellow_above", "red_above"), "number")
MOVES = dict.fromkeys(("rise_yellow", "rise_red", "fall_yellow", "fall_red"), "positive")
COUNTS = {"yellow_at": "count", "red_at": "count"}
MACHINE = {
    **dict.fromkeys(("need", "of", "clear"), "count"),
    **dict.fromkeys(("within", "spacing"), "duration"),
    "deadband": "deadband",
}
# Each kind's members; those with ! must be given.
KINDS: dict[str, dict[str, str]] = {
    "limit": {"code": "text!", **LIMITS, **MACHINE},
    "change": {
        **{"code": "text!", "window": "duration!", "reference": "extreme|median", "at_least": "count"},
        **MOVES,
        **MACHINE,
    },
    "average": {
        **{"code": "text!", "window": "duration!", "stat": "mean|median!", "at_least": "count"},
        **LIMITS,
        **MACHINE,
    },
    "points": {"terms": "terms!", "window": "duration", **COUNTS, **MACHINE},
    "missing": {"codes": "codes!", "every": "wait!", "grace": "wait", "red_after": "duration"},
    "score": {
        **{"score": "news2!", "scale": "scale!", "window": "duration"},
        **{"required": "seven", "single": "flag", **COUNTS},
    },
    "answer": {"code": "text!", "yellow": "any", "red": "any"},
    "count": {"answers": "answers!", "window": "duration!", **COUNTS},
}
TREND = {"baseline": "duration!", "lag": "duration", "at_least": "count"}
FORMS: dict[str, dict[str, str]] = {
    **{"below": {}, "above": {}, "fall": TREND, "rise": TREND},
    "values": {"points": "count!"},
}


def is_whole(raw: Any) -> bool:
    return isinstance(raw, Fraction) and raw.denominator == 1


def is_number(raw: Any) -> bool:
    return isinstance(raw, Fraction) and abs(raw) < 10**15 and abs(number(raw)) < 10**15


def is_text(raw: Any) -> bool:
    return isinstance(raw, str) and raw != ""


def is_list(raw: Any, good: Any, least: int = 1) -> bool:
    return isinstance(raw, list) and len(raw) >= least and all(map(good, raw))


def is_value(raw: Any) -> bool:
    return isinstance(raw, bool | str) or is_number(raw)


def is_duration(raw: Any, least: int) -> bool:
    if not isinstance(raw, str) or not LASTING.fullmatch(raw) or raw[-1] in "PT":
        return False
    return least <= lasting(raw) <= 10_000 * 86_400_000


def is_map(raw: Any) -> bool:
    given = {code: one for code, one in raw.items() if one is not None} if isinstance(raw, dict) else {}
    return given != {} and all(is_text(code) and is_list(one, is_value) for code, one in given.items())


GOOD: dict[str, Any] = {
    "text": is_text,
    "number": is_number,
    "positive": lambda raw: is_number(raw) and number(raw) > 0,
    "deadband": lambda raw: is_number(raw) and number(raw) >= 0,
    "count": lambda raw: is_whole(raw) and raw >= 1,
    "integer": is_whole,
    "scale": lambda raw: is_whole(raw) and raw in (1, 2),
    "duration": lambda raw: is_duration(raw, 1),
    "wait": lambda raw: is_duration(raw, 0),
    "instant": lambda raw: instant(raw) is not None,
    "flag": lambda raw: isinstance(raw, bool),
    "codes": lambda raw: is_list(raw, is_text),
    "seven": lambda raw: is_list(raw, lambda one: isinstance(one, str) and one in SEVEN, 0),
    "values": lambda raw: is_list(raw, is_value),
    "any": lambda raw: is_list(raw, is_value, 0),
    "answers": is_map,
    "terms": lambda raw: is_list(raw, term),
    "steps": lambda raw: is_list(raw, lambda one: fits(one, {"at": "number!", "points": "count!"})),
    "rules": lambda raw: is_list(raw, rule, 0) and unlike([one["id"] for one in raw]),
    "pauses": lambda raw: is_list(raw, lambda one: fits(one, {"from": "instant!", "to": "instant"}), 0),
    "versions": lambda raw: (
        is_list(raw, version, 0) and unlike([(instant(one["valid_from"]), one["version"]) for one in raw])
    ),
    "free": lambda raw: True,
}


def unlike(raws: list[Any]) -> bool:
    return len(set(raws)) == len(raws)


def fits(raw: Any, members: dict[str, str]) -> bool:
    """An object of just these members, null as left out."""
    if not isinstance(raw, dict):
        return False
    given = {name: value for name, value in raw.items() if value is not None}
    if any(what.endswith("!") and name not in given for name, what in members.items()):
        return False
    for name, value in given.items():
        what = members.get(name, "").rstrip("!")
        if what == "" or not (
            GOOD[what](value) if what in GOOD else isinstance(value, str) and value in what.split("|")
        ):
            return False
    return True


def term(raw: Any) -> bool:
    if not isinstance(raw, dict):
        return False
    forms = [form for form in FORMS if raw.get(form) is not None]
    if len(forms) != 1:
        return False
    what = {"code": "text!", forms[0]: "values" if forms == ["values"] else "steps"}
    if not fits(raw, what | FORMS[forms[0]]):
        return False
    return raw.get("baseline") is None or lasting(raw.get("lag") or "P1D") <= lasting(raw["baseline"])


def rule(raw: Any) -> bool:  # noqa: PLR0911 - one thing after the other
    if not isinstance(raw, dict) or not isinstance(raw.get("kind"), str) or raw["kind"] not in KINDS:
        return False
    kind = raw["kind"]
    if not fits(raw, {"id": "text!", "kind": "text!", "note": "free", "label": "free"} | KINDS[kind]):
        return False
    raw = {name: value for name, value in raw.items() if value is not None}
    if raw["id"].startswith("implausible:") or "/" in raw["id"]:
        return False
    need = raw.get("need", 1)
    if need > raw.get("of", need):
        return False
    if kind == "missing":
        return "red_after" not in raw or lasting(raw["red_after"]) > lasting(raw.get("grace", "PT0S"))
    if kind == "answer":
        return bool(raw.get("yellow") or raw.get("red"))
    bounds = {k: number(v) for k, v in raw.items() if k in {**LIMITS, **MOVES, **COUNTS}}
    if kind == "score":
        bounds = {"yellow_at": Fraction(5), "red_at": Fraction(7)} | bounds
    outer = ("yellow_above", "rise_yellow", "fall_yellow", "yellow_at")
    inside = any(
        name in bounds and bounds.get(name.replace("yellow", "red"), bounds[name]) < bounds[name]
        for name in outer
    )
    below = bounds.get("red_below"), bounds.get("yellow_below")
    inside = inside or (None not in below and below[0] > below[1])
    return bool(bounds) and not inside


def version(raw: Any) -> bool:
    return fits(raw, {"version": "integer!", "valid_from": "instant!", "rules": "rules!"})


def plan(raw: Any) -> bool:
    return fits(raw, {"patient": "text!", "versions": "versions!", "pauses": "pauses"})
