"""How much one caller may ask for: beyond these the server refuses, instead of falling over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from followup_server.problems import ServeError
from followup_server.search.request import LARGEST_COUNT

_PREFIX: Final = "TRIAGE_SERVER_"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force. Each is set by the environment variable `TRIAGE_SERVER_<NAME>`, a whole number."""

    body_bytes: int = 32 * 1024 * 1024
    """Of one request's body."""
    bundle_entries: int = 10_000
    """Of one batch or transaction."""
    json_depth: int = 64
    """How deep lists and objects may lie in one another."""
    page_size: int = LARGEST_COUNT
    """Results on a page, whatever `_count` asks for."""
    search_seconds: int = 20
    """That one search, history or page of the feed may take in the database."""
    silent_seconds: int = 30
    """That a client may say nothing amid a request, or keep a connection without one."""
    requests: int = 200
    """Under way at once."""
    connections: int = 500
    """Open at once."""


def limits_from(environment: Mapping[str, str]) -> Limits:
    """The limits that the environment sets, the others by default. Raises ServeError naming what is wrong."""
    given = {field.name: environment.get(_PREFIX + field.name.upper()) for field in fields(Limits)}
    return Limits(**{name: _number(name, text) for name, text in given.items() if text is not None})


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 12 and int(text) > 0):
        raise ServeError(
            f"{_PREFIX}{name.upper()} is no number above 0.", "Give a whole number, or leave the default."
        )
    return int(text)
