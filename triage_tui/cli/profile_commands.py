"""`triage setup`, `login`, `logout`: whose cache this is, and which server it belongs to."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from triage_tui.cli.settings import settings_of


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("setup")(setup)
    app.command("login")(login)
    app.command("logout")(logout)


def setup(
    context: typer.Context,
    server: Annotated[
        str, typer.Option(help="The server's FHIR base, https://… (http on this machine only).")
    ],
    name: Annotated[str | None, typer.Option(help="What the centre is called on the screen.")] = None,
) -> None:
    """Make a profile: check the server, create the encrypted store and its key."""
    from local_store.errors import KeyProblem
    from triage_tui.cli.explain import in_words
    from triage_tui.cli.failure import Failure
    from triage_tui.cli.new_profile import make_profile
    from triage_tui.cli.server_words import server_lines
    from triage_tui.wording import _, clean

    try:
        profile, found = make_profile(settings_of(context), server, name)
    except KeyProblem as error:  # there is nothing yet that could be locked
        raise Failure(in_words(error)) from None
    for line in server_lines(found):
        _say(line)
    _say(
        _(
            "The profile is ready: {name}. Go on with `triage login --user NAME` and `triage sync --once`."
        ).format(name=clean(profile.server_name or profile.server_url))
    )


def login(
    context: typer.Context,
    user: Annotated[str, typer.Option(help="The login name.")],
) -> None:
    """Say who acts."""
    from triage_tui.cli.logging_in import log_in
    from triage_tui.cli.opening import opened
    from triage_tui.lock.unlocking import open_again
    from triage_tui.wording import _, clean

    with opened(settings_of(context), locked_too=True) as session:
        nurse = log_in(session, user)
        if session.store.screen_lock().locked_at is not None:
            open_again(session.store, forget_pin=True)
    _say(_("Logged in as {name}.").format(name=clean(nurse.name)))


def logout(context: typer.Context) -> None:
    """Nobody acts any more; what waits in the outbox stays there until the next login."""
    from dataclasses import replace

    from triage_tui.cli.opening import opened
    from triage_tui.wording import _

    with opened(settings_of(context)) as session, session.store.write() as tx:
        tx.set_profile(replace(session.profile, nurse=None, logged_in_at=None))
    _say(_("Logged out. What hasn't been sent is kept."))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - a command's messages go to standard error
