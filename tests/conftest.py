"""For all tests: the same examples each time, on a machine however slow."""

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", help="URL of a database to test the server's conformance on; SQLite by default"
    )
