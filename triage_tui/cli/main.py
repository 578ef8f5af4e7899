"""`triage`: how every call begins, and how it ends."""

from __future__ import annotations

import sys
from io import TextIOWrapper

from triage_tui.cli.failure import ExitCode, Failure


def main() -> None:
    """Run the command, or open the console; every failure becomes one plain sentence and an exit code."""
    from triage_tui.cli.console_start import only_global_options, open_by
    from triage_tui.cli.hardening import harden_process

    harden_process()
    _speak_utf8()
    try:
        options = only_global_options(sys.argv[1:])
        if options is None:
            sys.exit(_run_command())
        open_by(options)
    except Failure as failure:
        sys.exit(_say(str(failure), failure.code))
    except KeyboardInterrupt:
        sys.exit(_say("", ExitCode.INTERRUPTED))
    except Exception as error:  # noqa: BLE001 - the last door: said without values, exit 1
        from triage_tui.cli.explain import explain

        sys.exit(_say(*explain(error)))


def _speak_utf8() -> None:
    """A pipe gets UTF-8 whatever the locale; a terminal that can't show a letter shows `?`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")


def _run_command() -> int:
    from typer import Abort

    from triage_tui.cli.commands import app

    try:
        code = app(standalone_mode=False)
    except Abort:
        return ExitCode.INTERRUPTED
    return code if isinstance(code, int) else ExitCode.DONE


def _say(sentence: str, code: int) -> int:
    if sentence:
        print(sentence, file=sys.stderr)  # noqa: T201 - the one place where a failure is said
    return code
