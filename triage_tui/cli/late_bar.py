"""A progress bar for what is usually quick: it shows itself only once somebody has begun to wait."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from triage_tui.cli.progress import new_bar

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE_S: Final = 1.0


@contextmanager
def late_bar(words: str, clock: Callable[[], float] = time.monotonic) -> Iterator[Callable[[int, int], None]]:
    """Yield what takes how much is done and of how much; it draws where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    begun = clock()
    with ExitStack() as stack:
        drawn: list[Progress] = []

        def show(done: int, total: int) -> None:
            if not drawn and clock() - begun >= PATIENCE_S:
                drawn.append(stack.enter_context(new_bar()))
                drawn[0].add_task(words, total=total)
            for bar in drawn:
                bar.update(bar.task_ids[0], completed=done, total=total)

        yield show
