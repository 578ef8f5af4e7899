"""An error as one plain sentence that says what to do, and the exit code that goes with it."""

from __future__ import annotations

import traceback
from pathlib import Path

import typer

from triage_tui.cli.failure import ExitCode
from triage_tui.wording import _


def explain(error: Exception) -> tuple[str, ExitCode]:
    """The sentence for `error`, without any value of the data it stumbled over."""
    if isinstance(error, typer.TyperException):
        return error.format_message(), ExitCode(getattr(error, "exit_code", ExitCode.USAGE))
    if isinstance(getattr(error, "remedy", None), str):
        return in_words(error), ExitCode.FAILED
    return _internal(error), ExitCode.FAILED


def in_words(error: Exception) -> str:
    """What happened as a sentence, then what to do about it."""
    said = str(error).strip()
    if said and said[-1] not in ".!?":
        said += "."
    return f"{said[:1].upper()}{said[1:]} {getattr(error, 'remedy', '')}".strip()


def _internal(error: Exception) -> str:
    """Where it happened, but no message and no locals: they may hold a name or a number."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return _(
        "Something went wrong inside the program ({kind} at {where}). "
        "What was saved is safe; try again, and report this line."
    ).format(kind=type(error).__name__, where=where)
