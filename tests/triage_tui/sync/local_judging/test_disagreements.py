"""Where console and server find different alerts though all has been fetched: told, and never in vain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fhir_r4.issues import issue_of
from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import uuid_identifier
from local_store.own_judging import GRACE_MS
from local_store.records import OutboxOp, StoredReading
from threshold_engine import Change, Episode, Level, Reading, episode_id

Make = Callable[..., Any]
MINUTE = 60_000


@pytest.fixture
def kari(console: Make, centre: Any) -> Any:
    made = console()
    made.sync()
    return made


def count(console: Any) -> int:
    found: int = console.store.status().disagreements
    return found


def test_only_here_counts_once_the_servers_judge_has_had_its_time(
    kari: Any, centre: Any, observation: Any, clock: Any
) -> None:
    centre.put(observation(9, "p2", 135, clock.now - MINUTE, "8867-4"))
    kari.sync()
    assert count(kari) == 0
    clock.now += GRACE_MS
    assert count(kari) == 0  # nothing has been fetched since

    kari.sync()
    assert count(kari) == 1

    centre.judge()
    kari.sync()
    assert count(kari) == 0


def test_only_there_counts_too(kari: Any, centre: Any, clock: Any) -> None:
    onset = clock.now - MINUTE
    changes = (Change(onset, Level.YELLOW, "urn:device|other"),)
    episode = Episode(
        episode_id("p2", "pulse-high", onset),
        "p2",
        "pulse-high",
        onset,
        Level.YELLOW,
        Level.YELLOW,
        None,
        None,
        changes,
    )
    centre.put({**issue_of(episode, kind="limit", codes=["pulse"]), "id": "issue-9"})
    kari.sync()
    clock.now += GRACE_MS
    kari.sync()

    assert count(kari) == 1


def test_what_the_server_cannot_know_is_no_disagreement(kari: Any, clock: Any) -> None:
    one = Reading("urn:test|1", "p2", "pulse", 135_000_000, clock.now, clock.now, 1, "final")
    uuid = "6f1d3a52-58a1-5c0e-9d0b-000000000001"
    body = Outgoing(({"resourceType": "Observation", "identifier": [uuid_identifier(uuid)]},)).to_bytes()
    op = OutboxOp(uuid, "reading", "p2", "kari", clock.now, body)
    with kari.store.write() as tx:
        tx.put_readings([StoredReading(one, f"outbox/{op.op}", None)])
        tx.queue_op(op)
    kari.url = "http://127.0.0.1:9/fhir"
    kari.sync()
    assert kari.items("p2")["pulse-high"].item.local
    clock.now += 2 * GRACE_MS
    kari.sync()
    with kari.store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM disagreement").scalar() == 0


def test_it_is_logged_without_saying_whom_it_is_about(
    kari: Any, centre: Any, observation: Any, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    centre.put(observation(9, "p2", 135, clock.now - MINUTE, "8867-4"))
    kari.sync()
    assert "disagree" not in caplog.text
    clock.now += GRACE_MS
    kari.sync()

    (line,) = [record.getMessage() for record in caplog.records if "disagree" in record.getMessage()]
    assert "1" in line
    assert "p2" not in line
    assert "pulse" not in line
