"""`message`, to the patient, and `correct`, of what was written."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.acting import About, Patient, patient_named, run_act, tasks_about, text_given
from triage_tui.cli.queue_commands import AsJson

if TYPE_CHECKING:
    from triage_tui.acts.done import ActDone
    from triage_tui.cli.opening import Opened


class By(StrEnum):
    """How it goes."""

    APP = "app"
    SMS = "sms"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("message")(message)
    app.command("correct")(correct)


def message(
    context: typer.Context,
    patient: Patient,
    text: Annotated[str, typer.Option(help="What to write to her; - reads standard input.")],
    about: About = None,
    by: Annotated[By, typer.Option(help="How it goes.")] = By.APP,
    as_json: AsJson = False,
) -> None:
    """Write to the patient; messages of hers that it is about are answered by it."""
    from triage_tui.acts.message import message as write

    def act(session: Opened) -> ActDone:
        person = patient_named(session, patient)
        words = text_given(session, text, "--text")
        tasks = tasks_about(session, about)
        return write(session.store, session.nurse, person, words, session.now(), about=tasks, by=by.value)

    run_act(context, act, as_json=as_json)


def correct(
    context: typer.Context,
    op: Annotated[str, typer.Argument(help="The op of what was written, as the act printed it.")],
    text: Annotated[str, typer.Option(help="What it should have said; - reads standard input.")],
    as_json: AsJson = False,
) -> None:
    """Correct a note, contact or message of one's own; the old one stays to be read, struck."""
    from triage_tui.acts.correct import correct as write

    def act(session: Opened) -> ActDone:
        words = text_given(session, text, "--text")
        return write(session.store, session.nurse, op, words, session.now())

    run_act(context, act, as_json=as_json)
