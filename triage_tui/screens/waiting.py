"""What the console is waiting for, before there is a queue to show."""

from __future__ import annotations

from typing import Final

from triage_tui.screens.console import Console
from triage_tui.wording import N_, _, clean
from triage_tui.wording.stages import fetched_words

_STAGES: Final = {
    "connecting": N_("Asking the server."),
    "pushing": N_("Sending what was done here."),
    "pulling": N_("Fetching."),
    "reckoning": N_("Working out the rows."),
    "offline": N_("The server doesn't answer."),
    "login-needed": N_("Waiting for a login."),
    "refused": N_("The server refuses."),
}


def waiting_words(console: Console) -> str:
    """`Åpner lageret …`, or what the sync is doing, with how far it has got."""
    if console.session is None:
        return clean(console.trouble) if console.trouble else _("Opening the encrypted store …")
    state = console.sync
    if state is None or state.stage.key not in _STAGES:
        return ""
    words = _(_STAGES[state.stage.key])
    stage = state.stage
    fetched = fetched_words(stage.kind)
    if fetched:
        words = _("Fetching") + f" {fetched}"
    if stage.done or stage.total:
        words += (
            f" {stage.done}"
            if stage.total is None
            else " " + _("{n} of {of}").format(n=stage.done, of=stage.total)
        )
    return words
