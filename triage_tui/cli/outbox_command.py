"""`triage outbox`: what waits to be sent, what the server refused and why, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.acting import run_act, text_given
from triage_tui.cli.queue_commands import AsJson, Plain, one_format
from triage_tui.cli.settings import settings_of
from triage_tui.wording import ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_tui.acts.done import ActDone
    from triage_tui.cli.opening import Opened

Op = Annotated[str, typer.Argument(help="The act's number as `triage outbox` gives it, or its beginning.")]
_UNSENT = frozenset({"pending", "parked", "conflict"})


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(invoke_without_command=True)
    group.callback()(outbox)
    group.command("retry")(retry)
    group.command("withdraw")(withdraw)
    app.add_typer(group, name="outbox")


def outbox(context: typer.Context, plain: Plain = False, as_json: AsJson = False) -> None:
    """List the acts that wait, are parked or in conflict; retry or withdraw one."""
    one_format(plain=plain, as_json=as_json)
    if context.invoked_subcommand is None:
        print_unsent(context, _UNSENT, _unsent, as_json=as_json)


def print_unsent(
    context: typer.Context, states: frozenset[str], total: Callable[[int], str], *, as_json: bool
) -> None:
    """The acts in these states: conflicts, then what was refused, then what waits; `total`: how many."""
    from local_store.unsent_view import patients_of
    from triage_tui.cli.access import log_list
    from triage_tui.cli.as_json import print_json
    from triage_tui.cli.opening import opened
    from triage_tui.cli.unsent_output import lines_of, unsent_json

    with opened(settings_of(context)) as session:
        view = session.store.unsent(session.now())
        acts = [act for act in view.acts if act.state in states]
        log_list(session, patients_of(acts), "outbox")
        if as_json:
            print_json(unsent_json(acts))
            return
        for line in lines_of(acts, view.now):
            print(line)  # noqa: T201 - what was asked for
        print(total(len(acts)))  # noqa: T201


def _unsent(n: int) -> str:
    return ngettext("{n} unsent", "{n} unsent", n).format(n=n)


def retry(
    context: typer.Context,
    op: Op,
    text: Annotated[str, typer.Option(help="Another text for it; - reads standard input.")] = "",
    as_json: AsJson = False,
) -> None:
    """Send an act again that was refused or in conflict, with its text corrected if you give one."""
    from triage_tui.acts.retry import mend
    from triage_tui.acts.retry import retry as again

    def act(session: Opened) -> ActDone:
        words = text_given(session, text, "--text")
        if words:
            return mend(session.store, session.nurse, op, words, now=session.now())
        return again(session.store, session.nurse, op, now=session.now())

    run_act(context, act, as_json=as_json)


def withdraw(
    context: typer.Context,
    op: Op,
    reason: Annotated[str, typer.Option(help="Why, for the access log; - reads standard input.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take back an act that the server doesn't have, and what can't be done without it."""
    from triage_tui.acts.withdraw import withdraw as take_back

    def act(session: Opened) -> ActDone:
        words = text_given(session, reason, "--reason")
        return take_back(session.store, session.nurse, op, now=session.now(), reason=words)

    run_act(context, act, as_json=as_json)
