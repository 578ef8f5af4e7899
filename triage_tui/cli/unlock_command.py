"""`triage unlock`: opens a locked profile by its passphrase or PIN, also without the server."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.settings import settings_of

if TYPE_CHECKING:
    from local_store import Store


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("unlock")(unlock)


def unlock(
    context: typer.Context,
    set_pin: Annotated[
        bool, typer.Option("--set-pin", help="Choose the PIN that opens the locked screen.")
    ] = False,
) -> None:
    """Open the locked profile. Secrets are asked for, or read from standard input, a line each."""
    from triage_tui.cli.opening import opened
    from triage_tui.cli.store_key import key_file
    from triage_tui.lock.unlocking import open_again
    from triage_tui.wording import _

    settings = settings_of(context)
    with opened(settings, locked_too=True) as session:
        if key_file(settings) is not None:  # whoever has come so far has given the passphrase
            open_again(session.store)
        else:
            _by_pin(session.store)
        if set_pin:
            _choose(session.store)
    print(_("The PIN is kept.") if set_pin else _("The profile is open."), file=sys.stderr)  # noqa: T201


def _by_pin(store: Store) -> None:
    from triage_tui.cli.locked import ProfileLocked
    from triage_tui.lock import unlocking
    from triage_tui.wording import _, ngettext

    view = unlocking.lock_view(store, None)
    if not view.locked:
        return
    if view.by_pin:
        view = unlocking.unlock(store, _secret(_("PIN: ")), None)
        if not view.locked:
            return
    if view.by_pin:
        words = ngettext("That was wrong. {n} try is left.", "That was wrong. {n} tries are left.", view.left)
        raise ProfileLocked(words.format(n=view.left))
    raise ProfileLocked(_("No PIN opens it. Run `triage login`. Drafts and what is unsent are kept."))


def _choose(store: Store) -> None:
    from triage_tui.cli.failure import UsageFailure
    from triage_tui.lock.unlocking import choose_pin
    from triage_tui.wording import _

    pin = _secret(_("New PIN: "))
    if sys.stdin.isatty() and _secret(_("The same PIN once more: ")) != pin:
        raise UsageFailure(_("The two weren't the same. No PIN was set."))
    try:
        choose_pin(store, pin)
    except ValueError:
        raise UsageFailure(_("A PIN has at least {n} characters.").format(n=4)) from None


def _secret(prompt: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\r\n")
