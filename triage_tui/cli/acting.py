"""What all commands of a nurse's acts have in common: whom, what text, when, and how far it got."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.failure import ExitCode, UsageFailure
from triage_tui.cli.settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from threshold_engine.model import Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.cli.opening import Opened

Patient = Annotated[str, typer.Argument(help="The patient's id, or - for a number on standard input.")]
About = Annotated[str | None, typer.Option(help="The task that it is about; all open ones without.")]


def task_named(session: Opened, text: str) -> str:
    """The UUID of the task that is named by it, or by its beginning."""
    return session.store.find_task(text).item.task


def tasks_about(session: Opened, about: str | None) -> tuple[str, ...]:
    """The task that an act is about; none: all open ones."""
    return () if about is None else (task_named(session, about),)


def patient_named(session: Opened, patient: str) -> str:
    """The logical id of the patient that is named."""
    from triage_tui.cli.patients import find_person

    return find_person(session.store, patient).id


def instant_given(text: str | None) -> Instant | None:
    """An instant as an option gives it. Raises BadParameter, which says how one is written."""
    if text is None:
        return None
    from threshold_engine import parse_instant

    try:
        return parse_instant(text)
    except ValueError:
        raise typer.BadParameter(
            "An instant is written 2026-03-03T08:31:00Z, with seconds and zone."
        ) from None


def text_given(session: Opened, text: str, option: str) -> str:
    """Text from the command line in practice only: `ps` and the shell's history would show it."""
    if text == "-":
        return _readable(_standard_input, option).strip()
    if text and not session.profile.is_demo:
        raise UsageFailure(
            f"What stands on a command line shows in `ps` and the shell's history. "
            f"Write {option} - and give the text on standard input."
        )
    return _readable(lambda: text, option)


def _standard_input() -> str:
    return sys.stdin.read()


def _readable(read: Callable[[], str], option: str) -> str:
    """Bytes that aren't UTF-8 fail, or come as lone surrogates, which no server could be told."""
    try:
        text = read()
        text.encode("utf-8")
    except UnicodeError:
        raise UsageFailure(f"The text of {option} isn't UTF-8. Nothing was saved.") from None
    return text


def run_act(
    context: typer.Context, act: Callable[[Opened], ActDone], *, as_json: bool, told: Callable[[], str] = str
) -> None:
    """Save the act here, try to send it for two seconds, say on whom and how far it got.

    `told`: what more to say of it, once it is saved.
    """
    from triage_tui.cli.as_json import print_json
    from triage_tui.cli.opening import opened
    from triage_tui.cli.sending import send

    with opened(settings_of(context)) as session:
        _ = session.nurse
        done = act(session)
        sent = send(session, done)
        if as_json:
            print_json({"op": done.op, "state": sent.state})
        for words in filter(None, (told(), sent.sentence)):
            print(words, file=sys.stderr)  # noqa: T201 - whom it was done to is always echoed
    codes = {"sent": ExitCode.DONE, "withdrawn": ExitCode.DONE, "pending": ExitCode.LOCAL_ONLY}
    raise typer.Exit(codes.get(sent.state, ExitCode.FAILED))
