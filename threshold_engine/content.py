"""What a rule says, as something to compare: the same content in the next version is the same rule."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from threshold_engine.numbers import as_number


def content_of(raw: object) -> object:
    """A JSON value as something that equals another exactly where both say the same as written.

    Key order is no content; numbers are compared by exact value, before rounding; null and a default
    written out differ from leaving out; `true` is not 1.
    """
    if isinstance(raw, Mapping):
        return ("object", frozenset((name, content_of(raw[name])) for name in raw))
    if isinstance(raw, list | tuple):
        return ("list", tuple(content_of(item) for item in raw))
    number = as_number(raw)
    if number is None:
        return (type(raw).__name__, raw)
    # Normalising is exact for whole and decimal numbers alike only as a tuple of digits and exponent.
    return ("number", _exact(Decimal(number)))


def _exact(number: Decimal) -> object:
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        return str(number)
    text = "".join(map(str, digits)).lstrip("0")
    stripped = text.rstrip("0")
    return (sign, stripped, exponent + len(text) - len(stripped)) if stripped else 0


def content_text(content: object) -> str:
    """What `content_of` gave as text, the same on every machine and in every process."""
    if isinstance(content, frozenset):
        return "{" + ",".join(sorted(content_text(member) for member in content)) + "}"
    if isinstance(content, tuple):
        return "(" + ",".join(content_text(member) for member in content) + ")"
    return repr(content)
