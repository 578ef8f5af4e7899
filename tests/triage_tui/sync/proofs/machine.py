"""Two nurses, one server, and everything that may go wrong between them, in any order.

A third console stays away from the first sync to the end: what it then fetches is the measure.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.triage_tui.sync.conftest import MINUTE
from tests.triage_tui.sync.proofs.audit import (
    OnServer,
    check_access_log,
    check_equal,
    check_shown,
    contents,
    ops_of,
)
from tests.triage_tui.sync.proofs.in_process import MISHAPS, PLACES, Killed, Mishap
from tests.triage_tui.sync.proofs.small_centre import (
    NURSES,
    PATIENTS,
    Console,
    FollowUpServer,
    Template,
    TrueTime,
)
from triage_tui import acts

_TURNS_AT_MOST = 6
_SPO2, _PULSE = "59408-5", "8867-4"

who = st.sampled_from(("kari", "ola"))
which = st.integers(0, 3)
mishaps = st.one_of(st.none(), st.sampled_from(("killed before", "killed after")), st.sampled_from(MISHAPS))
readings = st.sampled_from(
    ((_SPO2, 86), (_SPO2, 90), (_SPO2, 97), (_PULSE, 118), (_PULSE, 140), (_PULSE, 70))
)


class TwoNurses(RuleBasedStateMachine):
    """The sync of two consoles with one server."""

    made_from: ClassVar[Template]

    @initialize()
    def begin(self) -> None:
        self.folder = self.made_from.copy()
        self.time = TrueTime()
        self.server = FollowUpServer(self.folder, self.time, self.made_from.portal)
        self.consoles = {
            login: Console(nurse, self.folder / login, self.server) for login, nurse in NURSES.items()
        }
        self.odd = 0
        self.sound = True

    # what a nurse does

    @rule(
        name=who,
        what=st.sampled_from(("take", "take", "takeover", "release")),
        item=which,
        now=st.booleans(),
    )
    def holds(self, name: str, what: str, item: int, now: bool) -> None:
        console = self.consoles[name]
        act = {"take": acts.take, "takeover": acts.takeover, "release": acts.release}[what]
        self._act(console, lambda task, at: act(console.store, console.nurse, task, at), item, now)

    @rule(
        name=who,
        item=which,
        outcome=st.sampled_from(("contacted", "escalated")),
        note=st.booleans(),
        now=st.booleans(),
    )
    def completes(self, name: str, item: int, outcome: str, note: bool, now: bool) -> None:
        console = self.consoles[name]
        said = "Avtalt ny måling" if note else None
        self._act(
            console,
            lambda task, at: acts.complete(console.store, console.nurse, task, outcome, at, note=said),
            item,
            now,
        )

    @rule(name=who, patient=st.sampled_from(PATIENTS), now=st.booleans())
    def notes(self, name: str, patient: str, now: bool) -> None:
        console = self.consoles[name]
        self._did(console, lambda at: acts.note(console.store, console.nurse, patient, "Tungpust", at), now)

    @rule(name=who, patient=st.sampled_from(PATIENTS), reached=st.booleans(), now=st.booleans())
    def rings(self, name: str, patient: str, reached: bool, now: bool) -> None:
        console = self.consoles[name]
        result = "reached" if reached else "no-answer"
        self._did(
            console, lambda at: acts.contact(console.store, console.nurse, patient, "phone", result, at), now
        )

    # what the network does

    @rule(name=who, mishap=mishaps, place=st.sampled_from(PLACES), nth=st.integers(1, 3))
    def syncs(self, name: str, mishap: Mishap | None, place: str, nth: int) -> None:
        console = self.consoles[name]
        self._online(console, console.sync, mishap, place, nth)

    # what happens meanwhile

    @rule(patient=st.sampled_from(PATIENTS), reading=readings)
    def measures(self, patient: str, reading: tuple[str, int]) -> None:
        self._tick()
        self.server.measured(patient, *reading)

    @rule(minutes=st.sampled_from((1, 2, 20, 180, 1500)))
    def time_passes(self, minutes: int) -> None:
        self.time.now += minutes * MINUTE
        self.server.judge_due()

    @rule(name=who, minutes=st.sampled_from((-180, -3, 0, 5, 1440)))
    def clock_jumps(self, name: str, minutes: int) -> None:
        self.odd += 1
        self.consoles[name].ahead = minutes * MINUTE + self.odd

    def teardown(self) -> None:
        if not hasattr(self, "consoles"):
            return
        try:
            if self.sound:
                self._heal()
                self._check()
        finally:
            for console in self.consoles.values():
                console.store.close()
            self.server.close()
            shutil.rmtree(self.folder)

    # how

    def _tick(self) -> None:
        """No two acts have one stamp."""
        self.time.now += 1_001

    def _act(self, console: Console, act: Callable[[str, int], acts.ActDone], item: int, now: bool) -> None:
        with console.store.read() as snapshot:
            items = [one.item for patient in PATIENTS for one in snapshot.items_of(patient)]
        if items:
            items.sort(key=lambda one: (one.patient, one.code, one.rule or "", one.raised))
            task = items[item % len(items)].task
            self._did(console, partial(act, task), now)

    def _did(self, console: Console, act: Callable[[int], acts.ActDone], now: bool) -> None:
        self._tick()
        try:
            done = act(console.now())
        except acts.ActRefused:
            return
        console.ops += done.ops
        if now:
            self._online(console, partial(console.push, list(done.ops)))

    def _online(
        self,
        console: Console,
        go: Callable[..., object],
        mishap: Mishap | None = None,
        place: str = "",
        nth: int = 0,
    ) -> None:
        self._tick()
        other = self.consoles["ola" if console.nurse.login == "kari" else "kari"]
        try:
            go(way=console.way(mishap, place, nth, meanwhile=other.sync))
        except Killed:
            console.killed()
        except BaseException:
            self.sound = False
            raise

    def _heal(self) -> None:
        """Online until neither has anything left to send, and each has what the other sent."""
        for turn in range(_TURNS_AT_MOST):
            report = self.consoles[("kari", "ola")[turn % 2]].sync()
            assert report.complete, report
            assert not report.pending, report
            if turn > 0 and not report.pushed:
                break
        else:
            raise AssertionError(f"never done: {report}")
        assert self.consoles["ingrid"].sync().complete

    def _check(self) -> None:
        with self.server.client() as client:
            server = OnServer(client)
            server.check_no_doubles()
            done = {name: ops_of(console.store, console.ops) for name, console in self.consoles.items()}
            server.check_histories(op for stored in done.values() for op in stored)
            for name, console in self.consoles.items():
                stored = done[name]
                check_shown(console.store, stored)
                check_access_log(console.store, server)
                for op in stored:
                    server.check_op(op)
        measure = contents(self.consoles["ingrid"].store, PATIENTS, self.time.now)
        for name in ("kari", "ola"):
            said = contents(self.consoles[name].store, PATIENTS, self.time.now)
            check_equal(name, said, "a console that was never there", measure)
