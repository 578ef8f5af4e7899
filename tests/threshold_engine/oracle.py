"""A second judge, slow and plain, written from the semantics alone, to compare the engine's answers with.

Everything is recomputed at every instant with exact fractions. It takes a case of valid plans as JSON text
and returns the episodes as JSON. Instants are ms since the year 0 here: only their written form matters.
"""

import json
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

from oracle_kinds import Row, Step, implausible, judged, number

NAMESPACE = UUID("6f1d3a52-58a1-5c0e-9d0b-6a1f6c6b7e11")
WORDS = ("green", "yellow", "red")
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WRITTEN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
RANGES = {
    "spo2": ("50", "100"),
    "pulse": ("20", "250"),
    "resp_rate": ("3", "70"),
    "temperature": ("25", "45"),
    "bp_sys": ("50", "300"),
    "bp_dia": ("20", "200"),
    "weight": ("20", "350"),
    "glucose": ("0.5", "50"),
    "pef": ("30", "900"),
    "fev1": ("0.2", "8"),
}
MEMBERS = ("code", "effective", "id", "patient", "received", "status", "value", "version")


def loads(text: str) -> Any:
    return json.loads(text, parse_int=Fraction, parse_float=Fraction)


def month_days(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return MONTHS[month - 1] + (1 if leap and month == 2 else 0)


def days_before(year: int) -> int:
    return 0 if year == 0 else 365 * year + (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400 + 1


def instant(text: Any) -> int | None:
    found = WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    off_hour, off_minute = int(found[9] or 0), int(found[10] or 0)
    if not (1 <= month <= 12 and 1 <= day <= month_days(year, month)):
        return None
    if hour > 23 or minute > 59 or second > 60 or off_hour > 23 or off_minute > 59:
        return None
    days = days_before(year) + sum(month_days(year, m) for m in range(1, month)) + day - 1
    fraction = 0 if second == 60 else int(((found[7] or "") + "000")[:3])
    offset = (off_hour * 60 + off_minute) * (-1 if found[8] == "-" else 1)
    at = (((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + fraction
    return at if days_before(1) * 86_400_000 <= at < days_before(10_000) * 86_400_000 else None


def written(at: int) -> str:
    days, ms = divmod(at, 86_400_000)
    year = next(y for y in range(days // 366, 10_000) if days_before(y + 1) > days)
    days -= days_before(year)
    month = 1
    while days >= month_days(year, month):
        days -= month_days(year, month)
        month += 1
    clock = f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
    return f"{year:04}-{month:02}-{days + 1:02}T{clock}Z"


# --- readings


def canonical(raw: Row) -> str:
    """Canonical JSON of the eight members, each number as a string with exactly six decimals."""
    members = {name: raw[name] for name in MEMBERS if name in raw}
    return json.dumps(
        members, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=six_decimals
    )


def six_decimals(value: Fraction) -> str:
    size = abs(round(value * 10**6))
    return f"{'-' if value < 0 and size else ''}{size // 10**6}.{size % 10**6:06}"


def reading(raw: Any) -> Row | None:  # noqa: PLR0911 - as many ways to be invalid
    if not isinstance(raw, dict):
        return None
    raw = {name: value for name, value in raw.items() if value is not None}
    version, status = raw.get("version", Fraction(1)), raw.get("status", "final")
    if not isinstance(version, Fraction) or version.denominator != 1 or version < 1:
        return None
    if not isinstance(raw.get("id"), str) or not raw["id"] or not isinstance(status, str):
        return None
    row = {"id": raw["id"], "version": version, "canonical": canonical(raw), "withdrawn": True}
    if status in ("entered-in-error", "cancelled"):
        return row
    if any(not isinstance(raw.get(name), str) or not raw[name] for name in ("patient", "code")):
        return None
    at, received, value = instant(raw.get("effective")), instant(raw.get("received")), raw.get("value")
    if at is None or ("received" in raw and received is None) or not isinstance(value, bool | str | Fraction):
        return None
    if isinstance(value, Fraction):
        if abs(value) >= 10**15 or abs(number(value)) >= 10**15:
            return None
        value = number(value)
    odd = False
    if raw["code"] in RANGES:
        low, high = map(Fraction, RANGES[raw["code"]])
        odd = not isinstance(value, Fraction) or not low <= value <= high
    if received is not None and at > received + 600_000:
        at, odd = received, True
    return row | {k: raw[k] for k in ("patient", "code")} | {
        "value": value, "at": at, "odd": odd, "withdrawn": False,
    }  # fmt: skip


def used(raws: Iterable[Any], now: int) -> list[Row]:
    rows = [row for row in map(reading, raws) if row]
    left = []
    for one in {row["id"] for row in rows}:
        best = max((r for r in rows if r["id"] == one), key=lambda r: (r["version"], r["canonical"]))
        if not best["withdrawn"] and best["at"] <= now:
            left.append(best)

    def place(row: Row) -> tuple[Any, ...]:
        return (row["patient"], row["code"], row["at"], row["odd"])

    return [r for r in left if r["id"] == max(o["id"] for o in left if place(o) == place(r))]


# --- plans


def lives(versions: list[Any]) -> Iterator[tuple[Row, int, int | None]]:
    """Each life of each rule: (rule, begin, end or None)."""
    for n, version in enumerate(versions):
        for rule in version["rules"]:
            if n and any(alike(rule, old) for old in versions[n - 1]["rules"]):
                continue
            end = None
            for later in versions[n + 1 :]:
                if not any(alike(rule, new) for new in later["rules"]):
                    end = instant(later["valid_from"])
                    break
            begin = instant(version["valid_from"])
            assert begin is not None
            yield {name: value for name, value in rule.items() if value is not None}, begin, end


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and bool(one == other)


def in_force(plan: Row) -> list[Any]:
    best: dict[int, Any] = {}
    for version in plan["versions"]:
        at = instant(version["valid_from"])
        assert at is not None
        if at not in best or version["version"] > best[at]["version"]:
            best[at] = version
    return [best[at] for at in sorted(best)]


def merged(plan: Row) -> list[tuple[int, int]]:
    """Pauses that neither overlap nor touch; an open one ends at 10^18."""
    spans = []
    for pause in plan.get("pauses") or []:
        start = instant(pause["from"])
        end = 10**18 if pause.get("to") is None else instant(pause["to"])
        assert start is not None and end is not None
        if end > start:
            spans.append((start, end))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def evaluate(text: str) -> list[dict[str, Any]]:
    case = loads(text)
    now = instant(case["now"])
    assert now is not None
    rows = used(case["readings"], now)
    found = []
    for plan in case["plans"]:
        mine = sorted((r for r in rows if r["patient"] == plan["patient"]), key=lambda r: r["at"])
        versions = in_force(plan)
        for rule, begin, end in lives(versions):
            stop = now + 1 if end is None else min(end, now + 1)
            steps = judged(rule, mine, begin, stop, merged(plan))
            ended = end if end is not None and end <= now else None
            found += episodes(plan["patient"], rule["id"], steps, ended)
        if versions:
            begin = instant(versions[0]["valid_from"]) or 0
            for code in {r["code"] for r in mine}:
                steps = implausible([r for r in mine if r["code"] == code], begin)
                found += episodes(plan["patient"], f"implausible:{code}", steps, None)
    return [e for _, e in sorted(found, key=lambda pair: pair[0])]


def episodes(patient: str, rule: str, steps: list[Step], end: int | None) -> Any:
    """Steps (at, level, reading, reason) in order → the episodes, with what they are sorted by."""
    groups: list[list[Step]] = []
    level = 0
    for step in [*steps, *([] if end is None else [(end, 0, None, "plan")])]:
        if step[1] != level:
            if level == 0:
                groups.append([])
            groups[-1].append(step)
            level = step[1]
    for group in groups:
        levels = [step[1] for step in group]
        cleared = levels[-1] == 0
        onset = written(group[0][0])
        yield (
            (patient, group[0][0], rule),
            {
                "id": str(uuid5(NAMESPACE, f"{patient}/{rule}/{onset}")),
                "patient": patient,
                "rule": rule,
                "onset": onset,
                "level": WORDS[levels[-2] if cleared else levels[-1]],
                "peak": WORDS[max(levels)],
                "cleared": written(group[-1][0]) if cleared else None,
                "reason": group[-1][3] if cleared else None,
                "changes": [{"at": written(s[0]), "level": WORDS[s[1]], "reading": s[2]} for s in group],
            },
        )
