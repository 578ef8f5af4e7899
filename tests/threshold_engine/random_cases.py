"""Random cases that lean on corners: few instants, few values, edges met exactly, everything met twice."""

import json
import re
from typing import Any

from random_plans import HOUR, MAKERS, SEVEN, TEXTS, Plans

POOLS = (
    (("1", "2", "3", "4", "5"), ("k", "m", "fev1")),
    (("80", "81", "82", "83", "80.3", "82.3", "94"), ("k", "weight", "spo2", "pulse")),
    (("36", "36.9", "38.2", "38.5", "39", "46"), ("temperature", "weight")),
)
INSTANTS = ["2026-03-01T00:00:00Z", "2026-02-29T00:00:00Z", "2024-02-29T00:00:00Z", "2026-03-01T00:00Z"]
INSTANTS += [
    "2026-03-01 00:00:00Z",
    "0000-12-31T23:30:00-01:00",
    "0001-01-01T00:30:00+01:00",
    "0000-02-29T00:00:00Z",
]
INSTANTS += [
    "9999-12-31T23:59:60Z",
    "9999-12-31T23:59:59.9999Z",
    "9999-12-31T23:59:59-00:01",
    "2026-03-01T24:00:00Z",
]
INSTANTS += [
    "2026-03-01T00:00:60.9Z",
    "2026-03-01T00:00:61Z",
    "2026-03-01T00:00:00.Z",
    "2026-03-01T00:00:00+24:00",
]
INSTANTS += [
    "2026-03-01T00:00:00-0000",
    "2026-03-01T00:00:00,5Z",
    "2026-13-01T00:00:00Z",
    "2026-3-01T00:00:00Z",
]
ODD = (
    "@-2@",
    "@0@",
    "@0.9999995@",
    "@2.0000005@",
    "@1e14@",
    "@-0.0000001@",
    "@1e15@",
    "@999999999999999.9999999@",
)
SCORED: dict[str, tuple[str, ...]] = {
    "bp_sys": ("90", "90.5", "100.4", "110", "219.5", "120", "49", "111"),
    "pulse": ("40.5", "41", "90", "110.49", "130.5", "70", "19", "131"),
    "resp_rate": ("8.5", "8", "11", "11.5", "20", "24.5", "14", "25"),
    "spo2": ("91.5", "92", "93", "94.5", "96", "83", "85.5", "87", "88", "96.5", "97"),
    "temperature": ("35.0", "35.05", "36", "36.05", "37", "38.049999", "38.05", "39.05", "46"),
}


def written(raw: Any) -> str:
    """JSON text, the numbers in the form they were drawn in."""
    return re.sub(r'"@([^"@]*)@"', r"\1", json.dumps(raw, ensure_ascii=False))


class Cases(Plans):
    """One stream of cases, each as JSON text; the same seed gives the same cases."""

    def text(self) -> str:
        return written(self.case())

    def case(self) -> dict[str, Any]:
        """A case whose numbers stand as `@2.0@`, to be put into JSON as they are."""
        r = self.r
        self.numbers, codes = r.choice(POOLS)
        self.span = r.choice((6, 12, 24, 48))
        self.grid = r.choice((HOUR, HOUR, HOUR // 2, HOUR * 2))
        self.codes = r.sample(codes, r.choice((1, 2, len(codes))))
        self.kind = r.choice((None, *MAKERS))
        self.calm = r.random() < 0.4  # nothing odd about the readings: more for the rules to judge
        patients = r.sample(["p", "q", "\ufffd", "\U0001f600", "a/b"], r.choice((1, 1, 2)))
        plans = [self.plan(patient) for patient in patients]
        return {"plans": plans, "readings": self.readings(patients), "now": self.ending()}

    def value(self, code: str) -> Any:
        r, dice = self.r, self.r.random()
        if (dice < 0.06 and not self.calm) or (self.kind in ("answer", "count") and dice < 0.5):
            return r.choice((True, False, *TEXTS))
        if code in ("oxygen", "consciousness"):
            return r.random() < 0.3 if code == "oxygen" else r.choice("AAAAAACVPUXa")
        if code in SCORED and (self.kind == "score" or dice < 0.1):
            return f"@{r.choice(SCORED[code])}@"
        return r.choice(ODD) if code == "k" and dice < 0.12 else self.number()

    def readings(self, patients: list[str]) -> list[Any]:
        r = self.r
        codes = [*self.codes, *(SEVEN if self.kind == "score" else ())]
        instants = [self.ms() for _ in range(r.choice((4, 12, 30, 60)))]
        rows: list[Any] = []
        for n in range(r.choice((5, 12, 30, 60, 90))):
            code, at = r.choice(codes), r.choice(instants)
            one = r.choice(("a", "b", "B", "\ufffd", "\U0001f600")) + str(
                r.choice((n, n, n, n, r.randint(0, 9)))
            )
            row: dict[str, Any] = {"id": one, "patient": r.choice(patients), "code": code}
            row |= {"value": self.value(code), "effective": self.instant(at)}
            rows.append(row)
            if self.calm:
                continue
            if r.random() < 0.2:
                lag = r.choice((0, 1000, 599_999, 600_000, 600_001, 2 * HOUR, -HOUR))
                row["received"] = self.instant(at - lag)
            if r.random() < 0.15:
                row["version"] = self.whole(1, 2, 3)
            if r.random() < 0.1:
                row["status"] = r.choice(
                    ("final", "amended", "cancelled", "entered-in-error", "Cancelled", "")
                )
            if r.random() < 0.12:
                rows.append(row | self.twisted(patients, codes))
        r.shuffle(rows)
        return rows

    def twisted(self, patients: list[str], codes: list[str]) -> dict[str, Any]:
        """What a second delivery of one id says differently, sometimes what makes it invalid."""
        r = self.r
        return r.choice(
            (
                {},
                {"version": self.whole(1, 2, 4)},
                {"patient": r.choice((*patients, "z"))},
                {"code": r.choice(codes), "version": self.whole(1, 5)},
                {"value": self.value(r.choice(codes))},
                {"effective": self.at()},
                {"version": 6, r.choice(("effective", "received")): r.choice(INSTANTS)},
                {"status": r.choice(("final", "cancelled")), "extra": 7},
                {"received": None, "status": None, "version": None},
                {
                    "version": 9,
                    r.choice(("patient", "code", "value", "effective")): r.choice((None, [], "", 1)),
                },
                {"version": r.choice((0, -1, "2", True, 2.5))},
                {"version": 7, "status": "entered-in-error", r.choice(("code", "value", "patient")): None},
                {"version": 8, "received": r.choice(("today", 5, "2026-02-30T00:00:00Z", False))},
            )
        )
