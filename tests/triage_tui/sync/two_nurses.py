"""Two nurses do something to the same patient: all pairs of acts, played at once. Not a test file.

Each pair has a patient of its own, all on one server. Ola's act reaches it first, Kari's second. Offline Kari
hasn't seen what Ola did; online she has. Then Kari settles what is in conflict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from fhir_r4.care_plans import care_plan
from fhir_r4.raw import Raw
from followup_server.judging.patients import judge_patients
from local_store.store import Store
from local_store.views import Nurse
from tests.triage_tui.sync.conftest import (
    HOUR,
    MINUTE,
    NOW,
    PLAN,
    Console,
    MovableClock,
    Server,
    observation,
    patient,
)
from triage_tui import acts
from triage_tui.acts import ActRefused
from work_items import Centre, Item, ItemState

KARI, OLA = "Practitioner/demo-kari", "Practitioner/demo-ola"
OUTCOMES = {"kari": "advice-given", "ola": "no-action"}


@dataclass
class Scenario:
    """One pair of acts, and what came of it."""

    patient: str
    mine: str
    theirs: str
    start: str
    """Who has the item when it begins: nobody, kari, ola; or it is closed."""
    online: bool
    settle: str
    task: str = ""
    refused: str | None = None
    """Why Kari's act was refused at once."""
    written: set[str] = field(default_factory=set)
    op: str | None = None
    """Kari's."""
    told: list[str] = field(default_factory=list)
    """What Kari is told of her conflicts."""
    after: Any = None
    """The patient's items on Kari's console, once both had synced."""
    not_settled: str | None = None
    settled: Any = None

    def __str__(self) -> str:
        link = "online" if self.online else "offline"
        return f"{self.mine} against {self.theirs}, {self.start}, {link}, {self.settle}"

    @property
    def latest(self) -> Item:
        """The item, or the one that it was reopened as."""
        return newest(self.after)


def newest(items: list[Item]) -> Item:
    return max((item for item in items if item.code.value == "alert"), key=lambda item: item.n)


def _shelve(c: Console, task: str) -> Any:
    until = c.clock() + HOUR
    return acts.shelve(c.store, c.nurse, task, until, f"{c.nurse.login} venter", c.clock(), centre=Centre())


def _complete(c: Console, task: str) -> Any:
    note = f"{c.nurse.login} ferdig"
    return acts.complete(c.store, c.nurse, task, OUTCOMES[c.nurse.login], c.clock(), note=note)


def _no_answer(c: Console, task: str) -> Any:
    who = c.store.find_task(task).item.patient
    return acts.contact(
        c.store, c.nurse, who, "phone", "no-answer", c.clock(), text=f"{c.nurse.login} prøvde"
    )


def _escalate(c: Console, task: str) -> Any:
    who, text = c.store.find_task(task).item.patient, f"{c.nurse.login} ber om vurdering"
    return acts.escalate(c.store, c.nurse, who, "gp", c.clock(), text=text, about=[task])


CHANGES: dict[str, Callable[[Console, str], Any]] = {
    "take": lambda c, task: acts.take(c.store, c.nurse, task, c.clock()),
    "takeover": lambda c, task: acts.takeover(c.store, c.nurse, task, c.clock()),
    "release": lambda c, task: acts.release(c.store, c.nurse, task, c.clock()),
    "shelve": _shelve,
    "complete": _complete,
    "reopen": lambda c, task: acts.reopen(c.store, c.nurse, task, c.clock()),
}
ADDS: dict[str, Callable[[Console, str], Any]] = {
    "contact": _no_answer,
    "escalate": _escalate,
}
ACTS = CHANGES | ADDS
WORSE = "worse"
"""Not Ola but the patient: a red reading."""


def scenarios() -> list[Scenario]:
    """Every pair of which one at least changes the item; offline with either way of settling a conflict."""
    found: list[Scenario] = []
    for mine, theirs in product(ACTS, [*ACTS, WORSE]):
        if mine in ADDS and theirs in ADDS:
            continue
        adds = mine in ADDS or theirs in ADDS
        ways = [(False, "keep-theirs")]
        if not adds:
            ways += [(False, "keep-mine"), (True, "keep-theirs")]
        for start in starts(mine, theirs, adds=adds):
            for online, settling in ways[: 3 if start == "nobody" else 2]:
                found.append(Scenario(f"s{len(found):03d}", mine, theirs, start, online, settling))
    return found


def starts(mine: str, theirs: str, *, adds: bool) -> tuple[str, ...]:
    """Who may have the item before; what only adds to it doesn't care, and what is reopened is closed."""
    if "reopen" in (mine, theirs):
        return ("closed",) if {mine, theirs} <= {"reopen", *ADDS} else ()
    return ("nobody",) if adds else ("nobody", "kari", "ola")


def put_centre(server: Server, played: list[Scenario]) -> None:
    raws: list[Raw] = []
    for number, scenario in enumerate(played):
        who = scenario.patient
        raws += [
            patient(who, f"Hansen {who}", "Nils"),
            {**care_plan(who, PLAN, title="kols", author="Practitioner/gp-berg"), "id": f"plan-{who}"},
            observation(number, who, 118, NOW - HOUR, "8867-4"),
        ]
    server.put(*raws)


def do(console: Console, scenario: Scenario, act: str) -> str | None:
    """Do an act; its op, or none where it was refused."""
    before = {text for text, _ in texts(console.store, scenario.patient)}
    try:
        done = ACTS[act](console, scenario.task)
    except ActRefused as error:
        if console.nurse.login == "kari":
            scenario.refused = error.message_id
        return None
    finally:
        scenario.written |= {text for text, _ in texts(console.store, scenario.patient)} - before
    return str(done.op)


def texts(store: Store, who: str) -> list[tuple[str, bool]]:
    with store.read() as snapshot:
        return [(entry.text, entry.sent) for entry in snapshot.entries_of(who)]


def items(store: Store, who: str) -> list[Item]:
    with store.read() as snapshot:
        return sorted(
            (stored.item for stored in snapshot.items_of(who, closed_since=0)), key=lambda item: item.task
        )


def until_equal(*consoles: Console) -> None:
    """Both sync until nothing moves between them."""
    for console in (*consoles, *consoles):
        assert console.sync().reached == "all"


def start(kari: Console, ola: Console, played: list[Scenario]) -> None:
    """Bring each patient's item to where its scenario begins."""
    holders = {"kari": kari, "ola": ola, "closed": ola}
    for scenario in played:
        scenario.task = newest(items(kari.store, scenario.patient)).task
        if scenario.start in holders:
            ACTS["take"](holders[scenario.start], scenario.task)
        if scenario.start == "closed":
            ACTS["complete"](ola, scenario.task)
    until_equal(kari, ola)


def play(kari: Console, ola: Console, server: Server, played: list[Scenario]) -> None:
    """Ola's acts, the patients', Kari's; all synced."""
    offline = [scenario for scenario in played if not scenario.online]
    for scenario in offline:
        scenario.op = do(kari, scenario, scenario.mine)
    server.clock.now += MINUTE
    for number, scenario in enumerate(played):
        if scenario.theirs == WORSE:
            server.put(observation(5000 + number, scenario.patient, 140, server.clock(), "8867-4"))
        else:
            do(ola, scenario, scenario.theirs)
    server.clock.now += 2 * MINUTE
    judge_patients(server.resources, [one.patient for one in played], server.clock(), Centre())
    until_equal(ola, kari)
    for scenario in played:
        if scenario.online:
            scenario.op = do(kari, scenario, scenario.mine)
    until_equal(kari, ola)
    told: dict[str, list[str]] = {}
    for row in kari.store.outbox():
        told.setdefault(str(row.patient), []).append(row.answer or "")
    for scenario in played:
        scenario.told = told.get(scenario.patient, [])
        scenario.after = items(kari.store, scenario.patient)


def settle(kari: Console, ola: Console, played: list[Scenario]) -> None:
    """Kari settles what is in conflict."""
    for scenario in played:
        if scenario.told and scenario.op is not None:
            try:
                if scenario.settle == "keep-mine":
                    acts.keep_mine(kari.store, kari.nurse, scenario.op, kari.clock(), centre=Centre())
                else:
                    acts.keep_theirs(kari.store, kari.nurse, scenario.op, kari.clock())
            except ActRefused as error:
                scenario.not_settled = error.message_id
    until_equal(kari, ola)
    for scenario in played:
        scenario.settled = items(kari.store, scenario.patient)


@dataclass
class Played:
    """All scenarios, both nurses, and the server, after everything has been played and settled."""

    scenarios: list[Scenario]
    kari: Console
    ola: Console
    server: Server
    differences: list[str]
    """Patients whom the two saw differently before anything was settled."""


class nurse_at_work:  # noqa: N801 - reads as the thing that it gives
    def __init__(self, folder: Path, login: str, clock: MovableClock, url: str) -> None:
        nurse = Nurse(login, f"Practitioner/demo-{login}", login.title())
        self._made = Console(nurse, Store.create(folder / login, bytes(range(32))), clock, url)

    def __enter__(self) -> Console:
        return self._made

    def __exit__(self, *_: object) -> None:
        for client in self._made.clients:
            client.close()
        self._made.store.close()


def seen_differently(kari: Console, ola: Console, made: list[Scenario]) -> list[str]:
    return [
        str(one)
        for one in made
        if items(kari.store, one.patient) != items(ola.store, one.patient)
        or sorted(texts(kari.store, one.patient)) != sorted(texts(ola.store, one.patient))
    ]


def took_effect(scenario: Scenario, item: Item) -> bool:
    """Whether the item is what Kari's act makes of it."""
    match scenario.mine:
        case "take" | "takeover":
            return item.owner == KARI and item.state is ItemState.IN_PROGRESS
        case "shelve":
            return item.owner == KARI and item.state is ItemState.ON_HOLD
        case "complete":
            return item.state is ItemState.COMPLETED and item.outcome == OUTCOMES["kari"]
        case "release":
            return item.owner != KARI
        case "reopen":
            return item.task != scenario.task and item.state.is_open
        case _:
            return True
