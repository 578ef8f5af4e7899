"""What went wrong, in one or two sentences: what happened, and what to do about it."""

from __future__ import annotations

import traceback
from pathlib import Path

from triage_tui.wording.language import gettext as _
from triage_tui.wording.safe_text import clean


def fault_words(error: BaseException) -> str:
    """Kind and place of `error`; no message and no locals, since they may hold a name or a number."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    words = _(
        "Something went wrong inside the program ({kind} at {where}). "
        "What was saved is safe; try again, and report this line."
    )
    return words.format(kind=type(error).__name__, where=where)


def error_words(what: str, remedy: str) -> str:
    """What happened (`ConnectError`, `HTTP 503`, a sentence) and its remedy, each translated if known."""
    said = clean(_(what.strip().rstrip(".")))
    if said and " " not in said:  # the name of a fault of the network
        said = _("The server doesn't answer ({kind})").format(kind=said)
    if said and said[-1] not in "!?":
        said += "."
    return f"{said[:1].upper()}{said[1:]} {clean(_(remedy)) if remedy else ''}".strip()


def problem_words(problem: str) -> str:
    """The same, of both in one text as a sync's report has them."""
    what, _dot, remedy = problem.partition(". ")
    return error_words(what, remedy)
