"""A progress bar on standard error, where somebody is looking."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from triage_tui.wording import _
from triage_tui.wording.stages import fetched_words

if TYPE_CHECKING:
    from rich.progress import Progress

    from triage_tui.sync.state import Stage

Show: TypeAlias = Callable[[str, int, int | None], None]
"""Takes what is being done in words, how much of it is done, and of how much (None: nobody knows)."""


def new_bar() -> Progress:
    """A bar that isn't drawn yet, and leaves nothing behind."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(file=sys.stderr), transient=True)


@contextmanager
def bar() -> Iterator[Show]:
    """Yield what shows progress; it draws nothing where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _words, _done, _total: None
        return
    with new_bar() as drawn:
        task = drawn.add_task("", total=None)

        def show(words: str, done: int, total: int | None) -> None:
            if total is None:
                words = f"{words} {done or ''}"
            drawn.update(task, description=words, completed=done, total=total)

        yield show


@contextmanager
def progress_bar() -> Iterator[Callable[[Stage], None]]:
    """Yield what takes the stages of a sync."""
    with bar() as show:

        def show_stage(stage: Stage) -> None:
            words = {
                "connecting": _("Connecting"),
                "pushing": _("Sending"),
                "pulling": _("Fetching"),
                "reckoning": _("Reckoning"),
            }.get(stage.key, "")
            show(f"{words} {fetched_words(stage.kind)}".strip(), stage.done, stage.total)

        yield show_stage


@contextmanager
def simulation_bar() -> Iterator[Show]:
    """Yield what takes the stages of a simulation, or of a load."""
    words = {
        "checking": _("Checking"),
        "loading": _("Loading"),
        "patients": _("Patients"),
        "readings": _("Readings"),
        "judging": _("Judging"),
        "nurses": _("Closed by nurses"),
        "sending": _("Sending"),
    }
    with bar() as show:
        yield lambda stage, done, total: show(words.get(stage, stage), done, total)
