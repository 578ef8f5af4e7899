"""Where a command works: data directory, profile, language, and which clock it goes by."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from triage_tui.cli.console_look import LookOptions
from triage_tui.cli.failure import UsageFailure

if TYPE_CHECKING:
    import typer

    from threshold_engine.model import Clock

_PROFILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The global options of one call."""

    data_dir: Path
    profile: str
    look: LookOptions = field(default_factory=LookOptions)
    """What the command line says of keys, colours and line."""

    @property
    def folder(self) -> Path:
        """The profile's folder: its encrypted store, and how its key is kept."""
        return self.data_dir / self.profile

    @property
    def passphrase_file(self) -> Path | None:
        """The file with the store's passphrase, where no keyring is to be had."""
        named = os.environ.get("TRIAGE_PASSPHRASE_FILE")
        return Path(named) if named else None


def make_settings(data_dir: Path | None, profile: str, look: LookOptions | None = None) -> Settings:
    """Check the global options.

    Raises:
        UsageFailure: the profile's name could leave its folder.
    """
    if not _PROFILE.fullmatch(profile):
        raise UsageFailure("A profile's name has letters, digits, dots, dashes and underscores only.")
    if data_dir is None:
        import platformdirs

        data_dir = platformdirs.user_data_path("triage")
    return Settings(data_dir, profile, look or LookOptions())


def settings_of(context: typer.Context) -> Settings:
    """The call's global options."""
    settings = context.find_root().obj
    assert isinstance(settings, Settings)  # noqa: S101 - set before any command runs
    return settings


def system_clock() -> int:
    """Now, by the machine's clock, in milliseconds."""
    return time.time_ns() // 1_000_000


def demo_clock() -> Clock:
    """The clock of demo profiles and of the demo server: fixed by `TRIAGE_NOW`, else the machine's.

    Raises:
        UsageFailure: `TRIAGE_NOW` isn't an instant.
    """
    written = os.environ.get("TRIAGE_NOW")
    if not written:
        return system_clock
    from threshold_engine import parse_instant

    try:
        fixed = parse_instant(written)
    except ValueError:
        raise UsageFailure(
            "TRIAGE_NOW must be an instant such as 2026-03-03T08:31:00Z.",
        ) from None
    return lambda: fixed
