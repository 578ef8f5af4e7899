"""Pages of the feed: what is written is read again, and what is damaged is refused."""

from __future__ import annotations

import subprocess
import sys
import zlib
from random import Random

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from fhir_r4.errors import BadFeed
from fhir_r4.readings_feed import Page, Part, Plain, decode, encode
from fhir_r4.readings_feed.frames import LARGEST_UNPACKED
from tests.fhir_r4.readings_feed.made_pages import PAGES


def plain(n: int, **members: object) -> Plain:
    fields: dict[str, object] = {
        "handle": n,
        "id": f"00000000-0000-4000-8000-{n:012d}",
        "version": 1,
        "patient": "p-1",
        "status": "final",
        "effective": 1_780_000_000_000 + n * 86_400_000,
        "received": 1_780_000_000_000 + n * 86_400_000 + 900,
        "base": f"http://a|SIM1-00001-{1_780_000_000 + n * 86_400}-spo2",
        "parts": (Part("", "spo2", (90 + n % 7) * 1_000_000, "%"),),
        **members,
    }
    return Plain(**fields)  # type: ignore[arg-type]


def with_sum(body: bytes) -> bytes:
    """A page with this body and a checksum that fits it."""
    return b"TRF1" + zlib.crc32(body).to_bytes(4, "little") + body


def with_header(header: object, frames: bytes = b"") -> bytes:
    packed = zstandard.compress(msgspec.json.encode(header))
    return with_sum(len(packed).to_bytes(4, "little") + packed + frames)


@settings(max_examples=150, deadline=None)
@given(page=PAGES)
def test_what_is_written_is_read_again(page: Page) -> None:
    assert decode(encode(page)) == page


def test_many_alike_cost_little_and_are_read_again() -> None:
    page = Page(tuple(plain(n) for n in range(2_000)), "next", False)

    data = encode(page)

    assert decode(data) == page
    assert len(data) < 2 * len(page.entries), "message numbers that follow the clock cost nothing"


def test_texts_that_only_look_like_numbers_survive() -> None:
    bases = ["0", "007", "1" * 40, "٣", "-1", "x" * 400 + "1", "a|00000000-0000-4000-8000-00000000000A"]
    page = Page(tuple(plain(n, base=base) for base in bases for n in range(9)), "", True)

    assert decode(encode(page)) == page


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=200))
def test_random_bytes_are_refused(data: bytes) -> None:
    for damaged in (data, b"TRF1" + data, with_sum(data)):
        with pytest.raises(BadFeed):
            decode(damaged)


@settings(max_examples=150, deadline=None)
@given(page=PAGES, data=st.data())
def test_a_damaged_page_is_refused(page: Page, data: st.DataObject) -> None:
    whole = bytearray(encode(page))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))

    with pytest.raises(BadFeed):
        decode(bytes(whole))


@settings(max_examples=200, deadline=None)
@given(page=PAGES, dice=st.randoms())
def test_damage_that_the_checksum_hides_is_refused_or_harmless(page: Page, dice: Random) -> None:
    """Nothing but BadFeed comes out, whatever bytes a sender makes fit the checksum."""
    body = bytearray(encode(page)[8:])
    size = int.from_bytes(body[:4], "little")
    header = bytearray(zstandard.decompress(body[4 : 4 + size]))
    for _ in range(dice.randint(1, 4)):
        header[dice.randrange(len(header))] = dice.choice(b'0123456789-[]",truefalsn\\')
    packed = zstandard.compress(bytes(header))
    frames = bytearray(body[4 + size :])
    if frames and dice.random() < 0.5:
        frames[dice.randrange(len(frames))] ^= 1 << dice.randrange(8)

    try:
        decode(with_sum(len(packed).to_bytes(4, "little") + packed + bytes(frames)))
    except BadFeed as refused:
        assert refused.remedy


def test_every_cut_page_is_refused() -> None:
    data = encode(Page(tuple(plain(n) for n in range(20)), "next", False))

    for end in range(len(data)):
        with pytest.raises(BadFeed):
            decode(data[:end])


def test_a_frame_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = zstandard.compress(bytes(LARGEST_UNPACKED + 1))
    assert len(bomb) < 20_000

    with pytest.raises(BadFeed, match="size"):
        decode(with_sum(len(bomb).to_bytes(4, "little") + bomb))


def test_a_header_that_promises_too_much_is_refused() -> None:
    column, texts = [True, 0, 1, 0, 0], [[True, 0, 1, 0, 0], [], 0]
    shapes = [[2, False]]

    def header(rows: int, shape: list[object]) -> list[object]:
        columns = [shape, *[column] * 5]
        return ["", False, rows, shapes, [], *columns, [], texts, 0, texts, texts, column, 0]

    assert len(decode(with_header(header(2, column))).entries) == 2
    with pytest.raises(BadFeed, match="rows"):
        decode(with_header(header(10**9, column)))
    with pytest.raises(BadFeed, match="isn't there"):
        decode(with_header(header(2, [True, -1, 1, 0, 0])))
    with pytest.raises(BadFeed, match="bounds"):
        decode(with_header(header(2, [True, 2**80, 1, 0, 0])))


def test_zstd_is_loaded_by_the_first_page_only() -> None:
    program = "import sys, fhir_r4.readings_feed; print('zstandard' in sys.modules)"
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert asked.stdout.strip() == "False"
