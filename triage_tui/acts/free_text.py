"""What a nurse wrote, in a form that every FHIR server takes."""

from __future__ import annotations

import re
from typing import Final

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""FHIR R4, datatypes, string: nothing below U+0020 but tab, line feed and carriage return."""


def free_text(text: str) -> str:
    """The text, each forbidden control character as `�`: a note is never refused for a stray key."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
