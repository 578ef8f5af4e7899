"""Another FHIR server to try things on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import pytest

_MEDPLUM = Path(__file__).parent / "medplum"


@pytest.fixture
def medplum() -> Iterator[str]:
    """FHIR base of Medplum's router over its store in memory."""
    if not (_MEDPLUM / "node_modules").is_dir() and os.environ.get("CI") != "true":
        pytest.skip("npm ci in tests/followup_server/conformance/medplum first")
    process = subprocess.Popen(
        ["node", "server.mjs"], cwd=_MEDPLUM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    said, asked = cast(IO[str], process.stdout), cast(IO[str], process.stdin)
    try:
        yield said.readline().strip()
    finally:
        asked.close()
        process.wait(20)
        said.close()
