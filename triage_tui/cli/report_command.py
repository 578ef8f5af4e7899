"""`triage report`: the handover of a shift, indicators, the load of alarms."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.failure import Failure, UsageFailure
from triage_tui.cli.settings import settings_of
from triage_tui.wording import _, clean

if TYPE_CHECKING:
    from threshold_engine.model import Instant


class ReportName(StrEnum):
    """The reports."""

    HANDOVER = "handover"
    INDICATORS = "indicators"
    ALARMS = "alarms"


class Format(StrEnum):
    """How it is written."""

    TEXT = "text"
    MD = "md"
    CSV = "csv"
    JSON = "json"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("report")(report)


def report(
    context: typer.Context,
    name: Annotated[ReportName, typer.Argument(metavar="handover|indicators|alarms")],
    start: Annotated[
        str | None, typer.Option("--from", metavar="T", help="An instant; the shift, or 30 days ago.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="T", help="An instant; now.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option(help="A new file (mode 0600) instead of standard output.")
    ] = None,
) -> None:
    """Print a report."""
    from triage_tui.cli.access import log_list
    from triage_tui.cli.judging_here import judge_here
    from triage_tui.cli.opening import opened
    from triage_tui.reports.formats import FORMATS
    from triage_tui.reports.making import make_report
    from work_items import Centre

    begin, until = _instant("--from", start), _instant("--to", end)
    if begin is not None and until is not None and begin >= until:
        raise UsageFailure(_("--from has to be before --to."))
    with opened(settings_of(context)) as session:
        if begin is not None and until is None and begin >= session.now():
            raise UsageFailure(_("--from has to be before --to."))
        judge_here(session)
        made = make_report(
            session.store,
            name.value,
            session.now(),
            Centre(),
            of=session.profile.server_name or "",
            me=session.profile.nurse,
            start=begin,
            end=until,
        )
        log_list(session, made.patients, f"report {name.value}")
        text = FORMATS[form.value](made)
    if output is None:
        sys.stdout.write(text)
    else:
        _save(text, output)


def _save(text: str, file: Path) -> None:
    from triage_tui.reports.saving import save

    try:
        save(text, file)
    except FileExistsError as error:
        raise Failure(_("{file} is there already. Name a new file.").format(file=clean(str(file)))) from error
    except OSError as error:
        words = _("{file} can't be written ({why}). Name a file in a folder of yours.")
        raise Failure(words.format(file=clean(str(file)), why=error.strerror or error)) from error


def _instant(option: str, text: str | None) -> Instant | None:
    from threshold_engine import EngineError, parse_instant

    if text is None:
        return None
    try:
        return parse_instant(text)
    except (EngineError, ValueError) as error:
        words = _("{option} is no instant. Write it as 2026-03-03T08:00:00+01:00.")
        raise UsageFailure(words.format(option=option)) from error
