"""The writes of concurrent requests in one transaction: one wait for the disk, and each patient judged once.

Whoever comes while nobody is writing writes at once, together with all who wait. The others wait for their
answer, or for being the next to write. Each request is a part of the transaction: one that is refused is
undone by itself. All are answered when everything is on disk and judged.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, Generic, TypeVar

from followup_server.problems import FhirProblem
from followup_server.storage.store import ResourceStore
from followup_server.writing.writes import WriteSession

T = TypeVar("T")

Work = Callable[[WriteSession], T]
"""What a request writes. It may be run again where the transaction it was in has failed."""

_LARGEST: Final = 64


class _Waiting(Generic[T]):
    """A request on its way into a transaction."""

    def __init__(self, work: Work[T]) -> None:
        self.woken = threading.Event()
        self.done = False
        self._work = work
        self._value: T | None = None
        self._error: BaseException | None = None

    def run(self, session: WriteSession) -> None:
        """Do the work as a part of a transaction. Raises what isn't the request's own fault."""
        self._error = None
        try:
            with session.part():
                self._value = self._work(session)
        except FhirProblem as problem:
            self._error = problem

    def fail(self, error: BaseException) -> None:
        self._error = error

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value] # it has run


class GroupCommit:
    """Writes for all threads of a server."""

    def __init__(self, store: ResourceStore, judge: Callable[[Collection[str]], None]) -> None:
        """`judge` judges the patients whom a transaction has touched; it never raises."""
        self._store = store
        self._judge = judge
        self._waiting: deque[_Waiting[Any]] = deque()
        self._lock = threading.Lock()
        self._under_way = False

    def write(self, work: Work[T]) -> T:
        """Do `work` in a transaction; returns when that is committed and its patients are judged.

        Raises what `work` raises, or why the transaction failed.
        """
        mine = _Waiting(work)
        with self._lock:
            self._waiting.append(mine)
            leads = not self._under_way
            self._under_way = True
        if not leads:
            mine.woken.wait()
        if not mine.done:
            self._lead()
        return mine.result()

    def _lead(self) -> None:
        """Write for all who wait, then let the next one lead."""
        with self._lock:
            group = [self._waiting.popleft() for _ in range(min(len(self._waiting), _LARGEST))]
        try:
            self._commit(group)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._under_way = following is not None
            for each in group:
                each.done = True
                each.woken.set()
            if following is not None:
                following.woken.set()

    def _commit(self, group: Sequence[_Waiting[Any]]) -> None:
        session: WriteSession | None = None
        try:
            with self._store.write() as session:
                for each in group:
                    each.run(session)
        except Exception as error:  # noqa: BLE001 - raised again in the threads that wait
            # What certainly wasn't committed may be done again: whose fault it was shows when each is alone.
            if len(group) > 1 and session is not None and not session.finished:
                for each in group:
                    self._commit([each])
            else:
                for each in group:
                    each.fail(error)
            return
        if session.changes.touched:
            self._judge(session.changes.touched)
