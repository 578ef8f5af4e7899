"""Whatever two nurses, the network and the clocks do: all acts arrive once, and all caches agree."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.triage_tui.sync.proofs.conftest import Proof
from tests.triage_tui.sync.proofs.machine import TwoNurses
from tests.triage_tui.sync.proofs.small_centre import template

_SHARDS = 8


@pytest.mark.slow
def test_a_few_stories_of_two_nurses_end_well(proof: Proof) -> None:
    _try(proof.seed(0), 30)


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("shard", range(1, _SHARDS + 1))
def test_two_thousand_stories_of_two_nurses_end_well(proof: Proof, shard: int) -> None:
    _try(proof.seed(shard), 250 * proof.times)


def _try(number: int, examples: int) -> None:
    began = time.process_time()
    with template() as made:

        class Seeded(TwoNurses):
            made_from = made

        seed(number)(Seeded)
        run_state_machine_as_test(
            Seeded,
            settings=settings(
                max_examples=examples,
                stateful_step_count=20,
                derandomize=False,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    spent = time.process_time() - began
    print(f"{examples} examples, {examples / spent:.1f} for each second of processor time")  # noqa: T201
