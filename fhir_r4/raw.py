"""FHIR JSON as plain data that keeps every member, and every decimal as it was written.

A resource travels as a `Raw`: a dict of str, bool, None, int, `Decimal`, list and dict. Writing patches the
raw that was read, so that members and extensions unknown to us survive untouched. A number with a fraction or
an exponent is a `Decimal` (`82.30` stays `82.30`, which FHIR counts as precision), any other an int.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

import msgspec

from fhir_r4 import systems
from fhir_r4.errors import NotFhir

Raw: TypeAlias = dict[str, object]
"""A resource or an element as plain data; numbers are int or `Decimal`."""


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise NotFhir("a number whose exponent is beyond all measure") from None


_decoder: Final[msgspec.json.Decoder[object]] = msgspec.json.Decoder(object, float_hook=_decimal)
_encoder: Final = msgspec.json.Encoder(decimal_format="number")


def decode_json(data: bytes | str) -> object:
    """Any JSON as plain data; of two members with one name the last counts.

    Raises:
        NotFhir: The data is no JSON (NaN and lone surrogates aren't), too deep, or holds a number that no
            decimal can hold.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise NotFhir(str(error)) from None
    except RecursionError:
        raise NotFhir("nested too deeply") from None


def decode(data: bytes | str) -> Raw:
    """One resource (or any JSON object).

    Raises:
        NotFhir: As `decode_json`, or the JSON isn't an object.
    """
    value = decode_json(data)
    if not isinstance(value, dict):
        raise NotFhir("the JSON is not an object")
    return value


def decode_strictly(text: str) -> object:
    """JSON in which a name that stands twice in one object is an error: for plans, where one of two is lost.

    Raises:
        NotFhir: As `decode_json`, or a name stands twice.
    """

    def pairs(members: list[tuple[str, object]]) -> Raw:
        found: Raw = {}
        for name, value in members:
            if name in found:
                raise NotFhir(f"the name {name!r} stands twice in one object")
            found[name] = value
        return found

    def refuse(constant: str) -> object:
        raise NotFhir(f"{constant} is not a number")

    try:
        return json.loads(text, parse_float=_decimal, parse_constant=refuse, object_pairs_hook=pairs)
    except NotFhir:
        raise
    except ValueError as error:  # JSONDecodeError, and an integer of more digits than Python takes
        raise NotFhir(str(error)) from None
    except RecursionError:
        raise NotFhir("nested too deeply") from None


def encode(value: object) -> bytes:
    """Plain data as JSON in UTF-8, decimals with the digits they came with."""
    return _encoder.encode(value)


def reference_of(raw: Raw) -> str:
    """`<type>/<id>` of a resource, for errors and references; parts that are missing are `?`."""
    kind, logical = raw.get("resourceType"), raw.get("id")
    return f"{kind if isinstance(kind, str) else '?'}/{logical if isinstance(logical, str) else '?'}"


def members(value: object) -> Iterator[Raw]:
    """The objects of a list; nothing where it is no list."""
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def child(raw: Raw, name: str) -> Raw:
    """The object under `name`; an empty one (not put in) where there is none."""
    value = raw.get(name)
    return value if isinstance(value, dict) else {}


def text_at(raw: Raw, *path: str) -> str | None:
    """The string at the end of a path of objects, or none."""
    value: object = raw
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value if isinstance(value, str) else None


def version_of(raw: Raw) -> str | None:
    """`meta.versionId`: opaque, for If-Match."""
    return text_at(raw, "meta", "versionId")


def extension_of(raw: Raw, url: str) -> Raw | None:
    """The first extension with this URL, or none."""
    return next((entry for entry in members(raw.get("extension")) if entry.get("url") == url), None)


def with_extension(raw: Raw, url: str, entry: Raw | None) -> Raw:
    """A copy with the extension of this URL replaced in its place, put last, or (None) taken away."""
    kept = raw.get("extension")
    before: list[object] = list(kept) if isinstance(kept, list) else []
    places = [at for at, found in enumerate(before) if isinstance(found, dict) and found.get("url") == url]
    first = places[0] if places else len(before)
    after = [found for at, found in enumerate(before) if at not in places]
    if entry is not None:
        after.insert(first, {"url": url, **entry})
    changed = dict(raw)
    if after:
        changed["extension"] = after
    else:
        changed.pop("extension", None)
    return changed


def uuid_identifier(uuid: str) -> Raw:
    """The identifier of a resource that is known by a UUID of ours."""
    return {"system": systems.URI, "value": f"{systems.UUID_PREFIX}{uuid}"}


def uuid_of(raw: Raw) -> str | None:
    """The UUID among a resource's identifiers, without `urn:uuid:`; none where it has none."""
    for entry in members(raw.get("identifier")):
        value = entry.get("value")
        if entry.get("system") == systems.URI and isinstance(value, str):
            lowered = value.lower()
            if lowered.startswith(systems.UUID_PREFIX):
                return lowered.removeprefix(systems.UUID_PREFIX)
    return None


def patched(current: Raw, wanted: Raw) -> Raw:
    """`current` with the top-level members of `wanted` put over it; a member that is None there goes away.

    Members that `wanted` doesn't name survive, in their place.
    """
    changed = {name: value for name, value in current.items() if wanted.get(name, "kept") is not None}
    changed.update({name: value for name, value in wanted.items() if value is not None})
    return changed
