"""The commands and their global options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from triage_tui.cli import (
    act_commands,
    backup_command,
    bench_command,
    conflict_commands,
    demo_command,
    doctor_command,
    escalate_command,
    judge_command,
    keys_command,
    message_commands,
    outbox_command,
    pause_commands,
    profile_commands,
    queue_commands,
    reading_commands,
    rekey_command,
    report_command,
    sync_commands,
    task_commands,
    template_commands,
    unlock_command,
    what_if_command,
    wipe_command,
)
from triage_tui.cli.console_look import LookOptions
from triage_tui.cli.engine_commands import engine_app
from triage_tui.cli.server_commands import server_app
from triage_tui.cli.settings import make_settings
from triage_tui.wording.language import UnknownLanguageError, use_language

app = typer.Typer(
    help="The console of a follow-up centre. Without a command it opens on the profile.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback with values would print health data
    rich_markup_mode=None,
)


@app.callback()
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
    keymap: Annotated[
        str | None,
        typer.Option(envvar="TRIAGE_KEYMAP", help="The console's keys: standard, vim, own, or a file."),
    ] = None,
    theme: Annotated[
        str | None, typer.Option(envvar="TRIAGE_THEME", help="The console's colours, such as high-contrast.")
    ] = None,
    low_bandwidth: Annotated[
        bool | None, typer.Option(help="Send the terminal little: for slow lines.")
    ] = None,
) -> None:
    """Take the global options."""
    try:
        use_language(lang)
    except UnknownLanguageError as error:
        raise typer.BadParameter(str(error)) from None
    context.obj = make_settings(data_dir, profile, LookOptions(keymap, theme, low_bandwidth))


for _module in (
    profile_commands,
    sync_commands,
    queue_commands,
    act_commands,
    reading_commands,
    escalate_command,
    pause_commands,
    message_commands,
    task_commands,
    outbox_command,
    conflict_commands,
    unlock_command,
    rekey_command,
    backup_command,
    report_command,
    wipe_command,
    demo_command,
    doctor_command,
    judge_command,
    keys_command,
):
    _module.add_to(app)
template_commands.add_to(engine_app)
bench_command.add_to(engine_app)
what_if_command.add_to(engine_app)
app.add_typer(engine_app, name="engine", help="The threshold engine, by itself.")
app.add_typer(server_app, name="server", help="The embedded FHIR server and its simulator.")
