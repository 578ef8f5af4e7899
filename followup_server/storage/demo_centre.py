"""The demo centre: an organisation, its three nurses and its device, known to every new database.

All names are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from followup_server.raw_json import Raw

USER_SYSTEM: Final = "http://triage-tui.org/fhir/user"
"""Identifier system of login names."""

CENTRE_NAME: Final = "Nord-Troms oppfølgingssenter"
CENTRE_ID: Final = "nord-troms-oppfolgingssenter"
CENTRE_REFERENCE: Final = f"Organization/{CENTRE_ID}"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in by name on a server with demo logins."""

    login: str
    reference: str
    """`Practitioner/…`, or `Device/…` for the device that posts readings."""
    given: str
    family: str

    @property
    def name(self) -> str:
        """Full name."""
        return f"{self.given} {self.family}".strip()


USERS: Final = {
    user.login: user
    for user in (
        User("kari", "Practitioner/demo-kari", "Kari", "Nordmann"),
        User("ola", "Practitioner/demo-ola", "Ola", "Hansen"),
        User("ingrid", "Practitioner/demo-ingrid", "Ingrid", "Johansen"),
        User("device", "Device/demo-device", "Demo device", ""),
    )
}
"""Demo users by login name."""


def organisation(logical: str, name: str) -> Raw:
    """An Organization that follows patients up."""
    return {"resourceType": "Organization", "id": logical, "active": True, "name": name}


def resources() -> list[Raw]:
    """The centre, its nurses with their roles, and its device, each with a fixed id."""
    found = [organisation(CENTRE_ID, CENTRE_NAME)]
    for user in USERS.values():
        found += _device(user) if user.login == "device" else _nurse(user)
    return found


def _identifier(user: User) -> list[Raw]:
    return [{"system": USER_SYSTEM, "value": user.login}]


def _device(user: User) -> list[Raw]:
    return [
        {
            "resourceType": "Device",
            "id": user.reference.partition("/")[2],
            "identifier": _identifier(user),
            "status": "active",
            "deviceName": [{"name": user.name, "type": "user-friendly-name"}],
            "owner": {"reference": CENTRE_REFERENCE},
        }
    ]


def _nurse(user: User) -> list[Raw]:
    logical = user.reference.partition("/")[2]
    return [
        {
            "resourceType": "Practitioner",
            "id": logical,
            "identifier": _identifier(user),
            "active": True,
            "name": [{"use": "official", "family": user.family, "given": [user.given]}],
        },
        {
            "resourceType": "PractitionerRole",
            "id": logical,
            "active": True,
            "practitioner": {"reference": user.reference, "display": user.name},
            "organization": {"reference": CENTRE_REFERENCE, "display": CENTRE_NAME},
        },
    ]
