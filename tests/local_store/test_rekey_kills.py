"""A change of key that is killed at any moment leaves a cache that opens with what its holder has."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from local_store import files
from local_store.keys import PassphraseKey
from local_store.lifecycle import REKEY_NOTE, open_store
from local_store.store import Store

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="kills by signal")]

PASSPHRASE = "riktig hest batteri stift"
PEOPLE = 1_500
DIES = """
import os, signal, sys
from pathlib import Path
from local_store.keys import PassphraseKey
from local_store.lifecycle import rekey
folder, steps = Path(sys.argv[1]), int(sys.argv[2])
left = steps
def step(event, _arguments):
    global left
    if event in ("open", "os.rename", "os.remove", "sqlite3.connect") and str(folder) in repr(_arguments):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
rekey(folder, PassphraseKey(folder / "key.json", lambda: sys.argv[3]))
print("done")
"""
DIES_BY_TIME = """
import os, signal, sys, threading
from pathlib import Path
from local_store.keys import PassphraseKey
import local_store.lifecycle as lifecycle
folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
pragma = lifecycle.key_pragma
def begins(what, key):
    if what == "rekey":
        threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
    return pragma(what, key)
lifecycle.key_pragma = begins
lifecycle.rekey(folder, PassphraseKey(folder / "key.json", lambda: sys.argv[3]))
"""


@pytest.fixture
def holder(folder: Path, make: SimpleNamespace) -> PassphraseKey:
    """Of a cache that takes a while to be encrypted anew, with one act that isn't sent."""
    made = PassphraseKey(folder / "key.json", lambda: PASSPHRASE)
    files.private_folder(folder)
    with Store.create(folder, made.create()) as store, store.write() as tx:
        for n in range(PEOPLE):
            tx.put_person(make.person(f"p{n}", "Hansen, Nils"))
        tx.queue_op(make.op(1))
    return made


def run(script: str, folder: Path, limit: object) -> int:
    command = [sys.executable, "-c", script, str(folder), str(limit), PASSPHRASE]
    return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode


def whole(folder: Path, holder: PassphraseKey) -> None:
    with open_store(folder, holder) as store:
        store.verify()
        assert len(store.outbox()) == 1
        assert len(store.find_patients()) == PEOPLE
    assert not (folder / REKEY_NOTE).exists()


def test_killed_at_each_step_it_still_opens(folder: Path, holder: PassphraseKey) -> None:
    before, killed = holder.load(), 0
    for step in range(1, 60, 3):
        code = run(DIES, folder, step)
        whole(folder, holder)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        killed += 1
    assert killed > 3
    assert holder.load() != before


def test_killed_while_the_file_is_encrypted_anew_it_still_opens(folder: Path, holder: PassphraseKey) -> None:
    codes = set()
    for milliseconds in (0, 10, 30):
        codes.add(run(DIES_BY_TIME, folder, milliseconds / 1000))
        whole(folder, holder)
    assert -signal.SIGKILL in codes
