"""Every test begins in bokmål."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from triage_tui.wording import use_language


@pytest.fixture(autouse=True)
def bokmaal() -> Iterator[None]:
    use_language("nb")
    yield
    use_language("nb")
