"""`reading`, what a patient tells by phone, and `reading-error`, one that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.acting import Patient, instant_given, patient_named, run_act, text_given
from triage_tui.cli.failure import UsageFailure
from triage_tui.cli.queue_commands import AsJson

if TYPE_CHECKING:
    from triage_tui.acts.done import ActDone
    from triage_tui.acts.measured import Measured
    from triage_tui.cli.opening import Opened


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("reading")(reading)
    app.command("reading-error")(reading_error)


def reading(
    context: typer.Context,
    patient: Patient,
    code: Annotated[str, typer.Option(help="spo2, pulse, temperature, weight, bp …")],
    value: Annotated[str, typer.Option(help="In the usual unit: 86, 37.9 or 37,9, 140/90 for bp.")],
    at: Annotated[str | None, typer.Option(help="When it was measured; now without.")] = None,
    as_json: AsJson = False,
) -> None:
    """Type in what a patient tells by phone."""
    from triage_tui.acts.reading import reading as write
    from triage_tui.wording.told import implausible_words, told_words

    measured = _measured(code, value)
    when = instant_given(at)

    def act(session: Opened) -> ActDone:
        person = patient_named(session, patient)
        return write(session.store, session.nurse, person, measured, session.now(), at=when)

    told = f"{told_words([(part.code, part.value) for part in measured.parts])}."
    if not measured.plausible:
        told += f" {implausible_words()}"
    run_act(context, act, as_json=as_json, told=lambda: told)


def reading_error(
    context: typer.Context,
    reading: Annotated[str, typer.Argument(help="The reading's id, from `triage show --json`.")],
    reason: Annotated[str, typer.Option(help="Why it is wrong; - reads standard input.")],
    as_json: AsJson = False,
) -> None:
    """Mark a reading as wrong: it is kept, struck, and judged no more."""
    from triage_tui.acts.reading_error import reading_error as mark

    def act(session: Opened) -> ActDone:
        words = text_given(session, reason, "--reason")
        return mark(session.store, session.nurse, reading, words, session.now())

    run_act(context, act, as_json=as_json)


def _measured(code: str, value: str) -> Measured:
    """The value as it was told; one that can't be read is wrong usage."""
    from triage_tui.acts.measured import read_measured
    from triage_tui.acts.refused import ActRefused
    from triage_tui.wording.refusals import refusal_words

    try:
        return read_measured(code, value)
    except ActRefused as error:
        raise UsageFailure(refusal_words(error.message_id, error.facts, 0)) from None
