"""What is let in of JSON from outside."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_server.http.received import read_json, read_object
from followup_server.problems import InvalidJson

TEXTS = st.text(st.sampled_from('ab":{}\\ ,\u00e5'), max_size=6)
VALUES = st.recursive(
    TEXTS | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


@given(value=VALUES, separators=st.sampled_from([(",", ":"), (" , ", " : "), (",\n", "\t:")]))
def test_json_without_twins_is_let_in_whatever_its_strings_and_spaces(
    value: object, separators: tuple[str, str]
) -> None:
    assert read_json(json.dumps(value, separators=separators).encode(), 64) == value


@given(
    value=st.dictionaries(TEXTS, VALUES, min_size=1), separators=st.sampled_from([(",", ":"), (", ", " : ")])
)
def test_a_name_that_stands_twice_is_refused_wherever_it_is(
    value: dict[str, object], separators: tuple[str, str]
) -> None:
    written = json.dumps(value, separators=separators)
    name = json.dumps(next(iter(value)))
    twice = f'[{{"x":{written[:-1]},{name}{separators[1]}1}}}}]'
    with pytest.raises(InvalidJson, match="twice"):
        read_json(twice.encode(), 64)


@pytest.mark.parametrize(
    "body",
    [
        rb'{"a":1,"\u0061":2}',
        rb'{"a":"\u0000"}',
        rb'{"a\u0000":1}',
        rb'{"a":"\ud800"}',
        b'{"a":"\x00"}',
        b'{"a":1e999999999999999999999}',
        b'{"a":' + b"9" * 5_000 + b"}",
        b"[" * 100_000,
        b"[1]",
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
    ],
)
def test_what_is_no_plain_json_object_is_refused_without_repeating_it(body: bytes) -> None:
    with pytest.raises(InvalidJson) as told:
        read_object(body, 64)

    assert "999" not in told.value.diagnostics
