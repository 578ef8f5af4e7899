"""Loading from files: bundles and NDJSON, packed or not, large and damaged ones."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_server.bulk import bundles, files, loading
from followup_server.bulk.bundles import BundleCutter
from followup_server.bulk.files import resources_in, total_size
from followup_server.bulk.sources import Found, Unreadable
from followup_server.problems import BulkError, InvalidJson
from followup_server.storage.store import ResourceStore


def patient(logical: str, **members: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": logical, **members}


def lines(*raws: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps(raw, ensure_ascii=False).encode() for raw in raws) + b"\n\n"


def large(*entries: dict[str, Any], **members: Any) -> bytes:
    bundle = {"id": "entry", "type": "collection", "entry": list(entries), "total": 2, **members}
    return json.dumps({**bundle, "resourceType": "Bundle"}, indent=1).encode()


@pytest.mark.parametrize(
    "content",
    [
        lines(patient("a"), patient("b")),
        gzip.compress(lines(patient("a"), patient("b")), mtime=0),
        json.dumps(
            {"resourceType": "Bundle", "entry": [{"resource": patient("a")}, {"resource": patient("b")}]},
            indent=2,
        ).encode(),
        b"\n" + lines(patient("a"), patient("b")),
        b"\xef\xbb\xbf" + lines(patient("a"), patient("b")),
    ],
    ids=["ndjson", "gzip", "bundle", "blank line first", "byte order mark"],
)
def test_files_are_read_whatever_their_form(store: ResourceStore, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "data"
    file.write_bytes(content)

    loading.load_found(store, resources_in([file]))

    assert {stored.id for stored in store.search("Patient", []).matches} == {"a", "b"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lines(patient("a")) + b"{x", ":3 isn't FHIR"),
        (b"<Bundle/>", "isn't FHIR"),
        (gzip.compress(lines(patient("a")), mtime=0)[:-9], "damaged"),
        (b"", "isn't FHIR"),
        (lines(patient("a")) + b'{"resourceType": "Patient", "id": "b", "id": "c"}', ":3 .*stands twice"),
        (b'{"resourceType": "Patient", "id": "b", "x": %s1%s}' % (b"[" * 64, b"]" * 64), "nested too deeply"),
        (lines(patient("a", language="\0")), ":1 .*NUL"),
        (large({"resource": patient("a", x=["\0"])}), "NUL"),
    ],
)
def test_files_that_cant_be_read_are_named(
    store: ResourceStore, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "data.ndjson"
    file.write_bytes(content)

    with pytest.raises(BulkError, match=said) as failed:
        loading.load_found(store, resources_in([file]))
    assert str(file) in str(failed.value)
    with pytest.raises(BulkError, match="No such file"):
        loading.load_found(store, resources_in([tmp_path / "none"]))


def test_every_bad_line_is_named_and_nothing_is_loaded(store: ResourceStore, tmp_path: Path) -> None:
    first, second = tmp_path / "a.ndjson", tmp_path / "b.ndjson"
    first.write_bytes(b"{x\n" + lines(patient("a"), patient("b", id="no id!")))
    second.write_bytes(lines(patient("c"), {"resourceType": "Bundle", "entry": 5}))

    with pytest.raises(BulkError) as failed:
        loading.load_found(store, resources_in([first, second]), first=resources_in([first, second]))

    assert re.findall(r"[ab]\.ndjson:\d+", str(failed.value)) == ["a.ndjson:1", "a.ndjson:3", "b.ndjson:2"]
    assert "Nothing was loaded" in failed.value.remedy
    assert store.search("Patient", [("_summary", "count")]).total == 0


def test_how_much_has_been_read_is_told_to_the_end(store: ResourceStore, tmp_path: Path) -> None:
    files = [tmp_path / "a.ndjson", tmp_path / "b.ndjson.gz"]
    files[0].write_bytes(lines(*(patient(f"a-{n}") for n in range(500))))
    files[1].write_bytes(gzip.compress(lines(*(patient(f"b-{n}") for n in range(500))), mtime=0))
    told: list[int] = []

    loading.load_found(store, resources_in(files, told.append))

    assert told == sorted(told)
    assert told[-1] == total_size(files)


TWO = (
    {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001", "resource": {"resourceType": "Patient"}},
    {
        "resource": {
            "resourceType": "Basic",
            "id": "b",
            "code": {"text": 'a "quoted" } ] \\ text'},
            "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
        }
    },
)


def test_a_bundle_too_large_for_memory_is_read_entry_by_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bundle.json.gz"
    file.write_bytes(gzip.compress(large(*TWO), mtime=0))
    small = [found.raw for found in resources_in([file]) if isinstance(found, Found)]

    monkeypatch.setattr(files, "LARGEST_PIECE", 64)
    found = list(resources_in([file]))

    assert [one.raw for one in found if isinstance(one, Found)] == small
    assert [one.place for one in found] == [f"{file}, entry 1", f"{file}, entry 2"]
    assert small[1]["subject"] == {"reference": "Patient/00000000-0000-4000-8000-000000000001"}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (large(*TWO)[:-3], ""),
        (large(*TWO).replace(b"Bundle", b"Parcel"), ""),
        (large(*TWO).replace(b'"id": "b"', b'"id": b'), ", entry 2"),
        (large(*TWO).replace(b"},", b"}", 1), ""),
        (large(*TWO) + b"]", ""),
    ],
)
def test_damage_in_a_large_bundle_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, place: str
) -> None:
    monkeypatch.setattr(files, "LARGEST_PIECE", 64)
    file = tmp_path / "bundle.json"
    file.write_bytes(content)

    unreadable = [found.place for found in resources_in([file]) if isinstance(found, Unreadable)]

    assert unreadable == [f"{file}{place}"]


def test_a_line_that_is_too_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_PIECE", 64)
    file = tmp_path / "data.ndjson"
    file.write_bytes(lines(patient("a"), patient("b" * 150), patient("c")))

    found = list(resources_in([file]))

    assert [one.place for one in found] == [f"{file}:{n}" for n in (1, 2, 3)]
    assert isinstance(found[1], Unreadable)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=5), JSON, max_size=3)


@settings(max_examples=60, deadline=None)
@given(entries=st.lists(OBJECTS, max_size=5), around=OBJECTS, block=st.integers(1, 50), indent=st.booleans())
def test_a_bundle_is_cut_into_its_entries_wherever_the_blocks_end(
    entries: list[dict[str, Any]], around: dict[str, Any], block: int, indent: bool
) -> None:
    whole = {**around, "entry": entries, "after": around}
    text = json.dumps(whole, ensure_ascii=False, indent=1 if indent else None).encode("utf-8", "replace")
    before, bundles._BLOCK = bundles._BLOCK, block  # type: ignore[misc]
    try:
        cutter = BundleCutter(io.BytesIO(text))
        cut = [json.loads(entry) for entry in cutter]
    finally:
        bundles._BLOCK = before  # type: ignore[misc]

    known = json.loads(text)
    assert cut == known["entry"]
    assert cutter.envelope == {**known, "entry": [{}] * len(entries)}


def test_an_entry_beyond_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "LARGEST_ENTRY", 3_000_000)
    text = b'{"entry": [{"data": "' + b"x" * 9_000_000 + b'"}]}'

    with pytest.raises(InvalidJson, match="more in one piece"):
        list(BundleCutter(io.BytesIO(text)))


MEMORY = """
import resource, sys
from pathlib import Path
from followup_server.bulk import loading
from followup_server.bulk.files import resources_in
from followup_server.storage.store import ResourceStore

store = ResourceStore(Path(sys.argv[2]), lambda: 1_780_000_000_000)
loading.load_found(store, resources_in([Path(sys.argv[1])]))
store.close()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def write_many(file: Path, count: int) -> None:
    """Observations that name their patient by number only, whose owners are found at the end."""
    with gzip.open(file, "wt", compresslevel=1) as out:
        for n in range(count):
            subject = {"identifier": {"system": "s", "value": str(n % 50)}}
            raw = {
                "resourceType": "Observation",
                "id": f"o-{n}",
                "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
                "subject": subject,
                "effectiveDateTime": "2026-05-20T10:00:00Z",
                "valueQuantity": {"value": 80 + n % 20, "code": "%"},
                "note": [{"text": "x" * 1_000}],
            }
            out.write(json.dumps(raw) + "\n")
        for n in range(50):
            out.write(json.dumps(patient(f"p-{n}", identifier=[{"system": "s", "value": str(n)}])) + "\n")


@pytest.mark.slow
def test_memory_doesnt_grow_with_what_is_loaded(tmp_path: Path) -> None:
    peaks: list[int] = []
    for count in (5_000, 25_000):
        file = tmp_path / f"{count}.ndjson.gz"
        write_many(file, count)
        asked = [sys.executable, "-c", MEMORY, str(file), str(tmp_path / f"{count}.db")]
        done = subprocess.run(asked, check=True, capture_output=True, text=True)
        peaks.append(int(done.stdout))

    assert peaks[1] - peaks[0] < 12_000, "25 MB more were loaded with less than 12 MB more of memory"
