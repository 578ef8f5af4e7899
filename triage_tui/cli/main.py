"""`triage`: the global options, and how every command ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from triage_tui.cli.failure import ExitCode, Failure
from triage_tui.cli.settings import make_settings

app = typer.Typer(
    help="The console of a follow-up centre. Without a command it opens on the profile.",
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with values would print health data
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(envvar="TRIAGE_DATA_DIR", help="Folder of the profiles and their encrypted stores."),
    ] = None,
    profile: Annotated[
        str, typer.Option(envvar="TRIAGE_PROFILE", help="A profile belongs to one nurse.")
    ] = "default",
    lang: Annotated[str, typer.Option(envvar="TRIAGE_LANG", help="nb or en.")] = "nb",
) -> None:
    """Take the global options; open the console where no command is named."""
    from triage_tui.wording.language import UnknownLanguageError, use_language

    try:
        use_language(lang)
    except UnknownLanguageError as error:
        raise typer.BadParameter(str(error)) from None
    context.obj = make_settings(data_dir, profile)
    if context.invoked_subcommand is None:
        from triage_tui.cli.console_command import open_console

        open_console(context.obj)


def _add_commands() -> None:
    from triage_tui.cli import (
        act_commands,
        demo_command,
        doctor_command,
        outbox_command,
        profile_commands,
        queue_commands,
        sync_commands,
        wipe_command,
    )
    from triage_tui.cli.engine_commands import engine_app
    from triage_tui.cli.server_commands import server_app

    for module in (
        profile_commands,
        sync_commands,
        wipe_command,
        queue_commands,
        act_commands,
        outbox_command,
        demo_command,
        doctor_command,
    ):
        module.add_to(app)
    app.add_typer(engine_app, name="engine", help="The threshold engine, by itself.")
    app.add_typer(server_app, name="server", help="The embedded FHIR server and its simulator.")


def main() -> None:
    """Run the command; every failure becomes one plain sentence and an exit code."""
    from triage_tui.cli.hardening import harden_process

    harden_process()
    _add_commands()
    try:
        code = app(standalone_mode=False)
    except Failure as failure:
        sys.exit(_say(str(failure), failure.code))
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(_say("", ExitCode.INTERRUPTED))
    except Exception as error:  # noqa: BLE001 - the last door: said without values, exit 1
        from triage_tui.cli.explain import explain

        sys.exit(_say(*explain(error)))
    sys.exit(code if isinstance(code, int) else 0)


def _say(sentence: str, code: int) -> int:
    if sentence:
        print(sentence, file=sys.stderr)  # noqa: T201 - the one place where a failure is said
    return code
