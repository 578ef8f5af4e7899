"""A centre to practise on: simulated patients in an embedded server, and a demo nurse's empty cache."""

from __future__ import annotations

import secrets
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from triage_tui.cli.failure import Failure
from triage_tui.cli.settings import Settings, demo_clock
from triage_tui.wording import _

if TYPE_CHECKING:
    from local_store import Store
    from local_store.keys import KeyHolder

NURSE: Final = "kari"
USUAL_PORT: Final = 8087


@dataclass(frozen=True, slots=True)
class Practice:
    """A running practice centre."""

    settings: Settings
    open_store: Callable[[], Store]


@contextmanager
def start_practice(folder: Path, patients: int, days: int, seed: int, *, kept: bool) -> Iterator[Practice]:
    """Simulate, serve, set up and log in; the server stops when the block ends.

    With `kept` the store's passphrase lies in a file and the server takes its usual port where that is free,
    so that `triage --data-dir FOLDER/console` opens it again; else the key is in memory only.
    """
    database = folder / "server" / "fhir.db"
    settings = Settings(folder / "console", "default")
    _simulate(database, patients, days, seed)
    with _server(database, _usual_port_or_any() if kept else 0) as base:
        holder = _key_holder(folder, settings, kept=kept)
        _set_up(settings, holder, base)

        def open_store() -> Store:
            from local_store import Store

            return Store.open(settings.folder, holder.load())

        yield Practice(settings, open_store)


def _simulate(database: Path, patients: int, days: int, seed: int) -> None:
    from followup_server.simulator import simulate_into
    from followup_server.storage.store import ResourceStore

    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if database.exists():
        raise Failure(
            _("There is a practice centre in {folder} already. Name another folder, or remove it.").format(
                folder=database.parent.parent
            )
        )
    clock = demo_clock()
    store = ResourceStore(database, clock)
    try:
        simulate_into(store, patients=patients, days=days, seed=seed, until=clock())
    finally:
        store.close()


def _usual_port_or_any() -> int:
    import socket

    with socket.socket() as probe:
        return 0 if probe.connect_ex(("127.0.0.1", USUAL_PORT)) == 0 else USUAL_PORT


@contextmanager
def _server(database: Path, port: int) -> Iterator[str]:
    """The embedded server in a process of its own, so that the console never waits for it.

    It holds on to our end of a pipe, so that it stops with us even when we are killed.
    """
    command = [sys.executable, "-m", "triage_tui", "server", "run", "--auth", "demo", "--while-input-is-open"]
    command += ["--database", str(database), "--port", str(port)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own command
    try:
        yield _address(process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[str]) -> str:
    """The FHIR base that the server says it listens on; what else it says is read and let go."""
    said = process.stderr
    assert said is not None  # noqa: S101 - asked for by PIPE
    for line in said:
        for word in line.split():
            if word.startswith("http://") and word.rstrip(".").endswith("/fhir"):
                threading.Thread(target=deque, args=(said, 0), name="server-messages", daemon=True).start()
                return word.rstrip(".")
    raise Failure(_("The embedded server didn't start. Try `triage server run` to see why."))


def _key_holder(folder: Path, settings: Settings, *, kept: bool) -> KeyHolder:
    from local_store.keys import MemoryKey, PassphraseKey, passphrase_from
    from triage_tui.cli.store_key import KEY_FILE

    if not kept:
        return MemoryKey()
    file = settings.passphrase_file or folder / "passphrase"
    if settings.passphrase_file is None:
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24) + "\n", encoding="utf-8")
    return PassphraseKey(settings.folder / KEY_FILE, passphrase_from(file))


def _set_up(settings: Settings, holder: KeyHolder, base: str) -> None:
    from followup_server.storage.demo_centre import CENTRE_NAME
    from local_store import Store
    from local_store.records import Profile
    from triage_tui.cli.logging_in import log_in
    from triage_tui.cli.opening import of_store

    with Store.create(settings.folder, holder.create()) as store:
        with store.write() as tx:
            tx.set_profile(Profile("default", base, "demo", server_name=CENTRE_NAME))
        log_in(of_store(store, settings), NURSE)
