"""Waiting until the console has come to rest, however busy the machine is.

Textual's own `pilot.pause` looks at how much the process computes, which says nothing on a machine that gives
it no time to compute.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.pilot import Pilot

from triage_tui.app import TriageApp

_CALM = 2
"""So many looks in a row that find nothing under way: what one look sees done may still set off something."""
_LOOKS_AT_MOST = 2_000


async def until_quiet(pilot: Pilot[None]) -> None:
    """Wait until no thread works for the screens, no key or message waits, and nothing is left to draw.

    Raises AssertionError where that never comes.
    """
    app = pilot.app
    assert isinstance(app, TriageApp)
    calm = 0
    for _look in range(_LOOKS_AT_MOST):
        await pilot.pause()
        await app.workers.wait_for_complete()
        calm = calm + 1 if _is_quiet(app) else 0
        if calm == _CALM or app._exception is not None:
            return
    raise AssertionError("the console doesn't come to rest")


async def until(pilot: Pilot[None], done: Callable[[], bool]) -> None:
    """Wait for what a timer brings. Raises AssertionError where it never comes."""
    for _look in range(_LOOKS_AT_MOST):
        if done():
            return
        await pilot.pause()
    raise AssertionError("waited for what never came")


def _is_quiet(app: TriageApp) -> bool:
    if app._waiting_keys or app._taking is not None:
        return False
    if any(not worker.is_finished for worker in app.workers):
        return False
    screen = app.screen
    undrawn = (
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._dirty_widgets
        or screen._callbacks
    )
    pumps = (app, *app.screen_stack, *screen.walk_children())
    return not undrawn and not any(
        pump._message_queue.qsize() or pump._pending_message is not None or pump._next_callbacks
        for pump in pumps
    )
