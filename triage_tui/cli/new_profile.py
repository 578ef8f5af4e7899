"""Making a profile: the server is asked what it is before anything is written here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from triage_tui.cli.settings import Settings, system_clock
from triage_tui.cli.store_key import new_key_holder
from triage_tui.wording import _

if TYPE_CHECKING:
    from local_store.records import AuthKind, Profile
    from triage_tui.sync.server_check import ServerCheck

DEMO_LOGINS = "demo logins"
"""What the embedded server's CapabilityStatement says of itself under `rest.security.service`."""


def make_profile(settings: Settings, server: str, name: str | None) -> tuple[Profile, ServerCheck]:
    """Check the server, then make the key and the encrypted store; the profile, and what the server can.

    Raises:
        FhirError: no FHIR R4 server answers there, or plain http to another machine.
        StoreError: there is a profile of that name already, or its key can't be kept.
    """
    from fhir_r4.capability import capability_in
    from fhir_r4.client import FhirClient
    from local_store import Store
    from local_store.errors import StoreExists
    from local_store.records import Profile
    from triage_tui.sync.server_check import check_declared

    if Store.exists(settings.folder):
        raise StoreExists(_("There is a profile {name!r} already.").format(name=settings.profile))
    with FhirClient(server, authorization=None, timeout=10, clock=system_clock) as client:
        capability = client.capability()
        base = client.base_url
    profile = Profile(
        name=settings.profile,
        server_url=base,
        auth=auth_kind(capability),
        server_name=name,
    )
    holder = new_key_holder(settings)
    key = holder.create()
    try:
        with Store.create(settings.folder, key) as store, store.write() as tx:
            tx.set_profile(profile)
    except BaseException:
        holder.forget()  # a key without a cache would stand in the way of the next attempt
        raise
    return profile, check_declared(capability_in(capability))


def auth_kind(capability: Mapping[str, object]) -> AuthKind:
    """How one logs in there, by its CapabilityStatement."""
    services = [
        service.get("text")
        for rest in _members(capability.get("rest"))
        for security in [rest.get("security")]
        if isinstance(security, Mapping)
        for service in _members(security.get("service"))
    ]
    return "demo" if DEMO_LOGINS in services else "none"


def _members(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
