"""`pause`, for a stay in hospital and the like, `resume`, and `end`, of the follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.acting import Patient, instant_given, patient_named, run_act, text_given
from triage_tui.cli.queue_commands import AsJson

if TYPE_CHECKING:
    from triage_tui.acts.done import ActDone
    from triage_tui.cli.opening import Opened


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("pause")(pause)
    app.command("resume")(resume)
    app.command("end")(end)


def pause(
    context: typer.Context,
    patient: Patient,
    start: Annotated[str, typer.Option("--from", help="When it begins, past or to come.")],
    reason: Annotated[str, typer.Option(help="Why; - reads standard input.")],
    until: Annotated[str | None, typer.Option(help="When it ends; until `resume` without.")] = None,
    as_json: AsJson = False,
) -> None:
    """Miss no readings for a while; those that come are judged all the same."""
    from triage_tui.acts.pause import pause as write

    begins, ends = instant_given(start), instant_given(until)

    def act(session: Opened) -> ActDone:
        person = patient_named(session, patient)
        words = text_given(session, reason, "--reason")
        now = session.now()
        return write(
            session.store, session.nurse, person, now if begins is None else begins, words, now, until=ends
        )

    run_act(context, act, as_json=as_json)


def resume(context: typer.Context, patient: Patient, as_json: AsJson = False) -> None:
    """End the pause that is going on; where none is, call off those that are planned."""
    from triage_tui.acts.pause import resume as write

    def act(session: Opened) -> ActDone:
        return write(session.store, session.nurse, patient_named(session, patient), session.now())

    run_act(context, act, as_json=as_json)


def end(
    context: typer.Context,
    patient: Patient,
    reason: Annotated[str, typer.Option(help="Why; - reads standard input.")],
    as_json: AsJson = False,
) -> None:
    """End the patient's follow-up: her plan is completed, and nothing is judged or missed any more."""
    from triage_tui.acts.end_follow_up import end_follow_up as write

    def act(session: Opened) -> ActDone:
        person = patient_named(session, patient)
        words = text_given(session, reason, "--reason")
        return write(session.store, session.nurse, person, words, session.now())

    run_act(context, act, as_json=as_json)
