"""Media → the pictures that a patient has sent. The Binary itself is fetched only when one is opened."""

from __future__ import annotations

from collections.abc import Iterable

from fhir_r4.raw import Raw, child, reference_of, text_at
from threshold_engine.instants import parse_instant
from threshold_engine.model import Instant
from triage_tui.chart.views import Picture


def pictures(media: Iterable[Raw]) -> tuple[Picture, ...]:
    """All pictures, newest first; what was entered in error is left out, sound and films too."""
    found = [
        _picture(raw)
        for raw in media
        if raw.get("status") != "entered-in-error"
        and (text_at(raw, "content", "contentType") or "").lower().startswith("image/")
    ]
    return tuple(sorted(found, key=lambda one: (-(one.at or 0), one.id)))


def _picture(raw: Raw) -> Picture:
    content = child(raw, "content")
    width, height, size = raw.get("width"), raw.get("height"), content.get("size")
    return Picture(
        id=reference_of(raw),
        at=_instant(text_at(raw, "createdDateTime"), text_at(content, "creation"), text_at(raw, "issued")),
        title=text_at(content, "title") or "",
        place=text_at(raw, "bodySite", "text") or "",
        content_type=text_at(content, "contentType") or "",
        url=text_at(content, "url") or "",
        size=size if isinstance(size, int) else None,
        pixels=(width, height) if isinstance(width, int) and isinstance(height, int) else None,
    )


def _instant(*texts: str | None) -> Instant | None:
    for text in texts:
        try:
            return parse_instant(text or "")
        except ValueError:
            continue
    return None
