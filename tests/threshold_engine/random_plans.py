"""Random plans for random cases, and the draws that plans and readings share."""

from random import Random
from typing import Any

HOUR = 3_600_000
DAY = 24 * HOUR
SEVEN = ("bp_sys", "consciousness", "oxygen", "pulse", "resp_rate", "spo2", "temperature")
SPANS = ("PT1H", "PT2H", "PT60M", "PT3H", "P1D", "PT24H", "PT6H", "P2D", "P1W", "PT3600S", "P0DT2H")
TEXTS = ("yes", "no", "true", "2", "", "\u00e6", "Yes")
NOTES = (
    None,
    "1",
    "@1@",
    "@1.0@",
    "@1.0000001@",
    True,
    "P1D",
    "PT24H",
    ["@1@", "@2@"],
    ["@2.0@", "@1@"],
    {"a": []},
)


class Plans:
    """One stream of plans; the same seed gives the same ones."""

    numbers: tuple[str, ...]
    codes: list[str]
    span: int
    grid: int
    kind: str | None
    calm: bool

    def __init__(self, seed: int) -> None:
        self.r = Random(seed)  # noqa: S311 - cases, not secrets

    def many(self, *weights: int) -> int:
        return self.r.choices(range(len(weights)), weights)[0]

    def ms(self, share: float = 1.0) -> int:
        steps = max(1, int(self.span * HOUR * share) // self.grid)
        return self.r.randint(0, steps) * self.grid + self.r.choice((0,) * 12 + (1, -1))

    def at(self, share: float = 1.0) -> str:
        return self.instant(self.ms(share))

    def ending(self) -> str:
        return (
            self.at() if self.r.random() < 0.3 else self.instant((self.span + self.r.choice((0, 5))) * HOUR)
        )

    def instant(self, ms: int) -> str:
        """Hour 0 is 2026-03-01, written in one of the ways that mean the same."""
        zone = self.r.choice((0,) * 6 + (60, -90, 330))
        ms += 2 * DAY + zone * 60_000
        day, ms = divmod(ms, DAY)
        date = f"2026-02-{27 + day}" if day < 2 else f"2026-03-{day - 1:02}"
        hour, minute, second, part = ms // HOUR, ms // 60_000 % 60, ms // 1000 % 60, ms % 1000
        sign = f"{'-' if zone < 0 else '+'}{abs(zone) // 60:02}:{abs(zone) % 60:02}"
        end = sign if zone else self.r.choice(("Z", "Z", "z", "+00:00", "-00:00"))
        fraction = f".{part:03}" + self.r.choice(("", "", "9"))
        if not part and self.r.random() < 0.5:
            fraction = ""
        if not part and not second and minute and self.r.random() < 0.1:
            minute, second, fraction = minute - 1, 60, self.r.choice(("", ".5"))
        return f"{date}{self.r.choice('TTt')}{hour:02}:{minute:02}:{second:02}{fraction}{end}"

    def number(self) -> str:
        """A number as JSON, in one of its forms, now and then a hair beside it."""
        text = self.r.choice(self.numbers)
        dot = "" if "." in text else "."
        forms = (text,) * 8 + (f"{text}e0", text + dot + "0", text + dot + "0000005", text + dot + "0000015")
        return f"@{self.r.choice(forms)}@"

    def whole(self, *numbers: int) -> str:
        return f"@{self.r.choice(numbers)}{self.r.choice(('', '', '.0', 'e0'))}@"

    def plan(self, patient: str) -> dict[str, Any]:
        r = self.r
        rules = [self.rule(f"r{n}") for n in range(self.many(1, 6, 4, 2))]
        versions = []
        for n in range(r.choice((1, 1, 2, 3, 4))):
            if n:
                rules = [rule for rule in map(self.edited, rules) if rule is not None]
            share = self.r.choice((0.0, 0.3)) if n == 0 else 1.0
            version = {
                "version": self.whole(10 * n + 1, 10 * n + 2),
                "valid_from": self.at(share),
                "rules": rules,
            }
            versions.append(version)
        plan: dict[str, Any] = {"patient": patient, "versions": versions}
        if r.random() < 0.6:
            plan["pauses"] = [self.pause() for _ in range(self.many(1, 4, 3, 2))]
        return plan

    def pause(self) -> dict[str, Any]:
        pause: dict[str, Any] = {"from": self.at()}
        if self.r.random() < 0.9:
            pause["to"] = self.at() if self.r.random() < 0.95 else None
        return pause

    def edited(self, rule: dict[str, Any]) -> dict[str, Any] | None:
        """The rule of the next version: most often the same content, else told apart by a little."""
        dice = self.r.random()
        if dice < 0.55:
            members = list(rule.items())
            self.r.shuffle(members)
            return {name: self.respelled(value) for name, value in members}
        if dice < 0.75:
            return rule | {"note": self.r.choice(NOTES)}
        if dice < 0.8:
            return None
        return self.rule(rule["id"]) if dice < 0.9 else rule | {"label": self.r.choice((None, True, "@1@"))}

    def respelled(self, value: Any) -> Any:
        """The same number in another form."""
        if isinstance(value, str) and value.startswith("@") and self.r.random() < 0.5:
            return f"{value[:-1]}e0@" if "e" not in value else value
        return value

    def rule(self, name: str) -> dict[str, Any]:
        kind = self.kind if self.kind and self.r.random() < 0.8 else self.r.choice(list(MAKERS))
        members = MAKERS[kind](self)
        return {"id": name, "kind": kind} | {k: v for k, v in members.items() if v is not None}

    def maybe(self, chance: float, value: Any) -> Any:
        return value if self.r.random() < chance else None

    def code(self) -> str:
        return self.r.choice(self.codes)

    def steps(self) -> dict[str, Any]:
        r = self.r
        need = r.choice((1, 1, 1, 2, 2, 3))
        return {
            "need": self.maybe(0.5, need) and self.whole(need),
            "of": self.maybe(0.5, self.whole(need, need + 1, need + 2))
            if need == 1
            else self.whole(need, need + 1),
            "within": self.maybe(0.3, r.choice(SPANS)),
            "spacing": self.maybe(0.3, r.choice(SPANS[:4])),
            "deadband": self.maybe(
                0.4, r.choice((self.number(), "@0.5@", "@1@", "@0@", "@0.0000015@", "@1e14@"))
            ),
            "clear": self.maybe(0.3, self.whole(1, 2, 3)),
        }

    def limits(self) -> dict[str, Any]:
        low, high = sorted((self.number() for _ in range(2)), key=size)
        found = {"red_below": low, "yellow_below": high}
        if self.r.random() < 0.6:
            found = {"yellow_above": low, "red_above": high}
        if self.r.random() < 0.4:
            found.pop(self.r.choice(list(found)))
        return found

    def pair(self, yellow: str, red: str, make: Any) -> dict[str, Any]:
        low, high = sorted((make() for _ in range(2)), key=size)
        found = {yellow: low, red: high}
        if self.r.random() < 0.4:
            found.pop(self.r.choice((yellow, red)))
        return found

    def small(self) -> str:
        return self.r.choice(("@1@", "@2.0@", "@2@", "@0.3@", "@1.7@", "@3@"))

    def limit(self) -> dict[str, Any]:
        return {"code": self.code()} | self.limits() | self.steps()

    def change(self) -> dict[str, Any]:
        found = self.pair("rise_yellow", "rise_red", self.small) if self.r.random() < 0.6 else {}
        if not found or self.r.random() < 0.4:
            found |= self.pair("fall_yellow", "fall_red", self.small)
        found |= {"code": self.code(), "window": self.r.choice(SPANS)}
        found["reference"] = self.maybe(0.6, self.r.choice(("median", "extreme")))
        return found | {"at_least": self.maybe(0.3, self.whole(1, 2, 3))} | self.steps()

    def average(self) -> dict[str, Any]:
        found = {
            "code": self.code(),
            "window": self.r.choice(SPANS),
            "stat": self.r.choice(("mean", "median")),
        }
        return found | self.limits() | {"at_least": self.maybe(0.5, self.whole(1, 2, 3, 4))} | self.steps()

    def points(self) -> dict[str, Any]:
        terms = [self.term() for _ in range(self.r.choice((1, 2, 3)))]
        found = {"terms": terms, "window": self.maybe(0.6, self.r.choice(SPANS))}
        return found | self.pair("yellow_at", "red_at", lambda: self.whole(1, 2, 3, 5)) | self.steps()

    def term(self) -> dict[str, Any]:
        r, form = self.r, self.r.choice(("below", "above", "fall", "rise", "values"))
        if form == "values":
            return {"code": self.code(), "values": self.values(), "points": self.whole(1, 2)}
        make = self.number if form in ("below", "above") else self.small
        found = [{"at": make(), "points": self.whole(1, 2, 3)} for _ in range(r.choice((1, 2, 3)))]
        term: dict[str, Any] = {"code": self.code(), form: found}
        if form in ("fall", "rise"):
            term |= {"baseline": r.choice(("PT6H", "P1D", "P2D")), "lag": r.choice(("PT1H", "PT2H", "PT6H"))}
            if r.random() < 0.8:
                term["at_least"] = self.whole(1, 2, 3)
            if term["baseline"] != "PT6H" and r.random() < 0.2:
                del term["lag"]
        return term

    def values(self) -> list[Any]:
        return [self.r.choice((True, False, self.number(), *TEXTS)) for _ in range(self.r.choice((1, 2, 3)))]

    def missing(self) -> dict[str, Any]:
        r, grace = self.r, self.r.choice((None, "PT0S", "PT1H", "PT30M"))
        every = r.choice((*SPANS, "PT0S", "P0D"))
        codes = [self.code() for _ in range(r.choice((1, 2)))]
        return {
            "codes": codes,
            "every": every,
            "grace": grace,
            "red_after": self.maybe(0.6, r.choice(("PT2H", "PT3H", "PT1H0M1S", "P1D"))),
        }

    def score(self) -> dict[str, Any]:
        r = self.r
        required = self.maybe(0.7, r.sample(SEVEN, r.choice((0, 1, 2, 5))))
        bounds = r.choice(({}, {"yellow_at": 3}, {"red_at": 5}, {"yellow_at": 1, "red_at": 2}))
        found = {"score": "news2", "scale": self.whole(1, 2), "window": self.maybe(0.8, r.choice(SPANS))}
        return found | bounds | {"required": required, "single": self.maybe(0.4, r.random() < 0.3)}

    def answer(self) -> dict[str, Any]:
        found: dict[str, Any] = {"code": self.code(), "yellow": self.values(), "red": self.values()}
        if self.r.random() < 0.5:
            del found[self.r.choice(("yellow", "red"))]
        return found

    def count(self) -> dict[str, Any]:
        answers = {self.code(): self.values() for _ in range(2)}
        found = {"answers": answers, "window": self.r.choice(SPANS)}
        return found | self.pair("yellow_at", "red_at", lambda: self.whole(1, 2))


def size(text: str) -> float:
    return float(text.strip("@"))


MAKERS: dict[str, Any] = {
    "limit": Plans.limit,
    "change": Plans.change,
    "average": Plans.average,
    "points": Plans.points,
    "missing": Plans.missing,
    "score": Plans.score,
    "answer": Plans.answer,
    "count": Plans.count,
}
