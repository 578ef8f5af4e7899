"""A whole case as JSON: plans, readings and now in, episodes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from threshold_engine.ambiguous import given_twice, object_of
from threshold_engine.episodes import episode_to_json
from threshold_engine.errors import CaseError
from threshold_engine.instants import parse_instant
from threshold_engine.judge import evaluate
from threshold_engine.model import Instant
from threshold_engine.plans import read_plan
from threshold_engine.readings import read_reading


def load_case(text: bytes) -> object:
    """JSON as UTF-8 with exact numbers: int, or Decimal where a fraction or exponent is written.

    A member given twice is remembered and refused where it matters. Raises CaseError.
    """
    try:
        return json.loads(
            text.decode("utf-8-sig"),
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_refuse,
            object_pairs_hook=object_of,
        )
    except UnicodeDecodeError as error:
        raise CaseError(f"not JSON: not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise CaseError(f"not JSON: {error}") from error
    except RecursionError as error:
        raise CaseError("not JSON that can be read: nested too deeply") from error


def evaluate_case(case: Mapping[str, object]) -> list[dict[str, object]]:
    """The episodes of a case `{"plans", "readings", "now"}`, as JSON; other members are ignored.

    Raises PlanError for the first invalid plan, and CaseError where it isn't a case.
    """
    if not isinstance(case, Mapping):
        raise CaseError("must be an object")
    for name in sorted(given_twice(case) & {"plans", "readings", "now"}):
        raise CaseError(f"{name}: is given twice")
    now = _now(case.get("now"))
    raw_plans, raw_readings = _list(case, "plans"), _list(case, "readings")
    plans = [read_plan(raw) for raw in raw_plans]
    readings = [reading for reading in map(read_reading, raw_readings) if reading is not None]
    return [episode_to_json(episode) for episode in evaluate(plans, readings, now)]


def _now(raw: object) -> Instant:
    if not isinstance(raw, str):
        raise CaseError("now: must be an instant")
    try:
        return parse_instant(raw)
    except ValueError as error:
        raise CaseError(f"now: is {error}") from error


def _list(case: Mapping[str, object], name: str) -> list[object]:
    found = case.get(name)
    if not isinstance(found, list):
        raise CaseError(f"{name}: must be a list")
    return found


def _refuse(word: str) -> object:
    raise CaseError(f"not JSON: {word} is not a number")


def _integer(text: str) -> int | Decimal:
    # int() refuses thousands of digits; as a Decimal they are merely too big a number where one is read.
    return int(text) if len(text) < 1000 else _decimal(text)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        # An exponent beyond what decimals hold: either nothing at six decimals, or far too big.
        digits, _, exponent = text.lower().partition("e")
        tiny = exponent.startswith("-") or not digits.strip("-0.")
        return Decimal(0) if tiny else Decimal("Infinity")
