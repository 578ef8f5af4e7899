"""JSON keeps what it came with, or is refused by a typed error."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_r4.errors import NotFhir
from fhir_r4.raw import (
    Raw,
    decode,
    decode_strictly,
    encode,
    extension_of,
    patched,
    uuid_of,
    with_extension,
)


@pytest.mark.parametrize("number", ["82.30", "1.0", "0.000001", "123456789012345678901234567890", "-0.0"])
def test_number_survives_as_it_was_written(number: str) -> None:
    text = f'{{"value":{number}}}'.encode()
    assert encode(decode(text)) == text


def test_exponent_keeps_its_value() -> None:
    assert decode(encode(decode(b'{"value":1.50e2}'))) == {"value": Decimal("150")}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"value":NaN}',
        b'{"value":Infinity}',
        b'{"value":1e99999999999999999999}',
        b'{"value":1' + b"0" * 6000 + b"}",
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b'{"a":' * 100_000,
        b'{"a":1} {"b":2}',
    ],
    ids=range(11),
)
def test_what_is_no_resource_is_refused(text: bytes) -> None:
    with pytest.raises(NotFhir):
        decode(text)


@pytest.mark.parametrize(
    "text",
    ['{"a":1,"a":2}', '{"b":[{"a":1,"a":1}]}', "NaN", '{"a":Infinity}', "{", "1" * 6000, "[" * 100_000],
    ids=range(7),
)
def test_plan_json_that_is_ambiguous_or_broken_is_refused(text: str) -> None:
    with pytest.raises(NotFhir):
        decode_strictly(text)


def test_strict_json_keeps_decimals() -> None:
    assert decode_strictly('{"red_above": 2.10}') == {"red_above": Decimal("2.10")}


@given(st.binary(max_size=60))
def test_no_bytes_crash_the_decoder(data: bytes) -> None:
    try:
        decode(data)
    except NotFhir as error:
        assert error.why


def test_patch_keeps_members_that_it_does_not_name() -> None:
    current: Raw = {"resourceType": "Task", "foo": 1, "owner": {"reference": "Practitioner/1"}, "status": "x"}
    assert patched(current, {"owner": None, "status": "y"}) == {
        "resourceType": "Task",
        "foo": 1,
        "status": "y",
    }


def test_extension_is_replaced_in_its_place_and_taken_away_whole() -> None:
    raw: Raw = {"extension": [{"url": "a", "valueCode": "1"}, {"url": "b"}]}
    replaced = with_extension(raw, "a", {"valueCode": "2"})
    assert replaced == {"extension": [{"url": "a", "valueCode": "2"}, {"url": "b"}]}
    assert with_extension(with_extension(replaced, "a", None), "b", None) == {}
    assert extension_of(replaced, "c") is None


def test_uuid_is_found_among_other_identifiers() -> None:
    raw: Raw = {
        "identifier": [
            {"system": "x", "value": "urn:uuid:no"},
            {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:ABC"},
        ]
    }
    assert uuid_of(raw) == "abc"
