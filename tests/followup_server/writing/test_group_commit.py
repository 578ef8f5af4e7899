"""Concurrent writes share a transaction, and fail each by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from followup_server.problems import PreconditionFailed
from followup_server.storage import schema
from followup_server.storage.store import ResourceStore
from followup_server.writing.group_commit import GroupCommit
from followup_server.writing.writes import WriteSession

Made = Callable[..., dict[str, Any]]


class CountingStore(ResourceStore):
    """Counts its write transactions."""

    transactions = 0

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        self.transactions += 1
        with super().write() as session:
            yield session


class Requests:
    """Requests that all wait while the first one is under way."""

    def __init__(self, group: GroupCommit, pool: ThreadPoolExecutor) -> None:
        self._group = group
        self._pool = pool
        self._under_way = threading.Event()
        self._go_on = threading.Event()
        self.answers = [pool.submit(group.write, self._first)]
        assert self._under_way.wait(20)

    def add(self, work: Callable[[WriteSession], Any]) -> Future[Any]:
        """Let another one wait."""
        before = len(self._group._waiting)
        self.answers.append(self._pool.submit(self._group.write, work))
        while len(self._group._waiting) == before:
            pass
        return self.answers[-1]

    def go_on(self) -> None:
        """Let the first one go on, and wait for all."""
        self._go_on.set()
        for answer in self.answers:
            answer.exception(60)

    def _first(self, session: WriteSession) -> None:
        self._under_way.set()
        assert self._go_on.wait(60)


@pytest.fixture
def counting(database: str, clock: Callable[[], int]) -> Iterator[CountingStore]:
    opened = CountingStore(database, clock)
    yield opened
    opened.close()


@pytest.fixture
def judged() -> list[set[str]]:
    return []


@pytest.fixture
def requests(counting: CountingStore, judged: list[set[str]]) -> Iterator[Requests]:
    def judge(patients: Collection[str]) -> None:
        judged.append(set(patients))

    with ThreadPoolExecutor(20) as pool:
        yield Requests(GroupCommit(counting, judge), pool)


def creating(raw: dict[str, Any], logical: str | None = None) -> Callable[[WriteSession], Any]:
    return lambda session: session.create(raw, logical=logical)


def total(store: ResourceStore, type_name: str) -> int | None:
    return store.search(type_name, [("_summary", "count")]).total


def test_those_who_wait_share_a_transaction_and_one_judging(
    requests: Requests, counting: CountingStore, judged: list[set[str]], observation: Made
) -> None:
    for at in range(8):
        requests.add(creating(observation(subject={"reference": f"Patient/p-{at % 2}"})))
    requests.go_on()

    assert counting.transactions == 2
    assert judged == [{"p-0", "p-1"}]
    assert total(counting, "Observation") == 8


def test_one_that_is_refused_undoes_itself_alone(
    requests: Requests, counting: CountingStore, judged: list[set[str]], observation: Made
) -> None:
    def refused(session: WriteSession) -> None:
        session.create(observation(subject={"reference": "Patient/p-9"}))
        session.update("known", {"resourceType": "Basic", "id": "known"})  # this has to reach the database
        session.create({"resourceType": "Basic"}, logical="known")

    requests.add(creating({"resourceType": "Basic", "id": "known"}, "known"))
    failed = requests.add(refused)
    requests.add(creating(observation()))
    requests.go_on()

    assert isinstance(failed.exception(), PreconditionFailed)
    assert counting.transactions == 2
    assert judged == [{"p-1"}]
    assert (total(counting, "Observation"), total(counting, "Basic")) == (1, 1)
    assert counting.read("Basic", "known").version == 1


def test_one_that_breaks_the_transaction_keeps_no_other_from_being_written(
    requests: Requests, counting: CountingStore, observation: Made
) -> None:
    def breaking(session: WriteSession) -> None:
        for _ in range(2):  # one key twice
            session.pending.add(schema.conditional_create, ("Basic", "key", 1))

    requests.add(creating(observation()))
    failed = requests.add(breaking)
    requests.add(creating(observation()))
    requests.go_on()

    assert isinstance(failed.exception(), IntegrityError)
    assert [answer.exception() for answer in requests.answers if answer is not failed] == [None] * 3
    assert total(counting, "Observation") == 2


def test_what_may_have_been_committed_is_not_done_again(
    requests: Requests, counting: CountingStore, observation: Made
) -> None:
    def cut_off(session: WriteSession) -> None:
        def fail_at_the_commit(_connection: object) -> None:
            raise ConnectionResetError

        event.listen(session.connection.engine, "commit", fail_at_the_commit, once=True)

    answers = [requests.add(creating(observation())), requests.add(cut_off)]
    requests.go_on()

    assert [type(answer.exception()) for answer in answers] == [ConnectionResetError] * 2
    assert counting.transactions == 2
    assert total(counting, "Observation") == 0, "this time it wasn't"


def test_a_part_within_a_part_is_undone_by_itself(store: ResourceStore) -> None:
    def basic(session: WriteSession, logical: str) -> None:
        session.create({"resourceType": "Basic"}, logical=logical)

    def fail(session: WriteSession, *, late: bool) -> None:
        with pytest.raises(ZeroDivisionError), session.part():
            basic(session, f"never-{late}")
            if late:
                session.search("Basic", [])  # sends what waits, behind a savepoint
            raise ZeroDivisionError

    with store.write() as session:
        for outer in ("a", "b"):
            with session.part():
                basic(session, f"{outer}-1")
                fail(session, late=False)
                fail(session, late=True)
                basic(session, f"{outer}-2")

    found = [stored.id for stored in store.search("Basic", [("_sort", "_id")]).matches]
    assert found == ["a-1", "a-2", "b-1", "b-2"]
