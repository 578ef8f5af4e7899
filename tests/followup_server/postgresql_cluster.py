"""A PostgreSQL server of the tests' own, in a temporary folder, reached by a socket in it."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from followup_server.storage.store import ResourceStore
from threshold_engine.model import Clock

# Fast, since nothing has to survive; and sorted as in Norway, so that our own order isn't that of the locale.
_INIT = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
_NORWEGIAN = ("--locale-provider=icu", "--icu-locale=nb-NO")
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_connections": "200",
}


class Cluster:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._made: str | None = None

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def empty(self) -> str:
        """The URL of a new database without tables."""
        return self._new("template0")

    def ready(self, clock: Clock) -> str:
        """The URL of a new database that a store has been opened on before: quicker than making it anew."""
        if self._made is None:
            self._made = f"t{next(self._numbers)}"
            self._create(self._made, "template0")
            ResourceStore(self.url(self._made), clock).close()
        return self._new(self._made)

    def drop(self, url: str) -> None:
        """Take a database away, whoever is still connected to it."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _new(self, template: str) -> str:
        name = f"t{next(self._numbers)}"
        self._create(name, template)
        return self.url(name)

    def _create(self, name: str, template: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def _run(self, statement: sql.Composable) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def connect(self) -> psycopg.Connection[Any]:
        """A connection to the server itself. Raises OperationalError as long as it isn't up."""
        return psycopg.connect(
            host=str(self._folder), user="postgres", dbname="postgres", autocommit=True, connect_timeout=10
        )


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a server, and stop it at the end. Skips the test where none is installed, but never in CI."""
    programmes = _programmes()
    if programmes is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL's server isn't installed (Debian: postgresql)")
        pytest.skip("PostgreSQL's server isn't installed (Debian: postgresql)")
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        user = _not_root(folder)
        data = folder / "data"
        init = [programmes / "initdb", "-D", data, *_INIT, *_NORWEGIAN]
        subprocess.run(init, check=True, stdout=subprocess.DEVNULL, timeout=120, cwd=folder, **user)
        settings = [f"--{key}={value}" for key, value in _SETTINGS.items()]
        command = [programmes / "postgres", "-D", data, "-k", folder, *settings]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **user)
        cluster = Cluster(folder)
        try:
            _wait_for(cluster, server, folder / "log")
            yield cluster
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


def _programmes() -> Path | None:
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return installed[-1].parent if installed else None


def _not_root(folder: Path) -> dict[str, Any]:
    """As whom to run: initdb refuses root."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody")
    return {"user": "nobody", "extra_groups": ()}


def _wait_for(cluster: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            cluster.connect().close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL didn't start: {log.read_text()[-2000:]}")
            time.sleep(0.05)
        else:
            return
