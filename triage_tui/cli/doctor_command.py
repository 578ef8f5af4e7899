"""`triage doctor`: what this machine has, and what stands in the way."""

from __future__ import annotations

import platform
import shutil
import sys
from typing import TYPE_CHECKING

import typer

from triage_tui.cli.explain import in_words
from triage_tui.cli.failure import ExitCode
from triage_tui.cli.queue_commands import AsJson
from triage_tui.cli.settings import settings_of

if TYPE_CHECKING:
    from triage_tui.cli.as_json import Json
    from triage_tui.cli.opening import Opened
    from triage_tui.cli.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("doctor")(doctor)


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check environment, cipher, keyring, clock and server; exit 1 where something stands in the way."""
    from triage_tui.cli.as_json import print_json

    findings = examine(settings_of(context))
    if as_json:
        print_json(findings)
    else:
        for name, finding in findings.items():
            print(f"{name}: {_shown(finding)}")  # noqa: T201
    if findings["problems"]:
        raise typer.Exit(ExitCode.FAILED)


def _shown(finding: object) -> str:
    if finding is None:
        return "-"
    if isinstance(finding, list):
        return "; ".join(str(each) for each in finding) or "none"
    return str(finding)


def examine(settings: Settings) -> Json:
    """The findings, by name; `problems` are sentences that say what to do."""
    problems: list[str] = []
    size = shutil.get_terminal_size()
    if sys.stdout.isatty() and (size.columns < 80 or size.lines < 24):
        problems.append("The terminal is smaller than 80×24: enlarge it, or use the commands instead.")
    findings: Json = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "terminal": f"{size.columns}x{size.lines}",
        "data_dir": str(settings.data_dir),
        "profile": settings.profile,
        **_versions(problems),
        "keyring": _keyring(settings, problems),
        **_profile(settings, problems),
    }
    return findings | {"problems": problems}


def _versions(problems: list[str]) -> Json:
    from importlib.metadata import version

    from sqlcipher3 import dbapi2

    from local_store.cipher import check_sqlite
    from local_store.errors import UnsafeSqlite

    try:
        check_sqlite(dbapi2.sqlite_version_info)
    except UnsafeSqlite as error:
        problems.append(in_words(error))
    memory = dbapi2.connect(":memory:")
    cipher = memory.execute("PRAGMA cipher_version").fetchone()
    memory.close()
    return {
        "triage_tui": version("triage-tui"),
        "textual": version("textual"),
        "sqlite": dbapi2.sqlite_version,
        "sqlcipher": cipher[0] if cipher else None,
    }


def _keyring(settings: Settings, problems: list[str]) -> str | None:
    from local_store.errors import KeyProblem
    from local_store.keys.system_keyring import safe_backend

    try:
        backend = type(safe_backend())
    except KeyProblem as error:
        if settings.passphrase_file is None:
            problems.append(in_words(error))
        return None
    return f"{backend.__module__}.{backend.__name__}"


def _profile(settings: Settings, problems: list[str]) -> Json:
    """The profile's server and how far its clock is from ours; nothing where there is no profile."""
    from local_store import Store
    from local_store.errors import StoreError
    from triage_tui.cli.opening import opened

    none: Json = {
        "store": None,
        "server": None,
        "server_reachable": None,
        "server_time_skew_s": None,
        "server_can": [],
    }
    if not Store.exists(settings.folder):
        return none
    try:
        with opened(settings) as session:
            session.store.verify()
            _judging(session, problems)
            return {"store": "ok", **_server(session, problems)}
    except StoreError as error:
        problems.append(in_words(error))
        return none | {"store": type(error).__name__}


def _judging(session: Opened, problems: list[str]) -> None:
    """Whether this console's judge finds what the server's finds."""
    from triage_tui.wording.freshness import disagreement_words

    differing = session.store.status().disagreements
    if differing:
        problems.append(disagreement_words(differing))


def _server(session: Opened, problems: list[str]) -> Json:
    """Whether the server answers, and its clock against the one that the profile goes by."""
    from dataclasses import replace

    from fhir_r4.capability import capability_in
    from fhir_r4.client_errors import FhirError
    from triage_tui.cli.server_words import server_lines
    from triage_tui.sync.server_check import check_declared, tried

    url = session.profile.server_url
    with session.client(5) as client:
        try:
            found = check_declared(capability_in(client.capability()))
        except FhirError as error:
            problems.append(f"{url}: {in_words(error)}")
            return {"server": url, "server_reachable": False, "server_time_skew_s": None, "server_can": []}
        by_change, elements = tried(client)
        found = replace(
            found, last_updated=found.last_updated if by_change is None else by_change, elements=elements
        )
        skew = client.server_time_offset_ms
    if skew is not None and abs(skew) > 120_000:
        problems.append("This machine's clock is more than two minutes off the server's: set it.")
    return {
        "server": url,
        "server_reachable": True,
        "server_time_skew_s": None if skew is None else skew / 1000,
        "server_can": list(server_lines(found)),
    }
