"""What was typed and not signed is kept, encrypted, and goes with the act that was signed from it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from local_store import Draft
from local_store.store import Store

TEXT = "Puster tyngre enn i går"


def test_a_draft_is_there_after_a_restart_and_unreadable_in_the_file(
    folder: Path, make: SimpleNamespace
) -> None:
    with Store.create(folder, make.key) as store, store.write() as tx:
        tx.put_draft(Draft("p1", "note", TEXT[:6], make.now - 1))
        tx.put_draft(Draft("p1", "note", TEXT, make.now))
        tx.put_draft(Draft("p2", "contact", "ringte", make.now - 2))
    assert all(b"Puster" not in file.read_bytes() for file in folder.iterdir())
    with Store.open(folder, make.key) as store:
        assert store.drafts() == [
            Draft("p2", "contact", "ringte", make.now - 2),
            Draft("p1", "note", TEXT, make.now),
        ]


def test_a_draft_goes_in_the_transaction_of_the_signed_act(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_draft(Draft("p1", "note", TEXT, make.now))
        tx.put_draft(Draft("p1", "contact", TEXT, make.now))
    with store.also(lambda tx: tx.drop_draft("p1", "note")):
        with pytest.raises(ZeroDivisionError), store.write() as tx:
            tx.queue_op(make.op(1))
            raise ZeroDivisionError
        assert len(store.drafts()) == 2
        assert store.outbox() == []
        with store.write() as tx:
            tx.queue_op(make.op(1))
    assert [draft.form for draft in store.drafts()] == ["contact"]
    assert len(store.outbox()) == 1
    with store.write() as tx:
        tx.put_draft(Draft("p1", "note", TEXT, make.now))
    assert len(store.drafts()) == 2


def test_an_act_whose_draft_cannot_go_is_not_saved(store: Store, make: SimpleNamespace) -> None:
    def fails(_tx: object) -> None:
        raise ZeroDivisionError

    with store.also(fails), pytest.raises(ZeroDivisionError), store.write() as tx:
        tx.queue_op(make.op(1))
    assert store.outbox() == []


DIES = """
import os, signal, sys
from pathlib import Path
from local_store import Draft
from local_store.store import Store
store = Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
with store.write() as tx:
    tx.put_draft(Draft("p1", "note", sys.argv[3], 1))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_a_draft_outlives_a_kill(folder: Path, make: SimpleNamespace) -> None:
    Store.create(folder, make.key).close()
    command = [sys.executable, "-c", DIES, str(folder), make.key.hex(), TEXT]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with Store.open(folder, make.key) as store:
        assert [draft.text for draft in store.drafts()] == [TEXT]
