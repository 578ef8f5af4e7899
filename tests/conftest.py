"""For all tests: the same examples each time, on a machine however slow."""

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", help="URL of a database to test the server's conformance on; SQLite by default"
    )
    parser.addoption("--proof-seed", type=int, default=1, help="where the proofs of the sync begin")
    parser.addoption("--proof-times", type=int, default=1, help="how many times as long they are to go on")
