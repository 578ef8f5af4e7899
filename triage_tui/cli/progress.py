"""A progress bar on standard error, where somebody is looking."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from triage_tui.wording import _

if TYPE_CHECKING:
    from triage_tui.sync.state import Stage


@contextmanager
def progress_bar() -> Iterator[Callable[[Stage], None]]:
    """Yield what takes the stages of a sync; it draws nothing where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _stage: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(stage: Stage) -> None:
            words = {
                "connecting": _("Connecting"),
                "pushing": _("Sending"),
                "pulling": _("Fetching"),
                "reckoning": _("Reckoning"),
            }.get(stage.key, "")
            bar.update(
                task, description=f"{words} {stage.kind or ''}", completed=stage.done, total=stage.total
            )

        yield show
