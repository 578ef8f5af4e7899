"""The compact feed of readings: what goes over the wire instead of Observations (docs/readings-feed.md).

Encoder and decoder are pure and know nothing of HTTP or of a database. Importing this doesn't load zstd; the
first page does.
"""

from fhir_r4.readings_feed.entries import (
    Entry,
    Gone,
    Odd,
    Page,
    Part,
    Plain,
    entry_of,
    observed_in,
)
from fhir_r4.readings_feed.page_reading import decode
from fhir_r4.readings_feed.page_writing import encode

__all__ = ["Entry", "Gone", "Odd", "Page", "Part", "Plain", "decode", "encode", "entry_of", "observed_in"]
