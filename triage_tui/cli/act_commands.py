"""What a nurse does, as commands: `take`, `takeover`, `release`, `note`, `contact`, `complete`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.acting import (
    About,
    Patient,
    instant_given,
    patient_named,
    run_act,
    task_named,
    tasks_about,
    text_given,
)
from triage_tui.cli.queue_commands import AsJson

if TYPE_CHECKING:
    from triage_tui.acts.done import ActDone
    from triage_tui.cli.opening import Opened

Task = Annotated[str, typer.Argument(help="The task's UUID, or the beginning of it.")]


class Medium(StrEnum):
    """How somebody was contacted."""

    PHONE = "phone"
    VIDEO = "video"


class Result(StrEnum):
    """Whether somebody was reached."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"


class With(StrEnum):
    """With whom somebody spoke, where not with the patient alone."""

    GP = "gp"
    NEXT_OF_KIN = "next-of-kin"
    HOME_NURSE = "home-nurse"
    HOSPITAL = "hospital"
    GROUP = "group"


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

    run_act(context, lambda s: act(s.store, s.nurse, task_named(s, task), now=s.now()), as_json=as_json)


def takeover(context: typer.Context, task: Task, as_json: AsJson = False) -> None:
    """Take the patient's work from the colleague who has it."""
    from triage_tui.acts.takeover import takeover as act

    run_act(context, lambda s: act(s.store, s.nurse, task_named(s, task), now=s.now()), as_json=as_json)


def release(context: typer.Context, task: Task, as_json: AsJson = False) -> None:
    """Give back all of the patient's work that is mine."""
    from triage_tui.acts.release import release as act

    run_act(context, lambda s: act(s.store, s.nurse, task_named(s, task), now=s.now()), as_json=as_json)


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
        person = patient_named(session, patient)
        words = text_given(session, text, "--text")
        return write(
            session.store, session.nurse, person, words, about=tasks_about(session, about), now=session.now()
        )

    run_act(context, act, as_json=as_json)


def contact(  # noqa: PLR0917 - each is an option
    context: typer.Context,
    patient: Patient,
    by: Annotated[Medium, typer.Option(help="How.")],
    result: Annotated[Result, typer.Option(help="Whether somebody was reached.")],
    text: Annotated[str, typer.Option(help="What was said; - reads standard input.")] = "",
    about: About = None,
    follow_up: Annotated[str | None, typer.Option(help="An instant to come back at.")] = None,
    whom: Annotated[With | None, typer.Option("--with", help="With whom, where not with her alone.")] = None,
    as_json: AsJson = False,
) -> None:
    """Record that the patient was contacted, or wasn't reached."""
    from triage_tui.acts.contact import contact as write
    from triage_tui.wording.contacts import unanswered_words

    tries = 0

    def act(session: Opened) -> ActDone:
        nonlocal tries
        person = patient_named(session, patient)
        words = text_given(session, text, "--text")
        done = write(
            session.store,
            session.nurse,
            person,
            by=by.value,
            result=result.value,
            text=words,
            about=tasks_about(session, about),
            follow_up=instant_given(follow_up),
            whom=whom.value if whom else None,
            now=session.now(),
        )
        tries = done.unanswered
        return done

    run_act(context, act, as_json=as_json, told=lambda: unanswered_words(tries))


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
        words = text_given(session, note, "--note")
        return write(
            session.store, session.nurse, task_named(session, task), outcome, note=words, now=session.now()
        )

    run_act(context, act, as_json=as_json)
