"""The judge's clockwork: a thread that judges each patient when time alone changes something for her."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from typing import Final

from sqlalchemy.exc import DBAPIError

from followup_server.faults import log_fault
from followup_server.judging import patient_state
from followup_server.storage.store import ResourceStore
from threshold_engine.model import Clock

_log = logging.getLogger(__name__)

_AT_A_TIME: Final = 50
_LONGEST_WAIT_S: Final = 60.0
"""Then it looks again, since another process may have written to the database."""
_SHORTEST_WAIT_S: Final = 0.2
"""However often it is woken, as every write does."""


class JudgeTimer:
    """Judges overdue patients, at start too, and sleeps until the next is due."""

    def __init__(self, store: ResourceStore, clock: Clock, judge: Callable[[Collection[str]], None]) -> None:
        """`judge` judges patients at the clock's now and moves their due instants on."""
        self._store = store
        self._clock = clock
        self._judge = judge
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="judge-timer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the patients under way."""
        self._stopping.set()
        self._woken.set()
        self._thread.join()

    def wake(self) -> None:
        """Look again when the next patient is due."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                wait = self._judge_overdue()
            except DBAPIError:
                log_fault(_log, "the judge can't use the database")
                wait = _LONGEST_WAIT_S
            if wait > 0 and not self._stopping.is_set():
                self._woken.wait(wait)
                self._stopping.wait(_SHORTEST_WAIT_S)

    def _judge_overdue(self) -> float:
        """Judge who is overdue; gives the seconds until there may be more to do."""
        now = self._clock()
        with self._store.reading() as connection:
            patients = patient_state.overdue(connection, now, _AT_A_TIME)
            following = patient_state.earliest(connection)
        if patients:
            self._judge(patients)
            return 0.0
        if following is None:
            return _LONGEST_WAIT_S
        return min(max(following - now, 0) / 1000, _LONGEST_WAIT_S)
