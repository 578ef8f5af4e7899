"""A locked profile tells nothing and saves nothing; it opens again offline; key and copy."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from local_store import WrongKey
from local_store.keys import PassphraseKey, passphrase_from
from local_store.lifecycle import open_store
from local_store.records import Profile
from local_store.store import Store
from local_store.views import Nurse as Actor
from tests.triage_tui.cli.conftest import Nurse
from tests.triage_tui.cli.in_process import run_here
from threshold_engine import parse_instant
from triage_tui.lock.unlocking import lock, unlock

LOGIN = parse_instant("2026-03-02T07:00:00Z")


def profile_folder(nurse: Nurse) -> Path:
    return nurse.data_dir / "default"


def cache(nurse: Nurse) -> Store:
    folder = profile_folder(nurse)
    return open_store(folder, PassphraseKey(folder / "key.json", passphrase_from(nurse.passphrase)))


@pytest.fixture
def kari(nurse: Callable[[str], Nurse]) -> Nurse:
    """Kari, logged in; her server is out of reach."""
    made = nurse("kari")
    folder = profile_folder(made)
    holder = PassphraseKey(folder / "key.json", passphrase_from(made.passphrase))
    with Store.create(folder, holder.create()) as store, store.write() as tx:
        actor = Actor("kari", "Practitioner/kari", "Kari Nordmann")
        tx.set_profile(Profile("default", "http://127.0.0.1:9/fhir", "demo", nurse=actor, logged_in_at=LOGIN))
    return made


def test_commands_on_a_locked_profile_exit_4_and_say_how_to_open_it(kari: Nurse) -> None:
    with cache(kari) as store:
        lock(store, LOGIN)
    for command in (
        ("queue", "--json"),
        ("patients",),
        ("show", "p1"),
        ("note", "p1", "--text", "x"),
        ("sync", "--once"),
        ("outbox",),
        ("rekey",),
        ("backup", str(kari.data_dir / "copy")),
    ):
        done = run_here(kari, *command)
        assert (done.code, done.out) == (4, ""), command
        assert "triage unlock" in done.err
    with cache(kari) as store:
        assert store.outbox() == []
    assert not (kari.data_dir / "copy").exists()


def test_status_of_a_locked_profile_says_that_it_is_locked_and_counts_nothing(kari: Nurse) -> None:
    assert run_here(kari, "status", "--json").json["locked"] is False
    with cache(kari) as store:
        lock(store, LOGIN)
    done = run_here(kari, "status", "--json")
    assert done.code == 0
    assert (done.json["locked"], done.json["patients"], done.json["pending"]) == (True, None, None)


def test_unlock_opens_by_the_passphrase_without_a_server_and_sets_a_pin(kari: Nurse) -> None:
    with cache(kari) as store:
        lock(store, LOGIN)
    assert run_here(kari, "unlock", "--set-pin", stdin="12\n").code == 2
    assert run_here(kari, "unlock", "--set-pin", stdin="2468\n").code == 0
    assert run_here(kari, "queue", "--json").code == 0
    with cache(kari) as store:
        lock(store, LOGIN)
        assert not unlock(store, "2468", None).locked


def test_a_wrong_passphrase_opens_nothing(kari: Nurse, tmp_path: Path) -> None:
    with cache(kari) as store:
        lock(store, LOGIN)
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("feil\n")
    assert run_here(kari, "unlock", TRIAGE_PASSPHRASE_FILE=str(wrong)).code == 4
    with cache(kari) as store:
        assert store.screen_lock().locked_at == LOGIN


def test_a_cache_that_was_not_synced_for_a_week_is_locked_until_the_next_login(kari: Nurse) -> None:
    assert run_here(kari, "queue", TRIAGE_NOW="2026-03-09T07:00:00Z").code == 0
    done = run_here(kari, "queue", TRIAGE_NOW="2026-03-09T07:00:01Z")
    assert done.code == 4
    assert "triage login" in done.err
    late = run_here(kari, "status", "--json", TRIAGE_NOW="2026-03-09T07:00:01Z")
    assert (late.code, late.json["locked"]) == (0, True)


def test_rekey_gives_a_key_that_the_passphrase_opens_and_the_old_one_does_not(kari: Nurse) -> None:
    folder = profile_folder(kari)
    holder = PassphraseKey(folder / "key.json", passphrase_from(kari.passphrase))
    old = holder.load()
    assert run_here(kari, "rekey").code == 0
    with pytest.raises(WrongKey):
        Store.open(folder, old)
    assert run_here(kari, "queue", "--json").code == 0


def test_rekey_is_refused_while_the_cache_is_open(kari: Nurse) -> None:
    with cache(kari) as store:
        store.status()
        done = run_here(kari, "rekey")
    assert done.code == 1
    assert "Close every console" in done.err
    assert run_here(kari, "queue", "--json").code == 0


def test_a_copy_is_made_while_the_cache_is_in_use_and_opens_with_its_key(kari: Nurse, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    with cache(kari) as store:
        store.status()
        assert run_here(kari, "backup", str(copy / "cache.db")).code == 0
    assert stat.S_IMODE((copy / "cache.db").stat().st_mode) == 0o600
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(copy / "cache.db").execute("SELECT * FROM sqlite_master").fetchall()
    key = PassphraseKey(profile_folder(kari) / "key.json", passphrase_from(kari.passphrase)).load()
    with Store.open(copy, key) as store:
        assert store.profile() is not None
    again = run_here(kari, "backup", str(copy / "cache.db"))
    assert (again.code, "already" in again.err) == (1, True)
    nowhere = run_here(kari, "backup", str(tmp_path / "nowhere" / "cache.db"))
    assert (nowhere.code, "Choose another place" in nowhere.err) == (1, True)
