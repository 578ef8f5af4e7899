"""This console's own judging, where no console runs: before a command shows something, after an act."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triage_tui.cli.opening import Opened


def judge_here(session: Opened) -> None:
    """Judge whoever has changed or come due by now; nothing is loaded where that is nobody."""
    with session.store.read() as snapshot:
        if not snapshot.to_judge(session.now(), 1):
            return
    from triage_tui.sync.local_judging import judge_locally

    judge_locally(session.store, session.clock())
