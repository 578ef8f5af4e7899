"""What one act sends: creates, then changes of Tasks, then amendments, in an order right even half done.

The form in which acts leave it in the outbox and sync finds it there. Sending it twice changes nothing: each
resource has a UUID (or a tag) that the server is asked for first, each change knows when it has been applied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fhir_r4 import systems
from fhir_r4.amendment import Amendment
from fhir_r4.errors import NotFhir
from fhir_r4.raw import Raw, decode, encode, members, uuid_of
from fhir_r4.references import identifier_in
from fhir_r4.task_change import TaskChange


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One act's writes."""

    creates: tuple[Raw, ...] = ()
    """Resources with a UUID of ours among their identifiers, in the order of creation."""
    changes: tuple[TaskChange, ...] = ()
    """On Tasks that the server has by the time that `creates` are done."""
    amendments: tuple[Amendment, ...] = ()
    """On resources other than Tasks."""

    def to_bytes(self) -> bytes:
        """JSON for the outbox."""
        return encode(
            {
                "creates": list(self.creates),
                "changes": [change.to_json() for change in self.changes],
                "amendments": [amendment.to_json() for amendment in self.amendments],
            }
        )

    @classmethod
    def from_bytes(cls, body: bytes) -> Outgoing:
        """What `to_bytes` gave.

        Raises:
            ValueError: It isn't that, or a resource to create has nothing to be known by.
        """
        read = decode(body)
        creates = tuple(members(read.get("creates")))
        if any(condition_of(raw) is None for raw in creates):
            raise NotFhir("a resource to create has neither a UUID nor a tag of ours")
        return cls(
            creates,
            tuple(TaskChange.from_json(raw) for raw in members(read.get("changes"))),
            tuple(Amendment.from_json(raw) for raw in members(read.get("amendments"))),
        )


def condition_of(raw: Raw) -> str | None:
    """`If-None-Exist` for a resource of ours: by its UUID, or an AuditEvent's tag; none where it has neither.

    The values are UUIDs and URIs of ours: nothing in them needs escaping in a query but the `|`, which goes
    as it is.
    """
    uuid = uuid_of(raw)
    if uuid is not None:
        return f"identifier={systems.URI}|{systems.UUID_PREFIX}{uuid}"
    meta = raw.get("meta")
    for tag in members(meta.get("tag")) if isinstance(meta, dict) else ():
        if tag.get("system") == systems.OP and isinstance(tag.get("code"), str):
            return f"_tag={systems.OP}|{tag['code']}"
    return None


def with_literal_references(raw: Raw, find: Callable[[str, str], str | None]) -> Raw:
    """A copy in which references known only by an identifier are literal too, as far as `find` knows them.

    `find` is given a type and `<system>|<value>`, and gives `<type>/<id>` or none: what was made offline had
    no logical id when others began to refer to it, and of some readings the cache never had one.
    """
    return {name: _literal(value, find) for name, value in raw.items()}


def _literal(value: object, find: Callable[[str, str], str | None]) -> object:
    if isinstance(value, list):
        return [_literal(entry, find) for entry in value]
    if not isinstance(value, dict):
        return value
    identifier, kind = identifier_in(value), value.get("type")
    if identifier is not None and isinstance(kind, str) and "reference" not in value:
        reference = find(kind, identifier)
        return value if reference is None else {"reference": reference, **value}
    return {name: _literal(entry, find) for name, entry in value.items()}
