"""Plans with one or two things done to them that may or may not make them invalid."""

from copy import deepcopy
from random import Random
from typing import Any

from oracle_plans import KINDS
from random_cases import INSTANTS, Cases, written

NAMES = sorted({name for members in KINDS.values() for name in members})
NAMES += [
    "points",
    "below",
    "above",
    "fall",
    "rise",
    "values",
    "baseline",
    "lag",
    "at",
    "from",
    "to",
    "until",
]
NAMES += ["id", "kind", "note", "label", "version", "valid_from", "rules", "red_abvoe", ""]
NUMBERS = ["@2.0@", "@1.5@", "@1e15@", "@-0.0000001@", "@0.0000001@", "@0.0000005@", "@0.0000006@", "@1e14@"]
NUMBERS += ["@999999999999999.9999996@", "@999999999999999.9999994@", "@1.0000001@"]
DURATIONS = ["PT0S", "P0D", "PT1H", "P1D", "P10000D", "P10001D", "P1M", "P1Y", "PT", "P", "P1W2D", "P1DT"]
DURATIONS += [
    "P1.5D",
    "PT1M1H",
    "-P1D",
    "p1d",
    "P9999DT24H",
    "P9999DT24H1S",
    "PT240000H",
    "P1D ",
    "P01D",
    "P\u0661D",
]
WORDS = [
    "",
    "k",
    "spo2",
    "x/y",
    "implausible:x",
    "implausible",
    "mean",
    "median",
    "extreme",
    "news2",
    "NEWS2",
]
OTHERS: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    2,
    3,
    -1,
    [],
    {},
    [None],
    ["k"],
    ["yes", True, 1],
    ["spo2"],
    [[]],
]
OTHERS += [
    ["weight"],
    {"k": ["yes"]},
    {"k": []},
    {"": ["yes"]},
    {"k": None},
    [{"at": 1}],
    [{"at": 1, "points": 1}],
]
OTHERS += [
    [{"at": 1, "points": 0}],
    [{"at": 1, "points": 1, "note": "x"}],
    "limit",
    "count",
    "answer",
    "missing",
]
VALUES: list[Any] = [*NUMBERS, *DURATIONS, *WORDS, *INSTANTS, *OTHERS]


class DamagedPlans:
    """One stream of plans as JSON text; the same seed gives the same plans."""

    def __init__(self, seed: int) -> None:
        self.r = Random(seed)  # noqa: S311 - cases, not secrets
        self.cases = Cases(seed)

    def text(self) -> str:
        plan = deepcopy(self.cases.case()["plans"][0])
        for _ in range(self.r.choice((0, 1, 1, 1, 2))):
            self.damage(self.r.choice(parts(plan)))
        return written(plan)

    def damage(self, part: Any) -> None:
        r, dice, value = self.r, self.r.random(), deepcopy(self.r.choice(VALUES))
        if not part:
            if isinstance(part, list):
                part.append(value)
        elif isinstance(part, dict):
            if dice < 0.15:
                part.pop(r.choice(list(part)))
            else:
                part[r.choice(list(part) if dice < 0.75 else NAMES)] = value
        elif dice < 0.4:
            part.append(deepcopy(r.choice(part)))
        elif dice < 0.8:
            part[r.randrange(len(part))] = value
        else:
            part.clear()


def parts(raw: Any) -> list[Any]:
    """Every object and list in a JSON value, itself included."""
    if not isinstance(raw, dict | list):
        return []
    inner = raw.values() if isinstance(raw, dict) else raw
    return [raw, *(part for one in inner for part in parts(one))]
