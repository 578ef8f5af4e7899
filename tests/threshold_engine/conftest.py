"""Small cases in hours: hour 0 is 2026-03-01T00:00:00Z."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest

from threshold_engine import evaluate_case, format_instant, parse_instant

ZERO = parse_instant("2026-03-01T00:00:00Z")
HOUR = 3_600_000


def _at(hour: float) -> str:
    return format_instant(ZERO + int(Fraction(hour).limit_denominator(3_600_000) * HOUR))


def _case(
    rules: Sequence[object] | Mapping[float, Sequence[object]],
    rows: Sequence[tuple[Any, ...]],
    now: float,
    pauses: Sequence[tuple[float, float | None]] = (),
) -> dict[str, object]:
    versions = rules if isinstance(rules, Mapping) else {0: rules}
    return {
        "plans": [
            {
                "patient": "p",
                "versions": [
                    {"version": n, "valid_from": _at(hour), "rules": list(found)}
                    for n, (hour, found) in enumerate(versions.items(), 1)
                ],
                "pauses": [
                    {"from": _at(start), "to": None if end is None else _at(end)} for start, end in pauses
                ],
            }
        ],
        "readings": [
            {"id": row[0], "patient": "p", "code": row[1], "value": row[2], "effective": _at(row[3])}
            | (row[4] if len(row) > 4 else {})
            for row in rows
        ],
        "now": _at(now),
    }


@pytest.fixture(scope="session")
def at() -> Callable[[float], str]:
    """The instant of an hour, as text."""
    return _at


@pytest.fixture(scope="session")
def case() -> Callable[..., dict[str, object]]:
    """case(rules or {hour: rules}, [(id, code, value, hour, more?)], now, pauses) → a case as JSON."""
    return _case


@pytest.fixture(scope="session")
def judged() -> Callable[..., list[Any]]:
    """The same judged: [(rule, [(hour, level, reading) …], reason)] in the order of the answer."""

    def hour(text: str) -> float:
        return (parse_instant(text) - ZERO) / HOUR

    def judge(*args: Any, **named: Any) -> list[Any]:
        episodes: Any = evaluate_case(_case(*args, **named))
        return [
            (e["rule"], [(hour(c["at"]), c["level"], c["reading"]) for c in e["changes"]], e["reason"])
            for e in episodes
        ]

    return judge
