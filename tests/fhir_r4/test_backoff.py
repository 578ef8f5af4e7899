"""How long the next try waits."""

from __future__ import annotations

from fhir_r4.backoff import Backoff


class TestBackoff:
    def test_bound_doubles_up_to_five_minutes(self) -> None:
        backoff = Backoff(lambda: 1.0)
        assert [backoff.after_failure() for _ in range(10)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
        backoff.after_success()
        assert backoff.after_failure() == 1.0

    def test_jitter_is_full(self) -> None:
        assert Backoff(lambda: 0.0).after_failure() == 0.0
        assert Backoff(lambda: 0.25).after_failure() == 0.25

    def test_what_the_server_asks_is_the_least(self) -> None:
        assert Backoff(lambda: 0.5).after_failure(17.0) == 17.5

    def test_failing_for_ever_stays_bounded(self) -> None:
        assert Backoff(lambda: 1.0, failures=100_000).after_failure() == 300.0
