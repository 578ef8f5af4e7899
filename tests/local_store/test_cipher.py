"""The file on disk: unreadable without its key, and honest about what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from sqlalchemy.exc import DBAPIError

from local_store import CorruptCache, StoreBusy, StoreExists, StoreMissing, UnsafeSqlite, WrongKey, cipher
from local_store.cipher import check_sqlite, open_engine
from local_store.store import Store

SECRETS = (
    b"Hansen",
    b"Nils",
    b"13815400216",
    b"tungpust",
    b"90000000",
    b"CREATE",
    b"patient",
    b"SQLite format",
)


@pytest.fixture
def any_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def fill(store: Store, make: SimpleNamespace, readings: int = 2000) -> None:
    with store.write() as tx:
        tx.put_person(make.person(), make.kept("Patient", "p1", name="Hansen"))
        tx.put_entry("p1", make.note(1))
        tx.put_readings([make.reading(n, at=make.now - n) for n in range(readings)])


def test_no_word_of_it_is_in_any_file(store: Store, folder: Path, make: SimpleNamespace) -> None:
    fill(store, make)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {"cache.db", "cache.db-wal", "cache.db-shm"} <= files.keys()
    assert sum(map(len, files.values())) > 100_000
    found = [(name, word) for name, content in files.items() for word in SECRETS if word in content]
    assert found == []
    assert not any(make.key in content or make.key.hex().encode() in content for content in files.values())


def test_plain_sqlite_cannot_open_it(store: Store, folder: Path, make: SimpleNamespace) -> None:
    fill(store, make)
    store.close()
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(folder / "cache.db").execute("SELECT * FROM sqlite_master")


def test_files_are_private_under_any_umask(any_umask: None, folder: Path, make: SimpleNamespace) -> None:
    with Store.create(folder, make.key) as store:
        fill(store, make)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert set(modes.values()) == {0o600}
        assert len(modes) == 4
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_open_folder_is_closed_to_others(any_umask: None, folder: Path, make: SimpleNamespace) -> None:
    folder.mkdir(0o777)
    Store.create(folder, make.key).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_wrong_key_is_told(store: Store, folder: Path) -> None:
    store.close()
    with pytest.raises(WrongKey) as caught:
        Store.open(folder, bytes(32))
    assert caught.value.remedy


def test_wrong_key_is_told_without_the_mark(store: Store, folder: Path) -> None:
    store.close()
    (folder / "cache.check").unlink()
    with pytest.raises(WrongKey):
        Store.open(folder, bytes(32))


@pytest.mark.parametrize("where", [16, 100, 4000])
def test_a_flipped_bit_in_the_first_page_is_no_wrong_key(
    store: Store, folder: Path, make: SimpleNamespace, where: int
) -> None:
    store.close()
    flip(folder / "cache.db", where)
    with pytest.raises(CorruptCache) as caught:
        Store.open(folder, make.key)
    assert caught.value.remedy


def test_every_flipped_bit_is_found_by_verify(store: Store, folder: Path, make: SimpleNamespace) -> None:
    fill(store, make)
    store.verify()
    store.close()
    pages = (folder / "cache.db").stat().st_size // 4096
    for page in range(1, pages, pages // 6):
        flip(folder / "cache.db", page * 4096 + 1234)
        with pytest.raises(CorruptCache), Store.open(folder, make.key) as opened:
            opened.verify()
        flip(folder / "cache.db", page * 4096 + 1234)


def test_a_flipped_bit_is_found_when_it_is_read(store: Store, folder: Path, make: SimpleNamespace) -> None:
    fill(store, make)
    store.close()
    size = (folder / "cache.db").stat().st_size
    for page in range(5, size // 4096):
        flip(folder / "cache.db", page * 4096 + 100)
    with pytest.raises(CorruptCache), Store.open(folder, make.key) as opened:
        opened.patient("p1", make.now)


def test_something_else_in_its_place_is_no_cache(store: Store, folder: Path, make: SimpleNamespace) -> None:
    store.close()
    (folder / "cache.db").write_bytes(b"not a database, but long enough" * 500)
    with pytest.raises(CorruptCache):
        Store.open(folder, make.key)
    (folder / "cache.db").write_bytes(b"")
    with pytest.raises(CorruptCache):
        Store.open(folder, make.key)


def test_a_missing_and_a_second_cache_are_told(folder: Path, make: SimpleNamespace) -> None:
    with pytest.raises(StoreMissing):
        Store.open(folder, make.key)
    Store.create(folder, make.key).close()
    with pytest.raises(StoreExists):
        Store.create(folder, make.key)


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 45, 1), (3, 51, 2)])
def test_versions_that_lose_pages_are_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(UnsafeSqlite):
        check_sqlite(version)


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 0), (4, 0, 0)])
def test_safe_versions_are_taken(version: tuple[int, ...]) -> None:
    check_sqlite(version)


def test_a_plain_driver_is_refused(folder: Path, make: SimpleNamespace) -> None:
    folder.mkdir()
    plain = ModuleType("plain")
    plain.__dict__.update(vars(sqlite3) | {"sqlite_version_info": (3, 53, 0)})
    engine = open_engine(folder / "plain.db", make.key, driver=plain)
    with pytest.raises(UnsafeSqlite):
        engine.connect()
    assert b"CREATE" not in (folder / "plain.db").read_bytes()


def test_settings_hold_on_every_connection(store: Store) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "secure_delete": 1,
        "busy_timeout": cipher.BUSY_MS,
    }
    with store.engine.connect() as first, store.engine.connect() as second:
        for connection in (first, second):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
            assert found == wanted


def test_errors_show_no_values(store: Store) -> None:
    with pytest.raises(DBAPIError) as caught, store.write() as tx:
        tx.context.connection.exec_driver_sql("INSERT INTO nothing VALUES (?)", ("Hansen, Nils",))
    assert "Hansen" not in str(caught.value)


def test_a_busy_cache_says_so(
    store: Store, folder: Path, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "_SETTINGS", (*cipher._SETTINGS, "busy_timeout=10"))
    with Store.open(folder, make.key) as other, store.write(), pytest.raises(StoreBusy), other.write():
        pass


def test_nothing_is_written_over_the_screen(store: Store, folder: Path) -> None:
    store.close()
    code = (
        "import sys, pathlib; from local_store import WrongKey; from local_store.cipher import open_engine\n"
        "try: open_engine(pathlib.Path(sys.argv[1]), bytes(32)).connect()\n"
        "except WrongKey: pass"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder / "cache.db")], capture_output=True, check=True, timeout=60
    )
    assert (done.stdout, done.stderr) == (b"", b"")


def test_importing_the_package_loads_no_database() -> None:
    heavy = {"sqlalchemy", "sqlmodel", "sqlcipher3", "keyring", "argon2", "cryptography"}
    code = f"import sys, local_store.views, local_store.keys; print({heavy!r} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, timeout=60, text=True
    )
    assert done.stdout.strip() == "set()"


def flip(path: Path, where: int) -> None:
    with path.open("r+b") as file:
        file.seek(where)
        byte = file.read(1)[0]
        file.seek(where)
        file.write(bytes([byte ^ 1]))
