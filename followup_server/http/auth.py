"""Who is calling: nobody in particular (`none`) or a demo user named in a header (`demo`).

Neither is a real login, so both are for loopback only.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final, Literal, TypeAlias

from followup_server.problems import LoginNeeded, NotAllowed, ServeError, WrongHost
from followup_server.storage.demo_centre import USERS, User

AuthMode: TypeAlias = Literal["none", "demo"]

_SCHEME: Final = "bearer"  # compared without case (RFC 9110, 11.1)
_PREFIX: Final = "demo-"
_HOST: Final = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
_READING: Final = frozenset(("GET", "HEAD"))


def check_mode(auth: str, host: str) -> AuthMode:
    """The way to log in, if it may be used on this address. Raises ServeError saying what to do instead."""
    if auth == "oidc":
        raise ServeError("Login by OIDC isn't supported yet.", "Use --auth demo on this machine.")
    if auth not in ("none", "demo"):
        raise ServeError("There is no such login.", "--auth is none, demo or oidc.")
    if not is_loopback(host):
        raise ServeError(
            f"--auth {auth} has no real login and is for this machine only.", "Use --host 127.0.0.1."
        )
    return "none" if auth == "none" else "demo"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's loopback."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_host(header: str) -> None:
    """Refuse a Host that isn't loopback's: a web page could reach us by a name of its own (DNS rebinding).

    Raises WrongHost.
    """
    match = _HOST.fullmatch(header)
    if match is None or not is_loopback(match[1]):
        raise WrongHost("This server has no real login and answers to 127.0.0.1 and localhost only.")


def user_of(auth: AuthMode, authorization: str | None) -> User | None:
    """Who calls; None where nobody logs in. Raises LoginNeeded where somebody has to."""
    if auth == "none":
        return None
    if authorization is None:
        raise LoginNeeded("Log in first: send the header Authorization: Bearer demo-<user>.")
    scheme, _, token = authorization.partition(" ")
    known = scheme.lower() == _SCHEME and token.startswith(_PREFIX)
    user = USERS.get(token.removeprefix(_PREFIX)) if known else None
    if user is None:
        raise LoginNeeded("That login isn't known here; the users are kari, ola, ingrid and device.")
    return user


def check_may(auth: AuthMode, user: User | None, method: str) -> None:
    """Refuse what the caller may not do: writing is for the centre's nurses and its device."""
    if auth == "none" or method in _READING or (user is not None and user.login in USERS):
        return
    raise NotAllowed("Only the centre's nurses and its device may write.")
