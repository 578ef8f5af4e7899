"""`triage rekey`: a new random key for the cache, in place; a kill at any moment leaves one that opens."""

from __future__ import annotations

import sys

import typer

from triage_tui.cli.settings import settings_of


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("rekey")(rekey)


def rekey(context: typer.Context) -> None:
    """Give the cache a new key. Every console and command on the profile has to be closed."""
    from local_store.lifecycle import rekey as give_new_key
    from triage_tui.cli.key_once import KeyOnce
    from triage_tui.cli.opening import opened
    from triage_tui.cli.store_key import key_holder
    from triage_tui.wording import _

    settings = settings_of(context)
    holder = KeyOnce(key_holder(settings, remember=True))
    with opened(settings, holder=holder):
        pass  # refuses a locked profile; the key is changed in a cache that nobody has open
    give_new_key(settings.folder, holder)
    print(_("The cache has a new key."), file=sys.stderr)  # noqa: T201
