"""An error as one plain sentence that says what to do, and the exit code that goes with it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from triage_tui.cli.failure import ExitCode
from triage_tui.cli.settings import system_clock
from triage_tui.wording import _
from triage_tui.wording.faults import error_words, fault_words
from triage_tui.wording.refusals import refusal_words

if TYPE_CHECKING:
    import typer
    from typing_extensions import TypeIs


def explain(error: Exception) -> tuple[str, ExitCode]:
    """The sentence for `error`, without any value of the data it stumbled over."""
    if _is_usage(error):
        return error.format_message(), ExitCode(getattr(error, "exit_code", ExitCode.USAGE))
    if isinstance(getattr(error, "remedy", None), str):
        return _with_remedy(error)
    from triage_tui.acts.refused import ActRefused  # it brings the store along

    if isinstance(error, ActRefused):
        return refusal_words(error.message_id, error.facts, system_clock()), ExitCode.FAILED
    return fault_words(error), ExitCode.FAILED


def _is_usage(error: Exception) -> TypeIs[typer.TyperException]:
    """Whether the command line's library refused; where it isn't loaded (in the console) it didn't."""
    library = sys.modules.get("typer")
    return library is not None and isinstance(error, library.TyperException)


def _with_remedy(error: Exception) -> tuple[str, ExitCode]:
    """A cache whose key isn't to be had is locked: nothing could be read, and nothing was saved."""
    from local_store.errors import KeyProblem, WrongKey

    if isinstance(error, KeyProblem | WrongKey):
        nothing = _("Nothing was saved.")
        return f"{in_words(error)} {nothing}", ExitCode.LOCKED
    return in_words(error), ExitCode.FAILED


def in_words(error: Exception) -> str:
    """What happened as a sentence, then what to do about it."""
    return error_words(str(error), getattr(error, "remedy", ""))
