"""Walks a FHIR R4 server through all that `followup_server` must do, and reports what it does and what not.

    python -m tests.followup_server.conformance.walk http://127.0.0.1:8087/fhir --bearer demo-device

What it makes there stays there: for servers to test with only.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx

from tests.followup_server.conformance import (  # noqa: F401 (each puts its checks on the list)
    checks_bundles,
    checks_errors,
    checks_history,
    checks_search,
    checks_writes,
)
from tests.followup_server.conformance.visit import CHECKS, Check, Visit

Seen = Callable[[httpx.Response], None]


@dataclass(frozen=True)
class Outcome:
    """What became of a check."""

    check: Check
    failed: str | None
    """Why it failed, in a line; none where it passed."""


def walk(
    base: str, bearer: str | None = None, seen: Seen = lambda response: None, rows: int = 1_050
) -> Iterator[Outcome]:
    """Visit the server at this FHIR base, check by check.

    `seen` is told of each answer; `rows`: how many to make where paging is checked.
    """
    headers = {"Accept": "application/fhir+json"}
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    limits = httpx.Limits(max_connections=16)
    with httpx.Client(base_url=base, headers=headers, trust_env=False, timeout=60, limits=limits) as client:
        for one in CHECKS:
            yield Outcome(one, _failure(one, Visit(client, seen, rows)))


def _failure(one: Check, visit: Visit) -> str | None:
    try:
        one.run(visit)
    except (AssertionError, KeyError, IndexError, ValueError, TypeError, httpx.HTTPError) as error:
        lines = str(error).splitlines() or [traceback.extract_tb(error.__traceback__)[-1].line or "assert"]
        return lines[0][:100]
    return None


def table(outcomes: list[Outcome]) -> str:
    """The report: a row for each check."""
    rows = [
        f"| {outcome.check.name} | {'needed' if outcome.check.needed else ''} |"
        f" {'yes' if outcome.failed is None else 'no: ' + outcome.failed.replace('|', '/')} |"
        for outcome in outcomes
    ]
    return "\n".join(["| check | by the console | passed |", "| --- | --- | --- |", *rows])


def main() -> int:
    """Walk the server named on the command line; 1 where a check failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", help="FHIR base, such as http://127.0.0.1:8087/fhir")
    parser.add_argument("--bearer", help="token to log in with")
    given = parser.parse_args()
    outcomes = list(walk(given.base, given.bearer))
    passed = sum(outcome.failed is None for outcome in outcomes)
    sys.stdout.write(f"{table(outcomes)}\n\n{passed} of {len(outcomes)} passed\n")
    return 0 if passed == len(outcomes) else 1


if __name__ == "__main__":
    raise SystemExit(main())
