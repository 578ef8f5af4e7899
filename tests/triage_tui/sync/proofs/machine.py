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
from tests.triage_tui.sync.proofs.random_acts import ACTS, one_act
from tests.triage_tui.sync.proofs.small_centre import (
    NURSES,
    PATIENTS,
    Console,
    FollowUpServer,
    Template,
    TrueTime,
)

_TURNS_AT_MOST = 6
_SPO2, _PULSE = "59408-5", "8867-4"

who = st.sampled_from(("kari", "ola"))
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
        self.server = FollowUpServer(self.folder, self.time)
        self.consoles = {
            login: Console(nurse, self.folder / login, self.server) for login, nurse in NURSES.items()
        }
        self.odd = 0
        self.sound = True

    # what a nurse does

    @rule(
        name=who,
        act=st.sampled_from((*ACTS, "take", "note", "complete")),
        patient=st.sampled_from(PATIENTS),
        pick=st.integers(0, 7),
        now=st.booleans(),
    )
    def does(self, name: str, act: str, patient: str, pick: int, now: bool) -> None:
        console = self.consoles[name]
        self._tick()
        ops = one_act(console.store, console.nurse, patient, act, console.now(), pick)
        console.ops += ops
        if ops and now:
            self._online(console, partial(console.push, ops))

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

    @rule(patient=st.sampled_from(PATIENTS))
    def writes(self, patient: str) -> None:
        self._tick()
        self.server.written(patient)

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
        """Online until neither has anything left to send, and each has what the other sent.

        In between a minute passes: a clock set by whole seconds dates a reading ahead of the server's, which
        judges it when its time has come. A clock far off is set right: until then nothing is hidden here.
        """
        for console in self.consoles.values():
            console.ahead = 0
        self._sync_until_sent()
        self.time.now += MINUTE
        self.server.judge_due()
        self._sync_until_sent()
        assert self.consoles["ingrid"].sync().complete

    def _sync_until_sent(self) -> None:
        for turn in range(_TURNS_AT_MOST):
            report = self.consoles[("kari", "ola")[turn % 2]].sync()
            assert report.complete, report
            assert not report.pending, report
            if turn > 0 and not report.pushed:
                return
        raise AssertionError(f"never done: {report}")

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
