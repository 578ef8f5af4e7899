"""Light validation by rules of our own: enough that what is stored can be found, judged and shown.

Every refusal names the element at fault and never repeats its content. A dateTime without a zone is let in:
devices send such readings, and it is for the judge to say that their time can't be used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from followup_server.moments import is_zoned, range_of
from followup_server.problems import InvalidContent
from followup_server.raw_json import Raw
from followup_server.resource_types import ID_FORM, RESOURCE_TYPES, STORABLE_TYPES
from followup_server.writing.validation_rules import NO_RULES, RULES, Rules

_REFERENCE = re.compile(
    r"#\S*|urn:(?:uuid|oid):\S+|https?://\S+"
    r"|(?P<type>[A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?",
    re.ASCII,
)
_WITH_SECONDS = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII)


def validate(raw: Raw, type_name: str | None = None) -> None:
    """Check a resource before it is stored; `type_name` is the type that the URL names, if it does.

    Raises InvalidContent naming the first element at fault.
    """
    found = raw.get("resourceType")
    if not isinstance(found, str):
        raise InvalidContent("The resource has no resourceType.", element="resourceType")
    if type_name is not None and found != type_name:
        raise InvalidContent(f"The resourceType isn't {type_name}, as the URL says.", element="resourceType")
    if found not in STORABLE_TYPES:
        raise InvalidContent("The resourceType isn't one of R4 that can be stored.", element="resourceType")
    _check_general(raw, found)
    rules = RULES.get(found, NO_RULES)
    _check_codes(raw, found, rules)
    _check_dates(raw, found, rules)
    if found == "Observation":
        _check_quantity(raw)
    _check_references(raw, found)


def _check_codes(raw: Raw, found: str, rules: Rules) -> None:
    for name, codes in rules.codes.items():
        value = raw.get(name)
        if value is not None and not (isinstance(value, str) and value in codes):
            raise InvalidContent(
                f"{found}.{name} is none of {', '.join(sorted(codes))}.", element=f"{found}.{name}"
            )
    for name in rules.required:
        if raw.get(name) in (None, "", [], {}):
            raise InvalidContent(f"{found}.{name} is missing.", element=f"{found}.{name}")


def _check_dates(raw: Raw, found: str, rules: Rules) -> None:
    for path in rules.dates:
        for value in _at(raw, path.split(".")):
            _check_date(value, f"{found}.{path}")
    for path in rules.instants:
        for value in _at(raw, path.split(".")):
            if not _is_date(value) or not is_zoned(str(value)):
                raise InvalidContent(
                    f"{found}.{path} isn't an instant like 2026-01-31T07:15:00Z.", element=f"{found}.{path}"
                )


def _check_general(raw: Raw, found: str) -> None:
    logical = raw.get("id")
    if logical is not None and (not isinstance(logical, str) or not ID_FORM.fullmatch(logical)):
        raise InvalidContent(f"{found}.id has 1 to 64 letters, digits, - or .", element=f"{found}.id")
    if not isinstance(raw.get("meta", {}), dict):
        raise InvalidContent(f"{found}.meta isn't an object.", element=f"{found}.meta")
    identifiers = raw.get("identifier", [])
    for identifier in identifiers if isinstance(identifiers, list) else [identifiers]:
        if not isinstance(identifier, dict):
            raise InvalidContent(f"{found}.identifier isn't an Identifier.", element=f"{found}.identifier")
        for part in ("system", "value"):
            if not isinstance(identifier.get(part, ""), str):
                raise InvalidContent(
                    f"{found}.identifier.{part} isn't a string.", element=f"{found}.identifier.{part}"
                )
    for name in ("code", "subject"):
        value = raw.get(name)
        if found in RULES and found != "Questionnaire" and value is not None and not isinstance(value, dict):
            raise InvalidContent(f"{found}.{name} isn't an object.", element=f"{found}.{name}")


def _check_quantity(raw: Raw) -> None:
    components = raw.get("component")
    for path, holder in [
        ("Observation", raw),
        *(("Observation.component", part) for part in (components if isinstance(components, list) else [])),
    ]:
        quantity = holder.get("valueQuantity") if isinstance(holder, dict) else None
        if quantity is None:
            continue
        if not isinstance(quantity, dict):
            raise InvalidContent(f"{path}.valueQuantity isn't a Quantity.", element=f"{path}.valueQuantity")
        value = quantity.get("value")
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | Decimal)):
            element = f"{path}.valueQuantity.value"
            raise InvalidContent(f"{element} isn't a number.", element=element)


def _at(raw: Raw, path: list[str]) -> Iterator[object]:
    value = raw.get(path[0])
    if value is None:
        return
    if len(path) == 1:
        yield value
        return
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield from _at(one, path[1:])


def _check_date(value: object, element: str) -> None:
    if isinstance(value, dict) and (element.endswith(("eriod", "period"))):
        for end in ("start", "end"):
            if end in value:
                _check_date(value[end], f"{element}.{end}")
    elif not _is_date(value) or (element.endswith("birthDate") and "T" in str(value)):
        raise InvalidContent(
            f"{element} isn't a date like 2026-01-31 or 2026-01-31T07:15:00Z.", element=element
        )


def _is_date(value: object) -> bool:
    if not isinstance(value, str) or not _WITH_SECONDS.fullmatch(value):
        return False
    try:
        range_of(value)
    except ValueError:
        return False
    return True


def _check_references(raw: Raw, type_name: str) -> None:
    path = _bad_reference(raw)
    if path is not None:
        element = ".".join([type_name, *reversed(path)])
        raise InvalidContent(
            f"{element} isn't a reference like Patient/123, urn:uuid:… or an absolute URL.", element=element
        )


def _bad_reference(value: object) -> list[str] | None:
    """The path, innermost first, to a `reference` that isn't one; none where all are."""
    if isinstance(value, list):
        for one in value:
            if isinstance(one, dict | list):
                path = _bad_reference(one)
                if path is not None:
                    return path
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "reference" and not _is_reference(inner):
                return ["reference"]
            if isinstance(inner, dict | list):
                path = _bad_reference(inner)
                if path is not None:
                    return [*path, name]
    return None


def _is_reference(value: object) -> bool:
    if isinstance(value, dict):
        return True  # an element that happens to be called so holds a Reference
    match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return match is not None and (match["type"] is None or match["type"] in RESOURCE_TYPES)
