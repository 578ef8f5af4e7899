"""A fault of the program in one sentence: where it happened, and nothing of the data it stumbled over."""

from __future__ import annotations

import traceback
from pathlib import Path

from triage_tui.wording.language import gettext as _


def fault_words(error: BaseException) -> str:
    """Kind and place of `error`; no message and no locals, since they may hold a name or a number."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    words = _(
        "Something went wrong inside the program ({kind} at {where}). "
        "What was saved is safe; try again, and report this line."
    )
    return words.format(kind=type(error).__name__, where=where)
