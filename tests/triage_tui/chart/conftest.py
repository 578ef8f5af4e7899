"""A real encrypted cache into which resources come as the sync brings them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from chart_resources import NOW, QUESTIONNAIRE, patient

from fhir_r4.raw import Raw
from local_store.store import Store
from triage_tui.sync.intake import Intake
from triage_tui.wording import use_language


@pytest.fixture(autouse=True)
def bokmaal() -> Iterator[None]:
    use_language("nb")
    yield
    use_language("nb")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "cache", bytes(range(32))) as opened:
        yield opened


@pytest.fixture
def take(store: Store) -> Callable[..., None]:
    """Puts resources into the cache."""

    def put(*raws: Raw) -> None:
        with store.write() as tx:
            intake = Intake(tx, NOW)
            for raw in raws:
                intake.take({"meta": {"versionId": "1", "lastUpdated": "2026-03-03T08:00:00Z"}, **raw})
            intake.finish()

    put(patient("p1", "Hansen", "Nils"), QUESTIONNAIRE)
    return put
