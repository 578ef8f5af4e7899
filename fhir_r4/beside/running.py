"""The judge beside a server, running: round after round, through faults of the network, until it is ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fhir_r4.backoff import Backoff
from fhir_r4.beside.lease import Lease
from fhir_r4.beside.rounds import RoundReport, Rounds
from fhir_r4.client_errors import Busy, FhirError, ServerUnreachable

_TRIES_ONCE: Final = 4
_LONGEST_ASKED_S: Final = 60.0
"""How long a run of one round waits because the server asks it to."""
_LOOK_S: Final = 1.0
"""How often at the most somebody's time is looked at, and a lease of another."""


class AnotherJudges(FhirError):
    """Another instance holds the lease, and renews it."""

    remedy = "Nothing needs to be done: that one judges. Stop it first, to judge from here."


@dataclass(frozen=True, slots=True)
class Running:
    """What it needs of its surroundings."""

    rounds: Rounds
    lease: Lease
    backoff: Backoff
    sleep: Callable[[float], None]
    tell: Callable[[RoundReport], None]
    """Told each round in which somebody was judged."""
    trouble: Callable[[FhirError], None]
    """Told what holds it up, before it is tried again."""
    waiting: Callable[[], None]
    """Told when another instance is found to judge."""
    every: float
    """Seconds between two looks for what is new."""

    def once(self) -> Counter[str]:
        """Judge everybody, then what has changed meanwhile; gives what couldn't be done.

        Raises:
            AnotherJudges: Another instance is at work.
            FhirError: The server can't be worked with, also after some tries.
        """
        failures: Counter[str] = Counter()
        done = tries = 0
        told = False
        while done < 2:
            try:
                ours = self.rounds.round()
            except FhirError as error:
                tries = 1 if self.rounds.report.judged else tries + 1
                self._note(failures)
                asked = error.retry_after if isinstance(error, Busy) else None
                if not error.may_retry or tries >= _TRIES_ONCE or (asked or 0) > _LONGEST_ASKED_S:
                    raise
                self._back_off(error)
                continue
            if not ours and self.lease.alive_elsewhere:
                raise AnotherJudges("another instance judges beside this server")
            self._note(failures)
            if ours:
                done += 1
                tries = 0
                continue
            if not told:
                self.waiting()
            told = True
            self.sleep(_LOOK_S)
        return failures

    def for_ever(self) -> None:
        """Judge until an exception from outside ends it.

        Raises:
            FhirError: What trying again doesn't mend (a refused login, say).
        """
        ours_before = True
        while True:
            try:
                ours = self.rounds.round()
            except FhirError as error:
                if not error.may_retry:
                    raise
                self._note()
                self._back_off(error)
                continue
            self.backoff.after_success()
            self._note()
            if not ours and ours_before:
                self.waiting()
            ours_before = ours
            self.sleep(self._pause() if ours else min(self.every, 10 * _LOOK_S))

    def _note(self, failures: Counter[str] | None = None) -> None:
        report = self.rounds.report
        if failures is not None:
            failures += report.failures
        if report.judged:
            self.tell(report)

    def _pause(self) -> float:
        due = self.rounds.seconds_until_due()
        return self.every if due is None else min(self.every, max(due, _LOOK_S))

    def _back_off(self, error: FhirError) -> None:
        self.trouble(error)
        if self.rounds.report.judged:
            self.backoff.after_success()
        asked = error.retry_after if isinstance(error, Busy) else None
        self.sleep(self.backoff.after_failure(asked))


def is_away(error: FhirError) -> bool:
    """Whether an error means that the server isn't reached, rather than that it refuses."""
    return isinstance(error, ServerUnreachable | Busy) or getattr(error, "status", 0) >= 500
