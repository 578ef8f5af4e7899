"""A disk without room, a real one: that is said plainly, nothing breaks, and with room all goes on."""

from __future__ import annotations

import asyncio
import errno
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import TextArea

from local_store.errors import DiskFull, FolderUnwritable, StoreError
from local_store.records import Profile
from tests.triage_tui.screens.quiet import until_quiet
from tests.triage_tui.sync.proofs.audit import OnServer, check_equal, check_shown, contents, ops_of
from tests.triage_tui.sync.proofs.in_process import BASE
from tests.triage_tui.sync.proofs.small_centre import (
    NURSES,
    PATIENTS,
    Console,
    FollowUpServer,
    Template,
    TrueTime,
    template,
)
from triage_tui import acts
from triage_tui.app import TriageApp
from triage_tui.cli.console_session import ConsoleSession
from triage_tui.cli.opening import Opened
from triage_tui.cli.settings import Settings
from triage_tui.screens.note_form import NoteForm
from triage_tui.sync.state import SyncState
from triage_tui.sync.worker import SyncWorker

pytestmark = pytest.mark.slow

_KIB = 1024
_SPO2 = "59408-5"


class Disk:
    """A small filesystem of its own, with ballast on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, *, room: int = 0) -> None:
        """Leave so many bytes of room, more or less."""
        with self._ballast.open("wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"\0" * 4 * _KIB)
            except OSError as error:
                assert error.errno == errno.ENOSPC
            ballast.truncate(max(0, ballast.tell() - room))

    def make_room(self) -> None:
        self._ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Five mebibytes of memory, mounted; where that isn't allowed there is nothing to try it on."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ("mount", "-t", "tmpfs", "-o", "size=5m,mode=700", "tmpfs", str(folder))
    if shutil.which("mount") is None or subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("no filesystem can be mounted here")
    yield Disk(folder)
    subprocess.run(("umount", str(folder)), check=True)


@pytest.fixture(scope="module")
def made() -> Iterator[Template]:
    with template() as found:
        yield found


@pytest.fixture
def server(made: Template) -> Iterator[FollowUpServer]:
    folder = made.copy()
    found = FollowUpServer(folder, TrueTime())
    yield found
    found.close()
    shutil.rmtree(folder)


@pytest.fixture
def kari(made: Template, server: FollowUpServer, disk: Disk) -> Iterator[Console]:
    """Kari, whose cache lies on the small disk."""
    shutil.copytree(made.files / "kari", disk.folder / "kari")
    console = Console(NURSES["kari"], disk.folder / "kari", server)
    yield console
    console.store.close()


def check_all_is_well(kari: Console, made: Template) -> None:
    """What she did is on the server once, and her cache is as a fresh one would be."""
    folder = made.copy()
    fresh = Console(NURSES["ingrid"], folder / "ingrid", kari.server)
    try:
        assert kari.sync().complete
        assert fresh.sync().complete
        stored = ops_of(kari.store, kari.ops)
        check_shown(kari.store, stored)
        assert {one.state for one in stored} == {"sent"}
        with kari.server.client() as client:
            found = OnServer(client)
            found.check_no_doubles()
            for one in stored:
                found.check_op(one)
        now = kari.server.time.now
        check_equal(
            "kari", contents(kari.store, PATIENTS, now), "fresh", contents(fresh.store, PATIENTS, now)
        )
    finally:
        fresh.store.close()
        shutil.rmtree(folder)


def test_a_sync_goes_on_once_there_is_room_wherever_it_ran_out(
    kari: Console, disk: Disk, made: Template
) -> None:
    failures = 0
    for room in range(0, 260, 20):
        for value in range(90, 94):
            kari.server.time.now += 61_000
            kari.server.measured("p1", _SPO2, value)
        kari.ops += acts.note(kari.store, kari.nurse, "p2", f"plass {room}", kari.now()).ops
        disk.fill(room=room * _KIB)
        try:
            kari.sync()
        except (DiskFull, FolderUnwritable) as error:
            failures += 1
            assert "Nothing was written" in error.remedy
        disk.make_room()
        kari.store.verify()

    assert failures >= 3
    check_all_is_well(kari, made)


def test_an_act_on_a_full_disk_is_refused_whole_and_can_be_done_again(
    kari: Console, disk: Disk, made: Template
) -> None:
    disk.fill()
    with pytest.raises(StoreError) as refused:
        for number in range(200):  # what is left of the log's last page takes some
            kari.ops += acts.note(kari.store, kari.nurse, "p1", f"{number} " * 500, kari.now()).ops

    assert isinstance(refused.value, DiskFull | FolderUnwritable)
    disk.make_room()
    kari.store.verify()
    kari.ops += acts.note(kari.store, kari.nurse, "p1", "nå går det", kari.now()).ops
    check_all_is_well(kari, made)
    notes = [one for one in kari.store.patient("p1", kari.now()).timeline if one.kind == "note"]
    assert len(notes) == len(kari.ops)


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_worker_says_so_and_goes_on_when_there_is_room(kari: Console, disk: Disk) -> None:
    told: list[SyncState] = []
    refused, idle = threading.Event(), threading.Event()

    def on_state(state: SyncState) -> None:
        told.append(state)
        if state.problem and "room" in state.problem.lower():
            refused.set()
        if state.stage.key == "idle":
            idle.set()

    for value in range(88, 96):
        kari.server.time.now += 61_000
        kari.server.measured("p1", _SPO2, value)
    kari.store.close()
    kari.start()
    disk.fill()
    worker = SyncWorker(
        lambda: type(kari.store).open(kari.folder, bytes(range(32))),
        lambda: kari._client(None),
        kari.clock,
        on_state,
        draw=lambda: 0.0,
    )
    worker.start()
    try:
        assert refused.wait(60), told
        disk.make_room()
        worker.wake()
        assert idle.wait(60), told
    finally:
        worker.stop(60)
    kari.store.verify()


def test_a_note_that_finds_no_room_stays_on_the_screen_until_it_is_saved(
    kari: Console, disk: Disk, made: Template
) -> None:
    profile = Profile("default", BASE, "demo", "Nord-Troms", kari.nurse, kari.now())
    with kari.store.write() as tx:
        tx.set_profile(profile)
    opened = Opened(Settings(disk.folder, "default"), kari.store, profile, kari.clock, kari.now)
    session = ConsoleSession(opened, lambda: kari.store, lambda _state: None)
    app = TriageApp(lambda: session)

    async def at_the_console() -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            await until_quiet(pilot)
            await pilot.press("n")
            await until_quiet(pilot)
            written = "Tungpust siden søndag. " * 200
            app.screen.query_one("#text", TextArea).text = written
            disk.fill()
            await pilot.press("f12")
            await until_quiet(pilot)

            assert isinstance(app.screen, NoteForm)
            assert app.screen.query_one("#text", TextArea).text == written
            shown = "\n".join(
                "".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()
            )
            assert "plass" in shown

            disk.make_room()
            await pilot.press("f12")
            await until_quiet(pilot)
            assert not isinstance(app.screen, NoteForm)

    asyncio.run(at_the_console())
    kari.ops += [row.op for row in kari.store.outbox()]
    assert len(kari.ops) == 1
    check_all_is_well(kari, made)
