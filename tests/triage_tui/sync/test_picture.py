"""A picture is fetched from the server that is synced with, whole or not at all."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from fhir_r4.client_errors import FhirError, NotAFhirServer, NotFound, TooLarge
from fhir_r4.raw import Raw
from triage_tui.sync import picture
from triage_tui.sync.picture import fetch_picture

Make = Callable[..., Any]


def binary(logical_id: str, data: str | None) -> Raw:
    raw: Raw = {"resourceType": "Binary", "id": logical_id, "contentType": "image/png"}
    raw["securityContext"] = {"reference": "Patient/p1"}
    return raw if data is None else {**raw, "data": data}


def test_the_bytes_come_as_they_were_sent(console: Make, centre: Any) -> None:
    centre.put(binary("b1", b64encode(b"\x89PNG\x00").decode()))
    with console().client() as client:
        assert fetch_picture(client, "Binary/b1") == b"\x89PNG\x00"
        assert fetch_picture(client, f"{centre.url}/Binary/b1") == b"\x89PNG\x00"


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("Binary/none", NotFound),
        ("Binary/empty", NotFound),
        ("Binary/torn", NotAFhirServer),
        ("Binary/huge", TooLarge),
        ("Patient/p1", NotFound),
        ("https://evil.example/fhir/Binary/b1", NotFound),
        ("file:///etc/passwd", NotFound),
        ("", NotFound),
    ],
)
def test_what_is_no_picture_here_is_refused(
    console: Make, centre: Any, monkeypatch: pytest.MonkeyPatch, url: str, wrong: type[FhirError]
) -> None:
    monkeypatch.setattr(picture, "LARGEST", 30)
    centre.put(binary("empty", None), binary("torn", "x=!"), binary("huge", "QUJD" * 20))
    with console().client() as client, pytest.raises(wrong):
        fetch_picture(client, url)
