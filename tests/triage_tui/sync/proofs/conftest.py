"""By which seeds the proofs are run, and how long."""

from __future__ import annotations

from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Proof:
    """How to run a proof."""

    start: int
    times: int
    """How many times as long as before a change lands."""

    def seed(self, number: int) -> int:
        """The seed of one of its parts; it is printed, to be run again by it."""
        found = self.start * 1000 + number
        print(f"seed {found} (--proof-seed {self.start}, part {number})")  # noqa: T201
        return found


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Proof:
    return Proof(request.config.getoption("--proof-seed"), request.config.getoption("--proof-times"))
