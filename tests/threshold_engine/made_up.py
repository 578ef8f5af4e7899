"""Plans and readings for the laws, made up from seeds."""

from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from threshold_engine import Plan, Reading, format_instant, parse_instant, read_plan

HOUR = 3_600_000
ZERO = parse_instant("2026-03-01T00:00:00Z")
LAST = 96
NUMERIC = {"spo2": [88, 89, 90, 91, 92, 94, 97], "pulse": [80, 91, 100, 111, 131], "k": [1, 2, 3, 4, 5.5, 9]}
PLAIN: dict[str, list[Any]] = {"mood": ["fine", "bad", True, 3], "oxygen": [True, False, 1]}
CODES = (*NUMERIC, *PLAIN)

lawful = settings(max_examples=500, derandomize=True, deadline=None)


def at(hour: int) -> str:
    return format_instant(ZERO + hour * HOUR)


class Chance:
    """Makes plans and readings up from a seed.

    Instants and values are few, so that ties, edges and equalities are common.
    """

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)  # noqa: S311 - repeatable chance is the point
        self.one = self.rng.choice

    def maybe(self, **members: Any) -> dict[str, Any]:
        return {name: member for name, member in members.items() if self.rng.random() < 0.4}

    def hours(self, longest: int = 30) -> str:
        return f"PT{self.rng.randint(1, longest)}H"

    def repetition(self) -> dict[str, Any]:
        need = self.rng.randint(1, 3)
        return self.maybe(
            within=self.hours(60), spacing=self.hours(8), deadband=self.one([0, 1, 2]), clear=self.one([1, 2])
        ) | self.one([{}, {"need": need, "of": need + self.rng.randint(0, 2)}])

    def limits(self, code: str) -> dict[str, Any]:
        _, low, middle, *_, high, _ = NUMERIC[code]
        return {"yellow_above": middle} | self.maybe(yellow_below=middle, red_below=low, red_above=high)

    def sums(self) -> dict[str, Any]:
        return {"yellow_at": self.rng.randint(1, 3)} | self.maybe(red_at=self.rng.randint(3, 4))

    def term(self) -> dict[str, Any]:
        code = self.one(list(NUMERIC))
        steps = [{"at": at, "points": self.rng.randint(1, 3)} for at in self.rng.sample(NUMERIC[code], 2)]
        moves = [{"at": self.one([1, 2]), "points": self.rng.randint(1, 3)}]
        usual = {"baseline": "P2D", "lag": self.hours(12), "at_least": 2}
        return self.one(
            [
                {"code": code, self.one(["below", "above"]): steps},
                {"code": code, self.one(["rise", "fall"]): moves} | usual,
                {"code": self.one(list(PLAIN)), "values": [True, "bad"], "points": 2},
            ]
        )

    def rule(self) -> dict[str, Any]:
        code = self.one(list(NUMERIC))
        one_code = {"code": code, "window": self.hours()}
        move = {f"{self.one(['rise', 'fall'])}_yellow": 1} | self.maybe(
            rise_red=2, fall_red=3, reference="median", at_least=2
        )
        stat = {"stat": self.one(["mean", "median"])} | self.maybe(at_least=self.one([1, 3]))
        wait = {"every": self.hours(12)} | self.maybe(grace="PT2H", red_after=f"PT{self.one([3, 9])}H")
        some_codes = self.rng.sample(CODES, self.rng.randint(1, 2))
        news2 = {"required": self.one([[], ["spo2"], ["pulse", "oxygen"]]), "yellow_at": self.one([1, 2, 3])}
        answers = {"mood": ["bad", 3], "oxygen": [True], "k": [1, 2]}
        return self.one(
            [
                {"kind": "limit", "code": code} | self.limits(code) | self.repetition(),
                {"kind": "change"} | one_code | move | self.repetition(),
                {"kind": "average"} | one_code | stat | self.limits(code) | self.repetition(),
                {"kind": "points", "terms": [self.term(), self.term()]} | self.sums() | self.repetition(),
                {"kind": "missing", "codes": some_codes} | wait,
                {"kind": "score", "score": "news2", "scale": self.one([1, 2])}
                | news2
                | self.maybe(window=self.hours(), single=False),
                {"kind": "answer", "code": "mood", "yellow": [True, "bad"]} | self.maybe(red=["bad", 3]),
                {"kind": "count", "answers": answers, "window": self.hours()} | self.sums(),
            ]
        )

    def plan(self) -> Plan:
        """Rules come, go, change and come back over up to four versions."""
        pool = [self.rule() | {"id": f"r{index % 4}"} for index in range(6)]
        versions = [
            {
                "version": number,
                "valid_from": at(self.rng.randint(0, LAST // 2) if number else 0),
                "rules": list({rule["id"]: rule for rule in self.rng.sample(pool, 4)}.values()),
            }
            for number in range(self.rng.randint(1, 4))
        ]
        pauses = [
            {"from": at(self.rng.randint(0, LAST)), "to": self.one([None, at(self.rng.randint(0, LAST))])}
            for _ in range(self.one([0, 0, 1, 2]))
        ]
        return read_plan({"patient": "p", "versions": versions, "pauses": pauses})

    def reading(self) -> Reading:
        code = self.one(CODES)
        value = self.one(NUMERIC.get(code, PLAIN.get(code, [])))
        if self.rng.random() < 0.05:
            value = self.one([5, "?", True])
        effective = ZERO + self.rng.randint(0, LAST) * HOUR
        return Reading(
            id=f"x{self.rng.randint(0, 150)}",
            patient=self.one(["p"] * 9 + ["q"]),
            code=code,
            value=value if isinstance(value, bool | str) else int(value * 1_000_000),
            effective=effective,
            received=self.one([None] * 8 + [effective + HOUR, effective - 20 * HOUR]),
            version=self.one([1, 1, 1, 2]),
            status=self.one(["final"] * 15 + ["cancelled"]),
        )


SEEDS = st.integers(0, 2**40)
PLANS = SEEDS.map(lambda seed: Chance(seed).plan())
DELIVERED = st.builds(
    lambda seed, n: [chance.reading() for chance in [Chance(seed)] for _ in range(n)],
    SEEDS,
    st.integers(0, 100),
)
NOWS = st.integers(0, LAST + 12).map(lambda hour: ZERO + hour * HOUR)
