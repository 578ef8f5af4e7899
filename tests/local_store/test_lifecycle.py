"""Copies, new keys and the end of a cache: nothing lost on the way, nothing left afterwards."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from local_store import StoreBusy, StoreExists, StoreMissing, WrongKey, files
from local_store.keys import KeyMissing, MemoryKey
from local_store.lifecycle import REKEY_NOTE, backup, open_store, rekey, wipe
from local_store.store import Store


@pytest.fixture
def filled(folder: Path, make: SimpleNamespace) -> Path:
    with Store.create(folder, make.key) as store, store.write() as tx:
        tx.put_person(make.person())
        tx.queue_op(make.op(1))
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_opens_with_the_same_key_only(filled: Path, tmp_path: Path, make: SimpleNamespace) -> None:
    target = tmp_path / "copy"
    target.mkdir()
    with Store.open(filled, make.key) as store:
        backup(store, target / files.DATABASE)
        with pytest.raises(StoreExists):
            backup(store, target / files.DATABASE)
        assert len(store.outbox()) == 1
    assert stat.S_IMODE((target / files.DATABASE).stat().st_mode) == 0o600
    assert b"Hansen" not in (target / files.DATABASE).read_bytes()
    with pytest.raises(WrongKey):
        Store.open(target, bytes(32))
    with Store.open(target, make.key) as copy:
        assert [line.person for line in copy.find_patients("hansen")] == [make.person()]


def test_a_new_key_takes_the_place_of_the_old(filled: Path, make: SimpleNamespace) -> None:
    holder = MemoryKey(make.key)
    rekey(filled, holder)
    assert holder.load() != make.key
    with open_store(filled, holder) as store:
        store.verify()
        assert len(store.outbox()) == 1
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    with pytest.raises(WrongKey):
        Store.open(filled, make.key)
    assert names(filled) == ["cache.check", "cache.db"]


def test_an_open_cache_gets_no_new_key(filled: Path, make: SimpleNamespace) -> None:
    holder = MemoryKey(make.key)
    with Store.open(filled, make.key) as store:
        store.status()
        with pytest.raises(StoreBusy):
            rekey(filled, holder)
        assert len(store.outbox()) == 1
    assert holder.load() == make.key
    assert REKEY_NOTE not in names(filled)


class Crash(Exception):
    """Stands for the power going out."""


class CrashingHolder(MemoryKey):
    """Fails when it is told the new key."""

    def replace(self, key: bytes) -> None:
        raise Crash


def test_a_crash_before_the_holder_knows_loses_nothing(filled: Path, make: SimpleNamespace) -> None:
    with pytest.raises(Crash):
        rekey(filled, CrashingHolder(make.key))
    assert REKEY_NOTE in names(filled)
    holder = MemoryKey(make.key)
    with open_store(filled, holder) as store:
        assert len(store.outbox()) == 1
    assert holder.load() != make.key
    assert REKEY_NOTE not in names(filled)


def test_a_crash_before_the_file_is_written_anew_loses_nothing(
    filled: Path, tmp_path: Path, make: SimpleNamespace
) -> None:
    before = tmp_path / "before"
    shutil.copytree(filled, before)
    with pytest.raises(Crash):
        rekey(filled, CrashingHolder(make.key))
    shutil.copy(filled / REKEY_NOTE, before / REKEY_NOTE)
    holder = MemoryKey(make.key)
    with open_store(before, holder) as store:
        assert len(store.outbox()) == 1
    assert holder.load() == make.key


def test_a_crash_after_the_holder_knows_loses_nothing(filled: Path, make: SimpleNamespace) -> None:
    with pytest.raises(Crash):
        rekey(filled, CrashingHolder(make.key))
    note = (filled / REKEY_NOTE).read_bytes()
    holder = MemoryKey(make.key)
    open_store(filled, holder).close()
    (filled / REKEY_NOTE).write_bytes(note)
    with open_store(filled, holder) as store:
        assert len(store.outbox()) == 1


def test_a_wiped_cache_is_gone_with_its_key(filled: Path, make: SimpleNamespace) -> None:
    holder = MemoryKey(make.key)
    wipe(filled, holder)
    assert names(filled) == []
    with pytest.raises(KeyMissing):
        holder.load()
    with pytest.raises(StoreMissing):
        Store.open(filled, make.key)
    wipe(filled, holder)
