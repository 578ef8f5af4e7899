"""`triage queue`, `patients`, `show`: who needs somebody, and what is going on with her."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.settings import settings_of

if TYPE_CHECKING:
    from local_store.views import QueueEntry, QueueView


class BandName(StrEnum):
    """The bands, as an option's values."""

    RED = "red"
    YELLOW = "yellow"
    BLUE = "blue"


AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Plain = Annotated[bool, typer.Option("--plain", help="One fact a line, for screen readers.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("queue")(queue)
    app.command("patients")(patients)
    app.command("show")(show)


def chosen_entries(
    view: QueueView, *, band: str | None, login: str | None, limit: int | None
) -> list[QueueEntry]:
    """The rows asked for, in order; ranks stay those of the whole queue."""
    entries = [
        entry
        for entry in view.entries
        if (band is None or entry.row.band.word == band) and (login is None or entry.owner_login == login)
    ]
    return entries if limit is None else entries[:limit]


def queue(
    context: typer.Context,
    band: Annotated[BandName | None, typer.Option(help="Only rows of this band.")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only rows that I have taken.")] = False,
    plain: Plain = False,
    as_json: AsJson = False,
    limit: Annotated[int | None, typer.Option(min=0, help="At most so many rows.")] = None,
) -> None:
    """Print the queue, in order, with why."""
    from triage_tui.cli.access import log_list
    from triage_tui.cli.as_json import print_json, queue_json
    from triage_tui.cli.as_text import print_queue
    from triage_tui.cli.judging_here import judge_here
    from triage_tui.cli.opening import opened
    from work_items import Centre

    one_format(plain=plain, as_json=as_json)
    with opened(settings_of(context)) as session:
        judge_here(session)
        view = session.store.queue(session.now(), Centre())
        entries = chosen_entries(view, band=band, login=session.nurse.login if mine else None, limit=limit)
        log_list(session, [entry.person.id for entry in entries], "queue")
        if as_json:
            print_json(queue_json(view, entries))
        else:
            print_queue(view, entries)


def patients(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="A part of a name, or - for a number; none for all.")] = "",
    plain: Plain = False,
    as_json: AsJson = False,
) -> None:
    """List the centre's patients, or those that match."""
    from triage_tui.cli.access import log_list
    from triage_tui.cli.as_json import person_line_json, print_json
    from triage_tui.cli.as_text import print_people
    from triage_tui.cli.opening import opened
    from triage_tui.cli.patients import find_lines

    one_format(plain=plain, as_json=as_json)
    with opened(settings_of(context)) as session:
        lines = find_lines(session.store, query)
        log_list(session, [line.person.id for line in lines], "patients")
        if as_json:
            print_json([person_line_json(line) for line in lines])
        else:
            print_people(lines, session.now())


def show(
    context: typer.Context,
    patient: Annotated[str, typer.Argument(help="Id, part of a name, or - for a number on standard input.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="Readings of the last so many days.")] = 30,
    plain: Plain = False,
    as_json: AsJson = False,
) -> None:
    """Show one patient: plan, work, readings, contacts, notes."""
    from triage_tui.chart.read import read_chart
    from triage_tui.cli.access import log_patient
    from triage_tui.cli.as_json import patient_json, print_json
    from triage_tui.cli.as_text import print_patient
    from triage_tui.cli.chart_json import chart_json
    from triage_tui.cli.history import fetch_older
    from triage_tui.cli.judging_here import judge_here
    from triage_tui.cli.opening import opened
    from triage_tui.cli.patients import find_one, missing

    one_format(plain=plain, as_json=as_json)
    with opened(settings_of(context)) as session:
        person = find_one(session.store, patient)
        log_patient(session, person.id)
        fetch_older(session, person.id, days)
        judge_here(session)
        view = session.store.patient(person.id, session.now(), days)
        if view is None:
            raise missing()
        chart = read_chart(session.store, person.id, session.now())
        if as_json:
            print_json(patient_json(view) | chart_json(view, chart))
        else:
            print_patient(view, chart, session.now())


def one_format(*, plain: bool, as_json: bool) -> None:
    """Refuse `--plain` and `--json` together; with `--plain` each fact stands on a line of its own."""
    from triage_tui.cli.as_text import one_fact_a_line

    if plain and as_json:
        raise typer.BadParameter("Choose either --plain or --json.")
    if plain:
        one_fact_a_line()
