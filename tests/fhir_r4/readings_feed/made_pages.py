"""Made-up pages of the feed."""

from __future__ import annotations

from hypothesis import strategies as st

from fhir_r4.readings_feed import Entry, Gone, Odd, Page, Part, Plain

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
IDS = st.one_of(
    st.uuids().map(str),
    st.integers(0, 10**19).map(lambda n: f"http://a|MSG-{n:06d}-x"),
    st.integers(0, 99).map(lambda n: f"o{n}"),
    TEXT,
)
INSTANTS = st.integers(-(2**45), 2**45)
VALUES = st.one_of(
    st.integers(-(2**63), 2**80), st.integers(0, 200).map(lambda n: n * 1_000_000), st.booleans(), TEXT
)
PARTS = st.builds(
    Part,
    suffix=st.sampled_from(["", "#bp_sys", "#bp_dia"]) | TEXT,
    code=st.sampled_from(["spo2", "bp_sys", "bp_dia", "weight"]) | TEXT,
    value=VALUES,
    unit=st.none() | st.sampled_from(["%", "kg"]),
    comparator=st.sampled_from([None, "<", ">", "<=", ">="]),
    display=st.none() | TEXT,
)
PLAIN = st.builds(
    Plain,
    handle=st.integers(0, 2**60),
    id=IDS,
    version=st.integers(1, 2**31),
    patient=st.sampled_from(["p-1", "p-2"]) | IDS,
    status=st.sampled_from(["final", "amended"]) | TEXT,
    effective=INSTANTS,
    received=st.none() | INSTANTS,
    base=st.none() | IDS,
    parts=st.lists(PARTS, min_size=1, max_size=3).map(tuple),
)
WITHOUT_ID = st.builds(
    Plain,
    handle=st.integers(0, 2**60),
    id=st.none(),
    version=st.just(1),
    patient=st.just("p-1"),
    status=st.just("final"),
    effective=INSTANTS,
    received=st.none(),
    base=IDS,
    parts=st.tuples(PARTS),
)
ENTRIES: st.SearchStrategy[Entry] = st.one_of(
    PLAIN,
    WITHOUT_ID,
    st.builds(Odd, handle=st.integers(0, 2**60), raw=st.binary(max_size=40)),
    st.builds(Gone, handle=st.integers(0, 2**60), id=st.none() | IDS),
)
PAGES = st.builds(Page, entries=st.lists(ENTRIES, max_size=40).map(tuple), next=TEXT, more=st.booleans())
