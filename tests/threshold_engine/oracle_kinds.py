"""The kinds of rule, judged slowly and plainly: the half of the second judge that finds the levels."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import floor
from typing import Any

LASTING = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)
SEVEN = ("bp_sys", "consciousness", "oxygen", "pulse", "resp_rate", "spo2", "temperature")
Row = dict[str, Any]
Rule = Mapping[str, Any]
Step = tuple[int, int, str | None, str]


def lasting(text: str) -> int:
    found = LASTING.fullmatch(text)
    assert found
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds) * 1000


def number(raw: Fraction) -> Fraction:
    return Fraction(round(raw * 10**6), 10**6)


def listed(value: Any, raws: Iterable[Any]) -> bool:
    """Values as data: a boolean is no number, a number no string."""
    values = [number(raw) if isinstance(raw, Fraction) else raw for raw in raws]
    return any(type(value) is type(one) and value == one for one in values)


def judged(rule: Rule, rows: list[Row], begin: int, stop: int, pauses: list[tuple[int, int]]) -> list[Step]:
    """The steps of one life [begin, stop): (at, level, reading, reason), levels repeated where they stay."""
    kind = rule["kind"]
    if kind == "missing":
        return missing(rule, rows, begin, stop, pauses)
    if kind in ("limit", "change", "average"):
        rows = [r for r in rows if not r["odd"] and r["code"] == rule["code"] and is_number(r)]
        return machine(rule, [(r["at"], r["id"], measure(rule, rows, r)) for r in rows], begin, stop)
    rows = [r for r in rows if not r["odd"] and r["code"] in codes_of(rule)]
    if kind == "score":
        rows = [r for r in rows if fits(r)]
    instants = sorted({r["at"] for r in rows})
    named = [(at, min((r["code"], r["id"]) for r in rows if r["at"] == at)[1]) for at in instants]
    if kind == "points":
        sums = [(at, name, ("sum", Fraction(points(rule, rows, at)))) for at, name in named]
        return machine(rule, sums, begin, stop)
    steps = []
    for at, name in named:
        if begin <= at < stop:
            level = {"score": score, "answer": answer, "count": count}[kind](rule, rows, at)
            if level is not None:
                steps.append((at, level, name, "reading"))
    return steps


def is_number(row: Row) -> bool:
    return isinstance(row["value"], Fraction)


def codes_of(rule: Rule) -> Iterable[str]:
    if rule["kind"] == "points":
        return {term["code"] for term in rule["terms"]}
    return {"score": SEVEN, "answer": (rule.get("code"),), "count": rule.get("answers")}[rule["kind"]] or ()


def newest(rows: list[Row], code: str, at: int, window: int) -> Row | None:
    found = [r for r in rows if r["code"] == code and at - window < r["at"] <= at]
    return max(found, key=lambda r: r["at"]) if found else None


def middle(values: list[Fraction]) -> Fraction:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


# --- the machine of limit, change, average and points: a measure is None where the reading is passed over


def measure(rule: Rule, rows: list[Row], this: Row) -> Any:
    value, at = this["value"], this["at"]
    if rule["kind"] == "limit":
        return ("value", value)
    window = lasting(rule["window"])
    if rule["kind"] == "average":
        values = [r["value"] for r in rows if at - window < r["at"] <= at]
        if len(values) < rule.get("at_least", 2):
            return None
        return ("value", sum(values) / len(values) if rule["stat"] == "mean" else middle(values))
    values = [r["value"] for r in rows if at - window <= r["at"] < at]
    if len(values) < rule.get("at_least", 1):
        return None
    if rule.get("reference", "extreme") == "median":
        return ("rise", value - middle(values), middle(values) - value)
    return ("rise", value - min(values), max(values) - value)


def beyond(rule: Rule, colour: str, measured: Any, slack: Fraction) -> bool:
    """Beyond yellow or red, with the limits tightened by slack."""
    if colour == "yellow" and beyond(rule, "red", measured, slack):
        return True

    def limit(name: str) -> Fraction | None:
        return number(rule[name]) if name in rule else None

    if measured[0] == "value":
        low, high = limit(f"{colour}_below"), limit(f"{colour}_above")
        value = measured[1]
        return (low is not None and value < low + slack) or (high is not None and value > high - slack)
    if measured[0] == "rise":
        rise, fall = limit(f"rise_{colour}"), limit(f"fall_{colour}")
        return (rise is not None and measured[1] >= rise - slack) or (
            fall is not None and measured[2] >= fall - slack
        )
    enough = limit(f"{colour}_at")
    return enough is not None and measured[1] >= enough - slack


def among(rule: Rule, steps: list[Any], n: int) -> list[Any]:
    """The last `of` steps, step n included, as within and spacing allow."""
    picked = [steps[n]]
    for step in reversed(steps[:n]):
        if len(picked) == rule.get("of", rule.get("need", 1)):
            break
        if "within" in rule and not step[0] > steps[n][0] - lasting(rule["within"]):
            continue
        if "spacing" in rule and picked[-1][0] - step[0] < lasting(rule["spacing"]):
            continue
        picked.append(step)
    return picked


def machine(rule: Rule, steps: list[tuple[int, str, Any]], begin: int, stop: int) -> list[Step]:
    steps = [step for step in steps if step[2] is not None]
    slack = number(rule.get("deadband", Fraction(0)))
    row: dict[str, int | None] = {"yellow": None, "red": None}  # recovered in a row; None: not active
    found = []
    for n, (at, name, measured) in enumerate(steps):
        if not begin <= at < stop:
            continue
        for colour in ("yellow", "red"):
            run = row[colour]
            if run is None:
                many = sum(beyond(rule, colour, step[2], Fraction(0)) for step in among(rule, steps, n))
                if beyond(rule, colour, measured, Fraction(0)) and many >= rule.get("need", 1):
                    row[colour] = 0
            elif beyond(rule, colour, measured, slack):
                row[colour] = 0
            else:
                row[colour] = None if run + 1 >= rule.get("clear", 1) else run + 1
        level = 2 if row["red"] is not None else 1 if row["yellow"] is not None else 0
        found.append((at, level, name, "reading"))
    return found


def points(rule: Rule, rows: list[Row], at: int) -> int:
    total = 0
    for term in rule["terms"]:
        this = newest(rows, term["code"], at, lasting(rule.get("window", "P1D")))
        if this is not None:
            total += term_points(term, rows, this)
    return total


def term_points(term: Rule, rows: list[Row], this: Row) -> int:
    value = this["value"]
    if "values" in term:
        return int(term["points"]) if listed(value, term["values"]) else 0
    if not is_number(this):
        return 0
    form = next(name for name in ("below", "above", "fall", "rise") if name in term)
    gap = Fraction(0)
    if form in ("fall", "rise"):
        start, end = this["at"] - lasting(term["baseline"]), this["at"] - lasting(term.get("lag", "P1D"))
        base = [
            r["value"] for r in rows if r["code"] == term["code"] and is_number(r) and start <= r["at"] <= end
        ]
        if len(base) < term.get("at_least", 5):
            return 0
        gap = middle(base) - value if form == "fall" else value - middle(base)
    reached = {
        "below": lambda limit: value < limit,
        "above": lambda limit: value > limit,
        "fall": lambda limit: gap >= limit,
        "rise": lambda limit: gap >= limit,
    }[form]
    return max([0, *(int(one["points"]) for one in term[form] if reached(number(one["at"])))])


# --- the others


def missing(rule: Rule, rows: list[Row], begin: int, stop: int, pauses: list[tuple[int, int]]) -> list[Step]:
    mine = [r for r in rows if not r["odd"] and r["code"] in rule["codes"]]
    waits = [lasting(rule["every"]) + lasting(rule.get("grace", "PT0S"))]
    if "red_after" in rule:
        waits.append(lasting(rule["every"]) + lasting(rule["red_after"]))
    anchors = {begin} | {r["at"] for r in mine} | {end for _, end in pauses}
    instants = anchors | {a + wait for a in anchors for wait in waits} | {start for start, _ in pauses}
    found: list[Step] = []
    for at in sorted(one for one in instants if begin <= one < stop):
        if any(start <= at < end for start, end in pauses):
            found.append((at, 0, None, "pause"))
            continue
        names = [(r["code"], r["id"]) for r in mine if r["at"] == at]
        if names:
            found.append((at, 0, min(names)[1], "reading"))
        anchor = max(a for a in anchors if a <= at)
        level = sum(at >= anchor + wait for wait in waits)
        if level:
            found.append((at, level, None, "timer"))
    return found


def fits(row: Row) -> bool:
    if row["code"] == "consciousness":
        return row["value"] in ("A", "C", "V", "P", "U")
    return isinstance(row["value"], bool if row["code"] == "oxygen" else Fraction)


def score(rule: Rule, rows: list[Row], at: int) -> int | None:
    known = {code: newest(rows, code, at, lasting(rule.get("window", "PT1H"))) for code in SEVEN}
    values = {code: row["value"] for code, row in known.items() if row is not None}
    if any(code not in values for code in rule.get("required", SEVEN)):
        return None
    parts = [news2(code, value, rule["scale"], values.get("oxygen", False)) for code, value in values.items()]
    if sum(parts) >= rule.get("red_at", 7):
        return 2
    return 1 if sum(parts) >= rule.get("yellow_at", 5) or (rule.get("single", True) and 3 in parts) else 0


def news2(code: str, value: Any, scale: Fraction, oxygen: bool) -> int:
    """Points by whole numbers (temperature: tenths), read off the table line by line."""
    if code == "oxygen":
        return 2 if value else 0
    if code == "consciousness":
        return 0 if value == "A" else 3
    whole = floor(value * (10 if code == "temperature" else 1) + Fraction(1, 2))
    if code == "spo2" and scale == 2 and not oxygen and whole >= 93:
        return 0
    table = {  # the greatest number of each band, then its points
        "resp_rate": ((8, 3), (11, 1), (20, 0), (24, 2), (999, 3)),
        "bp_sys": ((90, 3), (100, 2), (110, 1), (219, 0), (999, 3)),
        "pulse": ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (999, 3)),
        "temperature": ((350, 3), (360, 1), (380, 0), (390, 1), (999, 2)),
        "spo2": ((91, 3), (93, 2), (95, 1), (999, 0))
        if scale == 1
        else ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (999, 3)),
    }[code]
    return next(mark for top, mark in table if whole <= top)


def answer(rule: Rule, rows: list[Row], at: int) -> int:
    value = next(r["value"] for r in rows if r["at"] == at)
    return 2 if listed(value, rule.get("red", ())) else 1 if listed(value, rule.get("yellow", ())) else 0


def count(rule: Rule, rows: list[Row], at: int) -> int:
    many = 0
    for code, values in rule["answers"].items():
        row = newest(rows, code, at, lasting(rule["window"]))
        many += row is not None and listed(row["value"], values)
    if "red_at" in rule and many >= rule["red_at"]:
        return 2
    return 1 if "yellow_at" in rule and many >= rule["yellow_at"] else 0


def implausible(rows: list[Row], begin: int) -> list[Step]:
    """The built-in rule of one code: its readings, an odd one first where both stand at one instant."""
    found = []
    for at in sorted({r["at"] for r in rows if r["at"] >= begin}):
        here = [r for r in rows if r["at"] == at]
        one = next((r for r in here if r["odd"]), here[0])
        found.append((at, 1 if one["odd"] else 0, one["id"], "reading"))
    return found
