"""`triage wipe`: the key is destroyed first, then the cache; without its key the cache is noise."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.settings import settings_of

if TYPE_CHECKING:
    from triage_tui.cli.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("wipe")(wipe)


def wipe(
    context: typer.Context,
    even_unsent: Annotated[
        bool, typer.Option("--even-unsent", help="Also what the server doesn't have yet.")
    ] = False,
) -> None:
    """Destroy the profile's key and cache."""
    from local_store.lifecycle import wipe as destroy
    from triage_tui.cli.store_key import key_holder
    from triage_tui.wording import _

    settings = settings_of(context)
    if not even_unsent:
        _refuse_unsent(settings)
    destroy(settings.folder, key_holder(settings))
    print(_("Key and cache are destroyed."), file=sys.stderr)  # noqa: T201


def _refuse_unsent(settings: Settings) -> None:
    from local_store.errors import StoreError, StoreMissing
    from triage_tui.cli.failure import Failure
    from triage_tui.cli.opening import open_store
    from triage_tui.wording import _

    try:
        with open_store(settings) as store:
            status = store.status()
    except StoreMissing:
        raise
    except StoreError:
        raise Failure(
            _(
                "The cache can't be opened, so nobody knows what in it is unsent. "
                "Add --even-unsent to destroy it all the same."
            )
        ) from None
    if status.pending or status.parked or status.conflicts:
        raise Failure(_("Something is not sent yet and would be lost. Sync first, or add --even-unsent."))
