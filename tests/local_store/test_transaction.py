"""The unit of work: all of it or none, one writer at a time, and nothing lost to a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from local_store import Cursor, Profile, SyncMarks
from local_store.store import Store
from local_store.views import Nurse


class Stop(Exception):
    """Ends a transaction half-way."""


def test_a_failed_transaction_leaves_nothing(store: Store, make: SimpleNamespace) -> None:
    with pytest.raises(Stop), store.write() as tx:
        tx.put_person(make.person("p9"))
        tx.put_readings([make.reading(1, patient="p9", code="a-code-of-its-own")])
        tx.put_entry("p9", make.note(1))
        tx.queue_op(make.op(1, "p9"))
        raise Stop
    with store.read() as snapshot:
        assert snapshot.person("p9") is None
        assert snapshot.op(make.op(1).op) is None
    assert store.status().readings == 0


def test_numbers_of_a_rolled_back_transaction_are_not_remembered(store: Store, make: SimpleNamespace) -> None:
    with pytest.raises(Stop), store.write() as tx:
        tx.put_readings([make.reading(1, code="first", patient="p1")])
        raise Stop
    with store.write() as tx:
        tx.put_readings([make.reading(2, code="second", patient="p2")])
    with store.write() as tx:
        tx.put_readings([make.reading(1, code="first", patient="p1")])
    with store.read() as snapshot:
        found = [*snapshot.readings_of("p1"), *snapshot.readings_of("p2")]
    assert [(one.patient, one.code) for one in found] == [("p1", "first"), ("p2", "second")]


def test_a_reader_sees_one_commit_while_another_thread_writes(store: Store, make: SimpleNamespace) -> None:
    with store.read() as snapshot:
        assert snapshot.cursor("Task") is None
        with ThreadPoolExecutor(1) as pool:
            pool.submit(set_cursor, store, "1").result()
        assert snapshot.cursor("Task") is None
    with store.read() as snapshot:
        assert snapshot.cursor("Task") == Cursor("1")


def set_cursor(store: Store, value: str) -> None:
    with store.write() as tx:
        tx.set_cursor("Task", value)


def test_threads_write_one_after_another(store: Store, make: SimpleNamespace) -> None:
    def count_up(_: int) -> None:
        with store.write() as tx:
            before = int(tx.setting("count") or b"0")
            tx.set_setting("count", b"%d" % (before + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(80)))
    with store.read() as snapshot:
        assert snapshot.setting("count") == b"80"


def test_a_transaction_in_a_transaction_is_refused(store: Store, make: SimpleNamespace) -> None:
    with pytest.raises(RuntimeError), store.write() as tx:
        tx.put_person(make.person())
        with store.write():
            pass
    assert store.status().patients == 0
    set_cursor(store, "afterwards")


def test_a_second_process_reads_and_writes_too(store: Store, folder: Path, make: SimpleNamespace) -> None:
    with Store.open(folder, make.key) as other:
        set_cursor(other, "theirs")
        with other.write() as tx:
            tx.put_readings([make.reading(1, code="weight")])
    with store.write() as tx:
        assert tx.cursor("Task") == Cursor("theirs")
        tx.put_readings([make.reading(2, code="weight")])
    with store.read() as snapshot:
        assert [one.code for one in snapshot.readings_of("p1")] == ["weight", "weight"]


def test_a_cursor_stays_complete_once_it_was(store: Store) -> None:
    with store.write() as tx:
        tx.set_cursor("Task", "1", "https://next")
        assert tx.cursor("Task") == Cursor("1", "https://next", complete=False)
        tx.set_cursor("Task", "2", complete=True)
        tx.set_cursor("Task", "3", "https://next")
        assert tx.cursor("Task") == Cursor("3", "https://next", complete=True)


def test_a_lease_is_held_by_one_until_it_runs_out(store: Store) -> None:
    with store.write() as tx:
        assert tx.take_lease("push", "a", now=100, until=200)
        assert not tx.take_lease("push", "b", now=199, until=300)
        assert tx.take_lease("push", "a", now=150, until=250)
        assert (tx.lease_holder("push", 249), tx.lease_holder("push", 250)) == ("a", None)
        assert tx.take_lease("push", "b", now=250, until=300)
        tx.release_lease("push", "a")
        assert tx.lease_holder("push", 260) == "b"
        tx.release_lease("push", "b")
        assert tx.lease_holder("push", 260) is None


def test_profile_and_marks_are_kept(store: Store, folder: Path, make: SimpleNamespace) -> None:
    kari = Nurse("kari", "Practitioner/k", "Kari Nordmann")
    with store.write() as tx:
        tx.set_profile(Profile("default", "http://127.0.0.1:8087/fhir", "demo", nurse=kari))
        tx.set_marks(SyncMarks(last_sync=5, offline_since=7, loaded=True, skew_ms=-3))
    store.close()
    with Store.open(folder, make.key) as opened:
        status, profile = opened.status(), opened.profile()
        assert opened.nurse() == kari
    assert profile is not None
    assert profile.is_demo
    assert (status.last_sync, status.offline_since, status.loaded, status.server_time_skew_ms) == (
        5,
        7,
        True,
        -3,
    )


CHILD = """
import sys
from pathlib import Path
from local_store import OutboxOp
from local_store.store import Store
from local_store.views import TimelineEntry
with Store.open(Path(sys.argv[1]), bytes(range(32))) as store:
    for n in range(int(sys.argv[2]), 10**6):
        op = f"00000000-0000-4000-8000-{n:012d}"
        with store.write() as tx:
            tx.put_entry("p1", TimelineEntry(op, "note", n, "Kari", "x" * 3000))
            tx.queue_op(OutboxOp(op, "note", "p1", "kari", n, b"{}"))
            tx.set_setting("last", b"%d" % n)
        print(n, flush=True)
"""


@pytest.mark.slow
def test_a_kill_loses_no_committed_act_and_leaves_no_half(folder: Path, make: SimpleNamespace) -> None:
    Store.create(folder, make.key).close()
    told = 0
    for acts in (3, 17, 40, 1, 25, 60):
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(folder), str(told + 1)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            for _ in range(acts):
                told = int(child.stdout.readline())
            os.kill(child.pid, signal.SIGKILL)
            told = max([told, *map(int, child.stdout.read().split("\n")[:-1])])
        with Store.open(folder, make.key) as store:
            store.verify()
            with store.read() as snapshot:
                entries = {entry.id for entry in snapshot.entries_of("p1")}
                ops = {row.op for row in store.outbox()}
                last = int(snapshot.setting("last") or b"0")
        assert entries == ops
        assert len(ops) == last
        assert last in (told, told + 1)  # the last may have been committed and not yet told
        told = last
