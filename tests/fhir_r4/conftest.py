"""What the tests of FHIR share: a validator that isn't ours, and instants."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable

import pytest

from fhir_r4.raw import Raw, encode
from threshold_engine.instants import parse_instant

NOW = parse_instant("2026-03-03T09:30:00Z")


@pytest.fixture
def now() -> int:
    """A Tuesday morning."""
    return NOW


@pytest.fixture(scope="session")
def validated() -> Callable[[Raw], Raw]:
    """Checks a resource against FHIR R4B by fhir.resources, and gives it back."""

    def check(raw: Raw) -> Raw:
        kind = str(raw["resourceType"])
        model = getattr(importlib.import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
        model.model_validate(json.loads(encode(raw)))
        return raw

    return check
