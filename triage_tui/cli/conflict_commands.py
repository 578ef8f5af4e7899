"""`triage conflicts` and `resolve`: what two nurses did at once, and which of it counts."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.acting import run_act
from triage_tui.cli.outbox_command import Op, print_unsent
from triage_tui.cli.queue_commands import AsJson
from triage_tui.wording import ngettext

if TYPE_CHECKING:
    from triage_tui.acts.done import ActDone
    from triage_tui.cli.opening import Opened


class Choice(StrEnum):
    """Which of two counts."""

    MINE = "keep-mine"
    THEIRS = "keep-theirs"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("conflicts")(conflicts)
    app.command("resolve")(resolve)


def conflicts(context: typer.Context, as_json: AsJson = False) -> None:
    """List the acts that met something else: a colleague's act, or a patient who got worse."""
    print_unsent(context, frozenset({"conflict"}), _in_conflict, as_json=as_json)


def _in_conflict(n: int) -> str:
    return ngettext("{n} in conflict", "{n} in conflict", n).format(n=n)


def resolve(
    context: typer.Context,
    op: Op,
    choice: Annotated[Choice, typer.Argument(help="Mine is done to what the item is now.")],
    as_json: AsJson = False,
) -> None:
    """Settle a conflict; notes and contacts stay whatever is chosen."""
    from triage_tui.acts.resolve import keep_mine, keep_theirs
    from work_items import Centre

    def act(session: Opened) -> ActDone:
        if choice is Choice.THEIRS:
            return keep_theirs(session.store, session.nurse, op, now=session.now())
        return keep_mine(session.store, session.nurse, op, now=session.now(), centre=Centre())

    run_act(context, act, as_json=as_json)
