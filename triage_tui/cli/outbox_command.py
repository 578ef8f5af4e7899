"""`triage outbox`: what waits to be sent, and what the server said to what it refused."""

from __future__ import annotations

import typer

from triage_tui.cli.queue_commands import AsJson
from triage_tui.cli.settings import settings_of


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("outbox")(outbox)


def outbox(context: typer.Context, as_json: AsJson = False) -> None:
    """List the acts that wait, are parked or in conflict."""
    from triage_tui.cli.as_json import outbox_json, print_json
    from triage_tui.cli.as_text import print_outbox
    from triage_tui.cli.opening import opened

    with opened(settings_of(context)) as session:
        rows = session.store.outbox()
        if as_json:
            print_json(outbox_json(rows))
        else:
            print_outbox(rows, session.now())
