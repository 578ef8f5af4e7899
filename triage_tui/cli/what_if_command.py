"""`triage engine what-if`: the alarms that changed limits would have given on the readings in the cache."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.failure import Failure, UsageFailure
from triage_tui.cli.settings import settings_of
from triage_tui.wording import _, clean

if TYPE_CHECKING:
    from threshold_engine import EngineError
    from threshold_engine.what_if import RuleChanges
    from triage_tui.acts.what_if import Span, Tried
    from triage_tui.cli.opening import Opened


def add_to(engine_app: typer.Typer) -> None:
    """Register the command."""
    engine_app.command("what-if")(what_if)


def what_if(
    context: typer.Context,
    changes: Annotated[
        str,
        typer.Option(
            "--set",
            metavar="JSON",
            help='{"rule id": {"member": value}}; null takes a member or a rule away, a new rule is given '
            "whole. @FILE reads a file, - standard input.",
        ),
    ],
    patient: Annotated[
        str | None, typer.Argument(help="The patient's id, or - for a number on standard input.")
    ] = None,
    everybody: Annotated[bool, typer.Option("--all", help="All whose plan has such a rule.")] = False,
    days: Annotated[
        int, typer.Option(min=1, max=3650, help="The last so many days, as far as the cache reaches.")
    ] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Try changed limits on history: which alarms would have gone, come or moved. Changes nothing."""
    from threshold_engine import EngineError
    from triage_tui.acts.what_if import Span
    from triage_tui.cli.opening import opened

    if (patient is None) != everybody:
        raise UsageFailure(_("Name one patient, or write --all."))
    if patient == "-" and changes == "-":
        raise UsageFailure(_("Only one of PATIENT and --set can be read from standard input."))
    wanted = _read(changes)
    with opened(settings_of(context)) as session:
        span = Span(session.now(), days)
        try:
            tried = (
                _try_on_all(session, wanted, span)
                if patient is None
                else _try_on(session, patient, wanted, span)
            )
        except EngineError as error:
            raise Failure(_refusal(error)) from error
        _print(session, tried, as_json=as_json, alone=patient is not None)
    if tried.refused:
        first = tried.refused[0][1]
        said = _("{n} patients' plans don't take the change. The first: {why}")
        raise Failure(said.format(n=len(tried.refused), why=_refusal(first)))


def _read(text: str) -> RuleChanges:
    """What `--set` says. Raises UsageFailure where it isn't changes, Failure where a file can't be read."""
    from threshold_engine import EngineError, load_case
    from threshold_engine.what_if import read_changes

    try:
        return read_changes(load_case(_bytes(text)))
    except EngineError as error:
        raise UsageFailure(f"--set: {_why(error, _remedy_of_set())}") from error


def _bytes(text: str) -> bytes:
    if text == "-":
        return typer.get_binary_stream("stdin").read()
    if not text.startswith("@"):
        return text.encode("utf-8", "surrogateescape")
    try:
        return Path(text[1:]).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        said = _("{file} can't be read ({why}). Name another file after @.")
        raise Failure(said.format(file=clean(text[1:]), why=reason)) from error


def _try_on(session: Opened, patient: str, changes: RuleChanges, span: Span) -> Tried:
    from triage_tui.acts.what_if import try_on_patient
    from triage_tui.cli.access import log_patient
    from triage_tui.cli.patients import find_person

    person = find_person(session.store, patient)
    log_patient(session, person.id)
    return try_on_patient(session.store, person.id, changes, span)


def _try_on_all(session: Opened, changes: RuleChanges, span: Span) -> Tried:
    from triage_tui.acts.what_if import try_on_all
    from triage_tui.cli.access import log_list
    from triage_tui.cli.late_bar import late_bar

    with late_bar(_("Reading")) as shown:
        return try_on_all(
            session.store,
            changes,
            span,
            may_see=lambda patients: log_list(session, patients, "what-if"),
            shown=shown,
        )


def _print(session: Opened, tried: Tried, *, as_json: bool, alone: bool) -> None:
    from triage_tui.cli.as_json import print_json
    from triage_tui.cli.what_if_json import what_if_json
    from triage_tui.wording.people import who
    from triage_tui.wording.what_if import what_if_lines

    if as_json:
        print_json(what_if_json(tried, alone=alone))
        return
    with session.store.read() as snapshot:
        person = snapshot.person(tried.patients[0]) if alone else None
    now = tried.span.now
    if person is not None:
        _say(who(person.name, person.birth_date, person.national_id, now))
    for line in what_if_lines(
        tried.answer,
        begin=tried.begin,
        held_since=tried.held_since,
        one_by_one=alone,
        without=tried.without,
        planless=tried.planless,
    ):
        _say(line)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _refusal(error: EngineError) -> str:
    return _("That can't be tried: {why}").format(why=_why(error, _(error.remedy)))


def _why(error: EngineError, remedy: str) -> str:
    """What is wrong, with its path as it stands, and what to do about it."""
    return f"{clean(str(error))}. {remedy}"


def _remedy_of_set() -> str:
    from threshold_engine.what_if import ChangeError

    return _(ChangeError.remedy)
