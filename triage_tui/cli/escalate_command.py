"""`escalate`: to the GP, the emergency clinic, 113, the next of kin or home care."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.acting import About, Patient, patient_named, run_act, tasks_about, text_given
from triage_tui.cli.queue_commands import AsJson

if TYPE_CHECKING:
    from triage_tui.acts.done import ActDone
    from triage_tui.cli.opening import Opened


class To(StrEnum):
    """Whom to."""

    GP = "gp"
    LEGEVAKT = "legevakt"
    AMBULANCE = "113"
    NEXT_OF_KIN = "next-of-kin"
    HOME_CARE = "home-care"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("escalate")(escalate)


def escalate(
    context: typer.Context,
    patient: Patient,
    to: Annotated[To, typer.Option(help="Whom to.")],
    about: About = None,
    text: Annotated[
        str, typer.Option(help="The report, or what was agreed; - reads standard input; else a draft goes.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Lift a patient to somebody else; without --text the ISBAR draft from her data goes as it is."""
    from triage_tui.acts.escalate import escalate as write

    def act(session: Opened) -> ActDone:
        person = patient_named(session, patient)
        words = text_given(session, text, "--text")
        return write(
            session.store,
            session.nurse,
            person,
            to.value,
            session.now(),
            text=words,
            about=tasks_about(session, about),
            centre=session.profile.server_name or "",
        )

    run_act(context, act, as_json=as_json)
