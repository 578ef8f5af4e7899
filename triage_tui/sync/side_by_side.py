"""Several walks fetched at once, their pages handed to one writer in the order in which they came.

So a long way to the server costs its round trip once and not for every page, while a cache is written by one
thread only. What is fetched ahead is bounded: a slow disk holds the network back, not the memory.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Final, Generic, TypeVar

T = TypeVar("T")

LANES: Final = 4
"""Walks at a time; as many as the client has connections."""
AHEAD: Final = 4
"""Pages that wait for the writer; each lane may hold one more."""

_LET_GO_S: Final = 4.0
"""How long the threads are waited for when nobody takes any more."""


def side_by_side(
    walks: Sequence[Callable[[], Iterator[T]]], lanes: int = LANES, ahead: int = AHEAD
) -> Generator[T, None, None]:
    """The pages of all walks; each walk's in its own order, the walks begun in theirs.

    At most `lanes` + `ahead` pages have been fetched and not been taken. What a walk raises is raised here
    after the pages before it, and ends the others. Close the iterator to end them earlier.
    """
    belt: _Belt[T] = _Belt(ahead)
    to_do = deque(walks)
    threads = [
        threading.Thread(target=_lane, args=(to_do, belt), name="fetch", daemon=True)
        for _ in range(min(lanes, len(walks)))
    ]
    belt.lanes = len(threads)
    for thread in threads:
        thread.start()
    try:
        yield from belt
    finally:
        belt.close()
        ends = time.monotonic() + _LET_GO_S
        for thread in threads:  # one that hangs in a request writes nothing any more, and ends with it
            thread.join(max(0.0, ends - time.monotonic()))


def _lane(to_do: deque[Callable[[], Iterator[T]]], belt: _Belt[T]) -> None:
    """Fetch walk after walk, until there are none or nobody wants them any more."""
    try:
        while not belt.closed:
            try:
                walk = to_do.popleft()
            except IndexError:
                break
            for page in walk():
                if not belt.put(page):
                    break
    except BaseException as error:  # noqa: BLE001 - raised again by the thread that takes the pages
        belt.fail(error)
    finally:
        belt.lane_ended()


class _Belt(Generic[T]):
    """What was fetched and not taken."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages: deque[T] = deque()
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self.lanes = 0
        self.closed = False

    def put(self, page: T) -> bool:
        """Wait for a place; False where nobody takes any more."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or len(self._pages) < self._most)
            if not self.closed:
                self._pages.append(page)
                self._changed.notify_all()
            return not self.closed

    def fail(self, error: BaseException) -> None:
        """Nothing comes after what is here but this error; of several the first."""
        with self._changed:
            self._error = self._error or error
            self.closed = True
            self._changed.notify_all()

    def lane_ended(self) -> None:
        """One thread fewer fetches."""
        with self._changed:
            self.lanes -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody takes any more."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pages or self._error or not self.lanes)
                if not self._pages:
                    if self._error is not None:
                        raise self._error
                    return
                page = self._pages.popleft()
                self._changed.notify_all()
            yield page
