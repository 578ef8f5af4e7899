"""What a nurse does, as commands: `take`, `takeover`, `release`, `note`, `contact`, `complete`."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.failure import ExitCode, UsageFailure
from triage_tui.cli.queue_commands import AsJson
from triage_tui.cli.settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from threshold_engine.model import Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.cli.opening import Opened

Task = Annotated[str, typer.Argument(help="The task's UUID, or the beginning of it.")]
Patient = Annotated[str, typer.Argument(help="The patient's id, or - for a number on standard input.")]
About = Annotated[str | None, typer.Option(help="The task that it is about; all open ones without.")]


class Medium(StrEnum):
    """How somebody was contacted."""

    PHONE = "phone"
    VIDEO = "video"


class Result(StrEnum):
    """Whether somebody was reached."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for name, command in (
        ("take", take),
        ("takeover", takeover),
        ("release", release),
        ("note", note),
        ("contact", contact),
        ("complete", complete),
    ):
        app.command(name)(command)


def take(context: typer.Context, task: Task, as_json: AsJson = False) -> None:
    """Take all of the patient's open work."""
    from triage_tui.acts.take import take as act

    _act(context, lambda s: act(s.store, s.nurse, _task(s, task), now=s.now()), as_json=as_json)


def takeover(context: typer.Context, task: Task, as_json: AsJson = False) -> None:
    """Take the patient's work from the colleague who has it."""
    from triage_tui.acts.takeover import takeover as act

    _act(context, lambda s: act(s.store, s.nurse, _task(s, task), now=s.now()), as_json=as_json)


def release(context: typer.Context, task: Task, as_json: AsJson = False) -> None:
    """Give back all of the patient's work that is mine."""
    from triage_tui.acts.release import release as act

    _act(context, lambda s: act(s.store, s.nurse, _task(s, task), now=s.now()), as_json=as_json)


def note(
    context: typer.Context,
    patient: Patient,
    text: Annotated[str, typer.Option(help="The note; - reads standard input.")],
    about: About = None,
    as_json: AsJson = False,
) -> None:
    """Write a note."""
    from triage_tui.acts.note import note as write

    def act(session: Opened) -> ActDone:
        person = _person(session, patient)
        words = _text(session, text, "--text")
        return write(
            session.store, session.nurse, person, words, about=_tasks(session, about), now=session.now()
        )

    _act(context, act, as_json=as_json)


def contact(
    context: typer.Context,
    patient: Patient,
    by: Annotated[Medium, typer.Option(help="How.")],
    result: Annotated[Result, typer.Option(help="Whether somebody was reached.")],
    text: Annotated[str, typer.Option(help="What was said; - reads standard input.")] = "",
    about: About = None,
    follow_up: Annotated[str | None, typer.Option(help="An instant to come back at.")] = None,
    as_json: AsJson = False,
) -> None:
    """Record that the patient was contacted, or wasn't reached."""
    from triage_tui.acts.contact import contact as write

    def act(session: Opened) -> ActDone:
        person = _person(session, patient)
        words = _text(session, text, "--text")
        return write(
            session.store,
            session.nurse,
            person,
            by=by.value,
            result=result.value,
            text=words,
            about=_tasks(session, about),
            follow_up=_instant(follow_up),
            now=session.now(),
        )

    _act(context, act, as_json=as_json)


def complete(
    context: typer.Context,
    task: Task,
    outcome: Annotated[str, typer.Option(help="How it ended: contacted, advice-given, …")],
    note: Annotated[str, typer.Option(help="A note with it; - reads standard input.")] = "",
    as_json: AsJson = False,
) -> None:
    """Close a work item with an outcome."""
    from triage_tui.acts.complete import complete as write
    from work_items.model import Outcome

    if outcome not in {each.value for each in Outcome if each is not Outcome.SELF_RESOLVED}:
        choices = ", ".join(each.value for each in Outcome if each is not Outcome.SELF_RESOLVED)
        raise typer.BadParameter(f"--outcome is one of: {choices}.")

    def act(session: Opened) -> ActDone:
        words = _text(session, note, "--note")
        return write(
            session.store, session.nurse, _task(session, task), outcome, note=words, now=session.now()
        )

    _act(context, act, as_json=as_json)


def _task(session: Opened, text: str) -> str:
    return session.store.find_task(text).item.task


def _tasks(session: Opened, about: str | None) -> tuple[str, ...]:
    return () if about is None else (_task(session, about),)


def _person(session: Opened, patient: str) -> str:
    from triage_tui.cli.patients import find_person

    return find_person(session.store, patient).id


def _instant(text: str | None) -> Instant | None:
    if text is None:
        return None
    from threshold_engine import parse_instant

    try:
        return parse_instant(text)
    except ValueError:
        raise typer.BadParameter(
            "An instant is written 2026-03-03T08:31:00Z, with seconds and zone."
        ) from None


def _text(session: Opened, text: str, option: str) -> str:
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


def _act(context: typer.Context, act: Callable[[Opened], ActDone], *, as_json: bool) -> None:
    """Save the act here, try to send it for two seconds, say on whom and how far it got."""
    from triage_tui.cli.as_json import print_json
    from triage_tui.cli.opening import opened
    from triage_tui.cli.sending import send

    with opened(settings_of(context)) as session:
        _ = session.nurse
        done = act(session)
        sent = send(session, done)
        if as_json:
            print_json({"op": done.op, "state": sent.state})
        print(sent.sentence, file=sys.stderr)  # noqa: T201 - whom it was done to is always echoed
    raise typer.Exit({"sent": ExitCode.DONE, "pending": ExitCode.LOCAL_ONLY}.get(sent.state, ExitCode.FAILED))
