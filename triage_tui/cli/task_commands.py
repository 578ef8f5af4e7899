"""`triage shelve` and `reopen`: putting work off, and going on with what was completed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.act_commands import Task
from triage_tui.cli.acting import instant_given, run_act, task_named, text_given
from triage_tui.cli.queue_commands import AsJson

if TYPE_CHECKING:
    from triage_tui.acts.done import ActDone
    from triage_tui.cli.opening import Opened


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("shelve")(shelve)
    app.command("reopen")(reopen)


def shelve(
    context: typer.Context,
    task: Task,
    until: Annotated[str, typer.Option(help="An instant to come back at.")],
    reason: Annotated[str, typer.Option(help="Why; - reads standard input. Or awaiting-reading.")],
    as_json: AsJson = False,
) -> None:
    """Put a work item off; it comes back by itself, and at once when something gets worse."""
    from triage_tui.acts.shelve import shelve as put_off
    from work_items import AWAITING_READING, Centre

    back = instant_given(until)
    assert back is not None  # noqa: S101 - none only comes of none

    def act(session: Opened) -> ActDone:
        words = reason if reason == AWAITING_READING else text_given(session, reason, "--reason")
        return put_off(
            session.store,
            session.nurse,
            task_named(session, task),
            back,
            words,
            now=session.now(),
            centre=Centre(),
        )

    run_act(context, act, as_json=as_json)


def reopen(context: typer.Context, task: Task, as_json: AsJson = False) -> None:
    """Go on with a completed work item: a new one, part of the old."""
    from triage_tui.acts.reopen import reopen as again

    run_act(
        context,
        lambda s: again(s.store, s.nurse, task_named(s, task), now=s.now()),
        as_json=as_json,
    )
