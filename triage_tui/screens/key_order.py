"""One key at a time: no key is looked at before the one ahead of it has done all that it does.

Textual hands a key to the focused widget's queue and goes on to the next; what a screen binds to it is
done later still, when it has come all the way up to the app. Keys that come in a bunch (a fast typist, a slow
link, a busy machine) would so overtake each other: F12 would sign a note whose last words are still on their
way, and the first letters of a note would reach the screen under a form that is about to open, where they
take a patient.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from itertools import count
from typing import Final

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen
from textual.timer import Timer

from triage_tui.wording import clean

_LOOKS_S: Final = 0.25
_LOOKS_AT_MOST: Final = 40
"""So many looks at a key that isn't done: a busy machine is waited for, a handler that hangs isn't."""


class OneKeyAtATime(App[None]):
    """An app whose keys, and text pasted into it, are taken in one after the other."""

    def __init__(self, *, ansi_color: bool) -> None:
        super().__init__(ansi_color=ansi_color)
        self._waiting_keys: deque[events.Key | events.Paste] = deque()
        self._taking: Timer | None = None
        """Runs while a key is being taken in, and looks whether it still can be."""
        self._held = False

    async def on_event(self, event: events.Event) -> None:
        """Hold a key back while another is being taken in."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        if isinstance(event, events.Paste):
            event.text = clean(event.text, multiline=True)  # fields draw what they hold as it is
        if self._taking is not None or self._held:
            self._waiting_keys.append(event)
        else:
            await self._take(event)

    def hold_keys(self) -> None:
        """Let keys wait until `release_keys`: what they mean depends on how something ends."""
        self._held = True

    def release_keys(self) -> None:
        """Go on with the keys that wait, once the screen is ready for them."""
        self._held = False
        self.call_later(lambda: _after([self.screen], lambda: self.call_later(self._next)))

    async def _take(self, event: events.Key | events.Paste) -> None:
        screen = self.screen
        target: DOMNode = self.focused or screen
        looks = count(1)
        timer: Timer = self.set_interval(_LOOKS_S, lambda: self._look(timer, target, next(looks)))
        self._taking = timer
        await super().on_event(event)
        _after(target.ancestors_with_self, lambda: self._settle(timer, screen))

    def _settle(self, timer: Timer, screen: Screen[object]) -> None:
        """The key has come up to the app; a screen that it has opened has to be ready for the next."""
        opened = [self.screen] if self.screen is not screen else []
        _after(opened, lambda: self.call_later(self._taken, timer))

    async def _taken(self, timer: Timer) -> None:
        """Go on with the next key, once for each key."""
        if self._taking is not timer:
            return
        timer.stop()
        self._taking = None
        await self._next()

    async def _look(self, timer: Timer, target: DOMNode, times: int) -> None:
        """A widget that has gone away under a key never answers: the next key doesn't wait for it."""
        if not target.is_attached or times >= _LOOKS_AT_MOST:
            await self._taken(timer)

    async def _next(self) -> None:
        if self._waiting_keys and self._taking is None and not self._held:
            await self._take(self._waiting_keys.popleft())


def _after(nodes: Iterable[DOMNode], then: Callable[[], object]) -> None:
    """Do `then` when each of these, one after the other, has dealt with what is in its queue."""
    waiting = deque(nodes)

    def onwards() -> None:
        while waiting:
            if waiting.popleft().call_later(onwards):
                return
        then()

    onwards()
