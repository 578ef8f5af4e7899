"""How far a sync has got, in words."""

from __future__ import annotations

from triage_tui.sync.walks import KINDS
from triage_tui.wording.stages import fetched_words


def test_what_is_fetched_is_said_without_the_names_of_fhir() -> None:
    said = {kind.type: fetched_words(kind.type) for kind in KINDS}

    assert said["Task"] == said["DetectedIssue"] == "varsler"
    assert said["Observation"] == "målinger"
    assert said["Practitioner"] == fetched_words(None) == ""
    assert not any(type_ in words for type_, words in said.items())
