"""`triage backup FILE`: an encrypted copy of the cache, also while it is in use."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from triage_tui.cli.settings import settings_of


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("backup")(backup)


def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="A file that isn't there yet.")]
) -> None:
    """Write an encrypted copy (0600), which opens with the profile's key only."""
    from local_store.lifecycle import backup as copy
    from triage_tui.cli.failure import Failure
    from triage_tui.cli.opening import opened
    from triage_tui.wording import _

    with opened(settings_of(context)) as session:
        try:
            copy(session.store, file)
        except OSError as error:
            raise Failure(
                _("{file} can't be written: {why}. Choose another place.").format(
                    file=file, why=error.strerror
                )
            ) from None
    print(_("The copy is written. It opens with this profile's key only."), file=sys.stderr)  # noqa: T201
